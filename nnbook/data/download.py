"""Download a file from the first mirror that sends the right one.

A download is written beside its place under another name, checked, and only then moved there in one
step. So another process sees the whole file or none, and one that dies half-way leaves none.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from nnbook.data.files import BadFile, File, read

CONNECT = 4.0  # seconds to find and reach a server
READ = 15.0  # seconds without a byte after which a download is given up

#: Servers that did not answer. They are asked once in a process, not once for every file.
_silent: set[str] = set()


class _Failed(Exception):
    """One mirror did not deliver; the message says why."""


def download(file: File, place: Path) -> tuple[bytes | None, str]:
    """Put a file in its place and return its content, or None and why no mirror delivered it.

    Raises
    ------
    BadFile
        If a mirror sent something else than the file and no other sent the right one.
    """
    reasons, bad = [], None
    for url in file.urls:
        try:
            return _install(url, file, place), ""
        except _Failed as failure:
            reasons.append(str(failure))
        except BadFile as wrong:
            bad = wrong
        except OSError as error:
            reasons.append(f"{place} cannot be written ({error.strerror or error})")
            break
    if bad is not None:
        raise bad
    return None, "; ".join(reasons)


def _install(url: str, file: File, place: Path) -> bytes:
    _knock(url)
    place.parent.mkdir(parents=True, exist_ok=True)
    # A name of one's own: a second process that downloads the same file is not in the way.
    part = place.with_name(f".{place.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("wb") as out:
            _copy(url, out, file)
        content = read(file, part, name=url)
        with suppress(PermissionError):  # on Windows, while another process reads the same file
            os.replace(part, place)
        return content
    finally:
        part.unlink(missing_ok=True)


def _copy(url: str, out: BinaryIO, file: File) -> None:
    """Write what a mirror sends to `out`, with a progress bar where somebody can see it."""
    import pooch
    import requests
    from tqdm import tqdm

    host = urlsplit(url).netloc
    opened = ExitStack()

    def close_later(response: requests.Response, **_: object) -> None:
        opened.callback(response.close)  # pooch leaves it open when something goes wrong

    try:
        with opened:
            # disable=None: a bar on a terminal, and silence in a file or a notebook
            bar = tqdm(desc=file.path, total=file.size, unit="B", unit_scale=True, disable=None)
            opened.enter_context(bar)
            get = pooch.HTTPDownloader(
                progressbar=False if bar.disable else bar,
                chunk_size=1 << 14,
                timeout=(CONNECT, READ),
                headers={"Accept-Encoding": "identity"},  # the bytes as they are, not packed again
                hooks={"response": close_later},
            )
            get(url, _Bounded(out, file.size, url), None)
    except requests.HTTPError as error:
        status = "with an error" if error.response is None else error.response.status_code
        raise _Failed(f"{host} answered {status}") from None
    except (requests.ConnectionError, requests.Timeout):
        _silent.add(host)
        raise _Failed(f"{host} did not answer") from None
    except requests.RequestException as error:
        raise _Failed(f"{host} broke off ({type(error).__name__})") from None
    except BadFile:
        raise
    except ValueError as error:  # a header that requests takes as it is, such as a bad Location
        raise _Failed(f"{host} sent an answer that makes no sense ({error})") from None


def _knock(url: str) -> None:
    """Give up within seconds on a name that is not found: the system can take half a minute."""
    import requests

    host = urlsplit(url)
    if host.netloc in _silent:
        raise _Failed(f"{host.netloc} did not answer before")
    if requests.utils.get_environ_proxies(url, no_proxy=None):
        return  # the proxy looks the name up
    found = threading.Event()

    def look_up() -> None:
        with suppress(OSError):
            socket.getaddrinfo(host.hostname, None)
            found.set()

    thread = threading.Thread(target=look_up, daemon=True)  # it cannot be stopped, only left
    thread.start()
    thread.join(CONNECT)
    if not found.is_set():
        _silent.add(host.netloc)
        raise _Failed(f"{host.netloc} is not to be found")


class _Bounded:
    """A file that takes no more bytes than a download can rightly have."""

    def __init__(self, out: BinaryIO, size: int, name: str) -> None:
        self.out, self.name = out, name
        self.left = size + size // 1000 + 1024  # gzip adds a little to what it cannot compress

    def write(self, chunk: bytes) -> None:
        """Take a chunk, or raise BadFile."""
        self.left -= len(chunk)
        if self.left < 0:
            raise BadFile(f"{self.name} sent more bytes than the file can have")
        self.out.write(chunk)

    def flush(self) -> None:
        """Pass the request on."""
        self.out.flush()
