"""Exercises of the chapter *A real data set*."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _labels(
    raw: bytes,
    *,
    head: bool = True,
    length: bool = True,
    dtype: Any = np.int64,
    longer: bool = False,
    order: str = ">I",
    offset: int = 8,
) -> Array:
    if head and raw[:4] != bytes([0, 0, 8, 1]):
        raise ValueError("not a file of labels")
    size = 8 + struct.unpack(order, raw[4:8])[0]
    if length and (len(raw) < size or (len(raw) > size and not longer)):
        raise ValueError("cut off")
    return np.frombuffer(raw, np.uint8, offset=offset).astype(dtype)


def _label_files(rng: np.random.Generator) -> tuple:
    labels = rng.integers(0, 256, 7, dtype=np.uint8).tobytes()
    good = bytes([0, 0, 8, 1]) + struct.pack(">I", 7) + labels
    return good, bytes([0, 0, 8, 3]) + good[4:], good[:-2], good + b"\0"


def _read_all(read: Callable, good: bytes, *bad: bytes) -> list | None:
    try:
        values = read(good)
    except ValueError as error:
        told = f": {error}" if str(error) else ""
        raise AnswerError(f"a right file is refused{told}") from None
    if values is None:
        return None
    if not isinstance(values, np.ndarray):
        raise AnswerError(f"expected an array of int64, got {kind(values)}")
    refused = []
    for raw in bad:
        try:
            read(raw)
            refused.append("accepted")
        except ValueError:
            refused.append("refused")
        except Exception as error:
            told = f"for a damaged file expected a ValueError, got {type(error).__name__}"
            raise AnswerError(told) from None
    return [values, str(values.dtype), *refused]


exercise(
    "dense.read-labels",
    asks="a function read_labels(raw) that returns an array (N,) of int64, or raises ValueError",
    solution=_labels,
    inputs=_label_files,
    probe=_read_all,
    mistakes={
        "wrong head accepted: check the first four bytes": lambda raw: _labels(raw, head=False),
        "length not checked: a file cut off in a download must be refused": lambda raw: _labels(
            raw, length=False
        ),
        "still bytes: labels of type uint8 wrap round when one computes with them": lambda raw: (
            _labels(raw, dtype=np.uint8)
        ),
        "longer files accepted: the length has to fit exactly": lambda raw: _labels(
            raw, longer=True
        ),
        "bytes in the wrong order: the length begins with its largest byte": lambda raw: _labels(
            raw, order="<I"
        ),
        "length read as labels: they begin at byte 8": lambda raw: _labels(raw, offset=4),
        "head read as labels: they begin at byte 8": lambda raw: _labels(raw, offset=0),
        "32 bits: an array of int64 was asked for": lambda raw: _labels(raw, dtype=np.int32),
    },
)


def _standardized(
    train: Array,
    test: Array,
    safe: bool = True,
    ddof: int = 0,
    shift: bool = True,
    scale: bool = True,
    ruler: Array | None = None,
) -> tuple:
    ruler = train if ruler is None else ruler
    mean, deviation = shift * ruler.mean(axis=0), ruler.std(axis=0, ddof=ddof)
    if safe:
        deviation = np.where(deviation > 0, deviation, 1.0)
    deviation = deviation if scale else 1.0
    return (train - mean) / deviation, (test - mean) / deviation


def _with_a_constant(rng: np.random.Generator) -> tuple:
    train, test = 3 + 2 * rng.standard_normal((7, 3)), 3 + 2 * rng.standard_normal((5, 3))
    train[:, 1], test[:, 1] = 4.0, 5.0
    return train, test


exercise(
    "dense.standardize",
    asks="a function standardize(train, test) that returns both arrays, in their own shapes",
    solution=_standardized,
    inputs=_with_a_constant,
    mistakes={
        "own ruler: the test rows must be measured with the training rows' mean and deviation": (
            lambda train, test: (_standardized(train, train)[0], _standardized(test, test)[0])
        ),
        "mean over everything: each feature has a mean of its own, axis 0": lambda train, test: (
            (train - train.mean()) / train.std(),
            (test - train.mean()) / train.std(),
        ),
        "variance in place of the deviation: the units must cancel": lambda train, test: (
            (train - train.mean(axis=0)) / np.where(train.var(axis=0) > 0, train.var(axis=0), 1),
            (test - train.mean(axis=0)) / np.where(train.var(axis=0) > 0, train.var(axis=0), 1),
        ),
        "zero deviation: a feature that never changes must not be divided by 0": lambda train, test: (
            _standardized(train, test, safe=False)
        ),
        "a small number added: where the deviation is 0, divide by 1 and not by nearly nothing": (
            lambda train, test: tuple(
                (x - train.mean(axis=0)) / (train.std(axis=0) + 1e-8) for x in (train, test)
            )
        ),
        "wrong axis: a feature is a column, its mean runs over the rows, axis 0": (
            lambda train, test: tuple(
                (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
                for x in (train, test)
            )
        ),
        "all rows as the ruler: the test rows must not have a say": lambda train, test: (
            _standardized(train, test, ruler=np.concatenate([train, test]))
        ),
        "not divided: after the mean, the deviation": lambda train, test: _standardized(
            train, test, scale=False
        ),
        "not centred: before the deviation, the mean": lambda train, test: _standardized(
            train, test, shift=False
        ),
        "divided by N - 1: take the plain deviation of the training rows": lambda train, test: (
            _standardized(train, test, ddof=1)
        ),
        "training rows left alone: both are standardized": lambda train, test: (
            train,
            _standardized(train, test)[1],
        ),
    },
)


def _all_once(parts: list, n: int, size: int, rng: np.random.Generator) -> str | None:
    rows = np.concatenate([np.asarray(p) for p in parts])
    if sorted(rows.tolist()) != list(range(n)):
        return f"each row from 0 to {n - 1} must come exactly once in an epoch"
    sizes = [len(p) for p in parts]
    if sizes != [size] * (n // size) + [n % size] * (n % size > 0):
        return f"for n = {n} and size = {size} the batches have the sizes {sizes}"
    if rows.tolist() == list(range(n)):
        return "the rows come in their old order: shuffle them"
    neighbours = [np.ptp(p) < len(p) for p in parts]
    if len(parts) > 1 and size > 1 and all(neighbours):
        return "the same rows are together in every epoch: shuffle all rows, then cut"
    return None


exercise(
    "dense.make-batches",
    asks="a function batches(n, size, rng) that returns a list of integer arrays",
    solution=lambda n, size, rng: np.split(rng.permutation(n), range(size, n, size)),
    inputs=lambda rng: (23, 5, np.random.default_rng(0)),
    accept=_all_once,
    mistakes={
        "not shuffled: the order must be random": lambda n, size, rng: np.split(
            np.arange(n), range(size, n, size)
        ),
        "shuffled in their batches: shuffle all rows before cutting": lambda n, size, rng: [
            rng.permutation(part) for part in np.split(np.arange(n), range(size, n, size))
        ],
        "the rest is lost: the last batch has what is left": lambda n, size, rng: [
            part for part in np.split(rng.permutation(n), range(size, n, size)) if len(part) == size
        ],
        "drawn with repetition: some rows come twice, others never": lambda n, size, rng: [
            rng.integers(0, n, size) for _ in range(n // size)
        ],
    },
)

exercise(
    "dense.test-size",
    asks="a whole number of images",
    solution=90_000,
    mistakes={
        "not squared: the standard error falls with the square root of N": 300,
        "1 - p forgotten: the variance of one answer is p (1 - p)": 900_000,
        "a whole percentage point: a tenth of it is 0.001": 900,
        "root taken: p (1 - p) is a variance already, and is divided by N": 300_000,
    },
)
