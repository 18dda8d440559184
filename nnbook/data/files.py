"""A file of a data set, how to know the right one, and the two ways in which one can fail.

What counts is the content after decompression: its size and SHA-256. So a file that was cut short
or altered is never used, wherever it came from, and one that was compressed anew still is. Nothing
is ever unpickled, and nothing is unpacked but one gzip stream.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path


class NotFound(OSError):
    """A data set is neither on this machine nor to be had from the network."""


class BadFile(ValueError):
    """A file is there, but it is not what its name promises."""


@dataclass(frozen=True)
class File:
    """A file of a data set.

    `path` is its place below $NNBOOK_DATA and below the cache, `size` (bytes) and `sha256` are
    those of its content, after decompression if the name ends in .gz, and `urls` are its mirrors.
    """

    path: str
    size: int
    sha256: str
    urls: tuple[str, ...]


def read(file: File, place: Path, *, name: str) -> bytes:
    """Return the content of what lies at `place`, or raise BadFile if that is not the file."""
    content = place.read_bytes()
    if file.path.endswith(".gz"):
        content = gunzip(content, limit=file.size, name=name)
    if len(content) != file.size:
        raise BadFile(f"{name} expected {file.size:,} bytes of content, got {len(content):,}")
    digest = hashlib.sha256(content).hexdigest()
    if digest != file.sha256:
        raise BadFile(f"{name} expected content of SHA-256 {file.sha256}, got {digest}")
    return content


def gunzip(data: bytes, *, limit: int, name: str) -> bytes:
    """Decompress one whole gzip stream of at most `limit` bytes of content, or raise BadFile."""
    stream = zlib.decompressobj(wbits=31)  # 31: gzip, with its checksum
    try:
        content = stream.decompress(data, limit + 1)
    except zlib.error as error:
        what = str(error).rpartition(": ")[2]
        raise BadFile(f"{name} is not a sound gzip file: {what}") from None
    if len(content) > limit:
        raise BadFile(f"{name} expected at most {limit:,} bytes of content, got more")
    if not stream.eof:
        raise BadFile(f"{name} is a gzip file cut short, after {len(content):,} bytes of content")
    if stream.unused_data:
        raise BadFile(
            f"{name} has {len(stream.unused_data):,} bytes after the end of its gzip data"
        )
    return content
