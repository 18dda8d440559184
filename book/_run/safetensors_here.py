"""The functions of safetensors that chapters and `nnbook.checkpoint` call, in plain Python.

The library is a program that is not there for browsers. A file of it has three parts: the length of
the second in eight bytes, JSON that tells where each array lies, and the arrays. The same files are
refused, and what is written is the same, byte for byte.
"""

import json
import os
from collections.abc import Iterator
from math import prod
from pathlib import Path

import numpy as np

#: In the order of the library, which is that of a file, from its end.
TYPES = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "I16": "<i2", "U16": "<u2", "F16": "<f2", "I32": "<i4",
    "U32": "<u4", "F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8",
}  # fmt: skip
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}


class SafetensorError(Exception):
    """Bytes that are no such file."""


def save(tensor_dict: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    """Return the bytes of a file with these arrays."""
    header: dict = {"__metadata__": metadata} if metadata else {}
    at, parts = 0, []
    order = list(NAMES)
    for name, array in sorted(
        tensor_dict.items(), key=lambda item: (-order.index(item[1].dtype), item[0])
    ):
        content = np.ascontiguousarray(array).tobytes()
        place = [at, at + len(content)]
        kind = NAMES[array.dtype]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": place}
        at += len(content)
        parts.append(content)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def load(data: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of a file."""
    return read(data)[0]


def read(data: bytes) -> tuple[dict[str, np.ndarray], dict[str, str] | None]:
    """Return the arrays and the words that came with them, or say why these bytes are no file."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise SafetensorError("the header is too short, or longer than the file")
    try:
        header = json.loads(data[8 : 8 + length])
        metadata, numbers = header.pop("__metadata__", None), data[8 + length :]
        found, end = {}, 0
        for name, one in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            (begin, stop), shape, kind = (
                one["data_offsets"],
                one["shape"],
                np.dtype(TYPES[one["dtype"]]),
            )
            if begin != end or stop - begin != prod(shape) * kind.itemsize:
                raise SafetensorError(f"{name} does not lie where its shape says")
            found[name] = np.frombuffer(numbers[begin:stop], kind).reshape(shape).copy()
            end = stop
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SafetensorError(f"the header cannot be read: {error}") from error
    if end != len(numbers):
        raise SafetensorError("the file is longer or shorter than its header says")
    return found, metadata


def save_file(
    tensor_dict: dict[str, np.ndarray],
    filename: str | os.PathLike,
    metadata: dict[str, str] | None = None,
) -> None:
    """Write arrays into a file."""
    Path(filename).write_bytes(save(tensor_dict, metadata))


def load_file(filename: str | os.PathLike) -> dict[str, np.ndarray]:
    """Return the arrays of a file."""
    return load(Path(filename).read_bytes())


class safe_open:
    """A file whose arrays are asked for one by one."""

    def __init__(self, filename: str | os.PathLike, framework: str = "numpy") -> None:
        self._arrays, self._metadata = read(Path(filename).read_bytes())

    def __enter__(self) -> "safe_open":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def keys(self) -> list[str]:
        """Return the names of the arrays."""
        return list(self._arrays)

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def get_tensor(self, name: str) -> np.ndarray:
        """Return an array."""
        return self._arrays[name]

    def metadata(self) -> dict[str, str] | None:
        """Return the words that came with the arrays."""
        return self._metadata
