"""Find a file of a data set: in $NNBOOK_DATA, in the user's cache, or on the network."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from nnbook.data.download import download
from nnbook.data.files import BadFile, File, NotFound, read


def fetch(file: File) -> bytes:
    """Return the content of a file, checked, and downloaded first if it is not on this machine.

    Raises
    ------
    NotFound
        If the file is not here and no mirror delivered it; the sentence says what to do.
    BadFile
        If the file is here, or a mirror sent one, but with the wrong content.
    NotADirectoryError
        If NNBOOK_DATA names something that is not a folder.
    """
    here = find(file)
    if here is not None:
        try:
            return read(file, here, name=str(here))
        except BadFile as wrong:
            raise BadFile(f"{wrong}. Delete the file to have it downloaded again.") from None
    cache = cache_folder()
    if cache is None:
        reason = "pooch is not installed (pip install 'nnbook[data]')"
    elif offline():
        reason = "NNBOOK_OFFLINE forbids it"
    else:
        content, reason = download(file, cache / file.path)
        if content is not None:
            return content
    raise NotFound(
        f"{file.path} is neither in NNBOOK_DATA nor in {cache or 'the cache'}, and it could not be "
        f"downloaded: {reason}. Connect to the network and start Python anew, or get "
        f"{file.urls[0]} by other means, put it into a folder of your own as {file.path} and set "
        "NNBOOK_DATA to that folder."
    )


def find(file: File) -> Path | None:
    """Return where a file is on this machine, or None. Its content is not looked at."""
    folders = (data_folder(), cache_folder())
    places = (folder / file.path for folder in folders if folder is not None)
    return next((place for place in places if place.is_file()), None)


def data_folder() -> Path | None:
    """Return the folder that NNBOOK_DATA names, or None if it is not set."""
    name = os.environ.get("NNBOOK_DATA")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise NotADirectoryError(f"NNBOOK_DATA names {folder}, which is not a folder")
    return folder


def cache_folder() -> Path | None:
    """Return the user's cache folder for nnbook, or None if pooch is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tqdm's, in a notebook without widgets
            import pooch
    except ImportError:
        return None
    return Path(pooch.os_cache("nnbook"))


def offline() -> bool:
    """Return whether NNBOOK_OFFLINE forbids downloads: it is set, and neither empty nor 0."""
    return os.environ.get("NNBOOK_OFFLINE", "") not in ("", "0")
