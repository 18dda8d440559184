"""Exercises of the chapter *Saving, loading, predicting* on files."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

PARAMETERS = 784 * 128 + 128 + 128 * 10 + 10

exercise(
    "dense.saving-size",
    asks="a whole number of bytes",
    solution=3 * 4 * PARAMETERS,
    mistakes={
        "the weights alone: Adam keeps two averages for each parameter": 4 * PARAMETERS,
        "one average: Adam has two, of the gradient and of its square": 2 * 4 * PARAMETERS,
        "numbers, not bytes: a float32 takes four bytes": 3 * PARAMETERS,
        "eight bytes a number: that is float64": 3 * 8 * PARAMETERS,
        "biases forgotten: they have averages, too": 3 * 4 * (784 * 128 + 128 * 10),
        "bits, not bytes: a float32 has 32 bits, which are four bytes": 3 * 32 * PARAMETERS,
    },
)


def _file(rng: np.random.Generator) -> tuple[bytes, dict[str, Array]]:
    """Make a safetensors file of three arrays, in an order that is not that of their bytes."""
    arrays = {
        "inner.W": rng.standard_normal((3, 7)).astype("<f4"),
        "inner.b": rng.standard_normal(7).astype("<f4"),
        "outer.W": rng.standard_normal((7, 5)).astype("<f4"),
    }
    header: dict[str, Any] = {"__metadata__": {"made": "by hand", "shape": "none"}}
    data = b""
    for name in ("outer.W", "inner.b", "inner.W"):
        part = arrays[name].tobytes()
        offsets = [len(data), len(data) + len(part)]
        header[name] = {"dtype": "F32", "shape": list(arrays[name].shape), "data_offsets": offsets}
        data += part
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data, arrays


def _shapes(
    raw: bytes, *, free: bool = False, order: str = "little", cut: bool = True, tidy: bool = True
) -> dict:
    n = int.from_bytes(raw[:8], order)  # type: ignore[arg-type]
    if len(raw) < 8 + n:
        if not cut:
            return {}
        raise ValueError("cut off")
    header = json.loads(raw[8 : 8 + n])
    shapes = {k: tuple(v["shape"]) for k, v in header.items() if k != "__metadata__"}
    shapes |= {"__metadata__": ()} if free else {}
    return shapes if tidy else {k: int(np.prod(v)) for k, v in shapes.items()}


def _of_files(shapes: Callable, raw: bytes) -> list | None:
    found = shapes(raw)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise AnswerError(f"expected a dict of names and shapes, got {kind(found)}")
    told = []
    for short in (raw[:60], raw[:3]):
        try:
            shapes(short)
            told.append("accepted")
        except ValueError:  # json's own error is one, too
            told.append("refused")
    sorted_ = {k: found[k] for k in sorted(found, key=str)}
    return [list(sorted_), [np.atleast_1d(s).tolist() for s in sorted_.values()], *told]


exercise(
    "dense.saving-shapes",
    asks="a function shapes(raw) that returns a dict from names to tuples, or raises ValueError",
    solution=_shapes,
    probe=_of_files,
    inputs=lambda rng: (_file(rng)[0],),
    mistakes={
        "free text taken for an array: leave __metadata__ out": lambda raw: _shapes(raw, free=True),
        "a file cut off is accepted: compare its length with what the header promises": (
            lambda raw: _shapes(raw, cut=False)
        ),
        "sizes in place of shapes: keep the length of each axis": lambda raw: _shapes(
            raw, tidy=False
        ),
        "wrong order of bytes: the length begins with its least significant byte": (
            lambda raw: _shapes(raw, order="big")
        ),
        "axes backwards: a shape is given as it stands in the header": lambda raw: {
            k: v[::-1] for k, v in _shapes(raw).items()
        },
        "places in place of shapes: the entry is named shape": lambda raw: {
            k: tuple(v["data_offsets"])
            for k, v in json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")]).items()
            if k != "__metadata__"
        },
    },
)


def _array(
    raw: bytes,
    name: str,
    *,
    begin: bool = True,
    length: bool = True,
    dtype: str = "<f4",
    turned: bool = False,
    flat: bool = False,
) -> Array:
    n = int.from_bytes(raw[:8], "little")
    about = json.loads(raw[8 : 8 + n])[name]
    first = (8 * length + n) * begin
    start, end = (first + offset for offset in about["data_offsets"])
    values = np.frombuffer(raw[start:end], dtype)
    if flat:
        return values
    shape = about["shape"]
    return values.reshape(shape[::-1]).T if turned else values.reshape(shape)


exercise(
    "dense.saving-array",
    asks="a function array(raw, name) that returns an array",
    solution=_array,
    inputs=lambda rng: (_file(rng)[0], "inner.W"),
    mistakes={
        "offsets from the start of the file: they count from the end of the header": (
            lambda raw, name: _array(raw, name, begin=False)
        ),
        "eight bytes off: the length itself comes before the header": lambda raw, n: _array(
            raw, n, length=False
        ),
        "bytes in the wrong order: the least significant comes first": lambda raw, name: _array(
            raw, name, dtype=">f4"
        ),
        "read as whole numbers: the type is F32": lambda raw, name: _array(raw, name, dtype="<i4"),
        "columns first: the last axis runs fastest": lambda raw, n: _array(raw, n, turned=True),
        "one long row: give the array its shape": lambda raw, name: _array(raw, name, flat=True),
    },
)


class _Failed(Exception):
    """What the probe's own writing raises."""


