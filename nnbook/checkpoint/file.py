"""The file of a checkpoint: read with distrust, written whole or not at all."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nnbook.tensor import Array

#: Seconds after which a file beside a checkpoint is what a save that was killed has left.
ABANDONED = 3600


class CheckpointError(ValueError):
    """A file that is not a checkpoint, is damaged, or does not fit what it is loaded into."""


def read(path: str | os.PathLike) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays of a file by name, and what else is in it, checked against damage.

    That is the kind of `optimizer` and its `settings`, the states of the `generators`, and `extra`;
    all but the kind are dicts, whatever a file may hold. A safetensors file from another program
    has none of them, and no check sum.

    Raises
    ------
    FileNotFoundError, CheckpointError
        If there is no file, or it is damaged.
    """
    from safetensors import SafetensorError, safe_open

    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
        if "nnbook" not in metadata:
            return tensors, {"optimizer": None, "generators": {}, "extra": {}, "settings": {}}
        if metadata.get("sha256") != digest(tensors, metadata["nnbook"]):
            raise ValueError("its contents do not match their check sum")
        return tensors, _structured(json.loads(metadata["nnbook"]))
    # AttributeError: a dtype that NumPy has not. RecursionError: JSON a thousand brackets deep.
    except (SafetensorError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{path} is damaged, or not a checkpoint: {error}") from error


def _structured(about: Any) -> dict[str, Any]:
    """Refuse what `save` does not write. Files of before have no settings."""
    if not isinstance(about, dict):
        raise ValueError(f"expected its text to be a dict, got {type(about).__name__}")
    about.setdefault("settings", {})
    for name in ("generators", "extra", "settings"):
        if not isinstance(about.get(name), dict):
            raise ValueError(f"expected {name} to be a dict, got {type(about.get(name)).__name__}")
    return about


def digest(tensors: dict[str, Array], text: str) -> str:
    """Return a check sum: the format itself would not notice a changed bit in a weight."""
    sha = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        sha.update(f"{name} {tensors[name].shape} {tensors[name].dtype}".encode())
        sha.update(tensors[name].tobytes())
    return sha.hexdigest()


def check_place(path: str | os.PathLike) -> None:
    """Find out before a long training whether `save` can write there. Nothing is left behind.

    Raises
    ------
    OSError
        Of the kind and with the sentence that `save` would end with.
    ImportError
        If safetensors is not installed.
    """
    import safetensors.numpy  # noqa: F401

    path = place_of(path)
    with _beside(path) as temporary:
        temporary.touch()


def place_of(path: str | os.PathLike) -> Path:
    """Return where to save, or say why that cannot be."""
    whole = Path(path).resolve()
    if not whole.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {whole.parent} to save {whole.name} in")
    if whole.is_dir():
        raise IsADirectoryError(f"{whole} is a folder: name the file to save in it")
    return whole


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a name beside `path` for a while, and clear away what saves that were killed left."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with suppress(OSError):
            for old in path.parent.glob(f".{glob.escape(path.name)}.{32 * '[0-9a-f]'}"):
                if time.time() - old.stat().st_mtime > ABANDONED:
                    old.unlink()
        yield temporary
    except OSError as error:
        raise type(error)(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that `path` never holds a part of it, even if the power goes."""
    with _beside(path) as temporary:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