def _after_saves(save_whole: Callable) -> list | None:
    """Let an answer save twice, once with a failure on the way, and look what is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "weights"
        path.write_bytes(b"old")
        seen: list[Any] = []

        def fails(file: Any) -> None:
            file.write(b"half of the")
            file.flush()
            seen.append(path.read_bytes() if path.exists() else b"gone")
            seen.append(len(os.listdir(folder)) > 1)
            raise _Failed

        def works(file: Any) -> None:
            file.write(b"new and whole")

        try:
            came_out = "nothing" if save_whole(path, fails) is None else "a value"
        except _Failed:
            came_out = "the error"
        if not seen:
            return None
        kept = path.exists() and path.read_bytes() == b"old"
        left = sorted(os.listdir(folder)) == ["weights"] or not kept
        save_whole(path, works)
        there = path.exists() and path.read_bytes() == b"new and whole"
        alone = os.listdir(folder) == ["weights"] or not left
        return [seen[0].decode(), kept, seen[1], came_out, left, there, alone]


def _whole(
    path: Any,
    write: Callable,
    *,
    tidy: bool = True,
    quiet: bool = False,
    elsewhere: bool = False,
    first: bool = False,
    rename: bool = True,
) -> None:
    path = Path(path)
    beside = path.with_name(path.name + ".new")
    if elsewhere:
        beside = Path(tempfile.gettempdir()) / f"nnbook-{os.getpid()}.new"
    if first:
        path.unlink(missing_ok=True)
    try:
        with open(beside, "wb") as file:
            write(file)
        if rename:
            os.replace(beside, path)
    except _Failed:
        if not quiet:
            raise
    finally:
        if tidy:
            beside.unlink(missing_ok=True)


def _in_place(path: Any, write: Callable) -> None:
    with open(path, "wb") as file:
        write(file)


exercise(
    "dense.saving-whole",
    asks="a function save_whole(path, write)",
    solution=_whole,
    probe=_after_saves,
    inputs=lambda rng: (),
    mistakes={
        "written in place: opening the file for writing has emptied the old one": _in_place,
        "half a file is left: clear away what a failed attempt has written": (
            lambda path, write: _whole(path, write, tidy=False)
        ),
        "the error is kept back: who called believes that all is saved": lambda path, write: _whole(
            path, write, quiet=True
        ),
        "in another folder: a file can be renamed in one stroke only where it lies": (
            lambda path, write: _whole(path, write, elsewhere=True)
        ),
        "old file deleted first: os.replace takes its place in one stroke": lambda path, write: (
            _whole(path, write, first=True)
        ),
        "never renamed: at the end the file has to be at path": lambda path, write: _whole(
            path, write, rename=False
        ),
    },
)
