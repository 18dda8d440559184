"""Exercises of the chapter *A real data set*."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import data
from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _labels(raw: bytes, *, head: bool = True, length: bool = True, dtype: Any = np.int64) -> Array:
    if head and raw[:4] != bytes([0, 0, 8, 1]):
        raise ValueError("not a file of labels")
    if length and len(raw) != 8 + struct.unpack(">I", raw[4:8])[0]:
        raise ValueError("cut off")
    return np.frombuffer(raw, np.uint8, offset=8).astype(dtype)


def _label_files(rng: np.random.Generator) -> tuple:
    labels = rng.integers(0, 256, 7, dtype=np.uint8).tobytes()
    good = bytes([0, 0, 8, 1]) + struct.pack(">I", 7) + labels
    return good, bytes([0, 0, 8, 3]) + good[4:], good[:-2], good + b"\0"


def _read_all(read: Callable, good: bytes, *bad: bytes) -> list | None:
    values = read(good)
    if values is None:
        return None
    refused = []
    for raw in bad:
        try:
            read(raw)
            refused.append("accepted")
        except ValueError:
            refused.append("refused")
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
    },
)


def _standardized(train: Array, test: Array, safe: bool = True) -> tuple:
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    if safe:
        deviation = np.where(deviation > 0, deviation, 1.0)
    return (train - mean) / deviation, (test - mean) / deviation


def _with_a_constant(rng: np.random.Generator) -> tuple:
    train, test = 3 + 2 * rng.standard_normal((7, 3)), 3 + 2 * rng.standard_normal((5, 3))
    train[:, 1] = test[:, 1] = 4.0
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
    },
)

exercise(
    "dense.stable-rate",
    asks="a function largest_rate(X) of an array (B, D) that returns a number",
    solution=lambda X: 2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1],
    inputs=lambda rng: (rng.standard_normal((7, 3)),),
    mistakes={
        "mean over the batch forgotten: the curvature is Xᵀ X divided by B": lambda X: (
            2 / np.linalg.eigvalsh(X.T @ X)[-1]
        ),
        "one in place of two: the error may change its sign in each step and still shrink": lambda X: (
            1 / np.linalg.eigvalsh(X.T @ X / len(X))[-1]
        ),
        "smallest eigenvalue: the steepest direction sets the limit": lambda X: (
            2 / np.linalg.eigvalsh(X.T @ X / len(X))[0]
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
    },
)


def _same_answers(layer: tuple, means: Array, x: Array) -> Array:
    W, b = layer
    return (x @ np.asarray(W) + np.asarray(b)).argmax(axis=1)


def _as_layer(means: Array, half: float = 0.5, sign: float = -1.0) -> tuple:
    return means.T, sign * half * (means**2).sum(axis=1)


def _means_and_rows(rng: np.random.Generator) -> tuple:
    return rng.standard_normal((5, 3)) * np.array([[0.2], [3.0], [1.0], [2.0], [0.5]]), (
        2 * rng.standard_normal((301, 3))
    )


exercise(
    "dense.nearest-mean-layer",
    asks="a function as_layer(means) of an array (V, D) that returns (W, b), of shapes (D, V), (V,)",
    solution=_as_layer,
    inputs=_means_and_rows,
    probe=lambda as_layer, means, x: (
        None if (layer := as_layer(means)) is None else _same_answers(layer, means, x)
    ),
    mistakes={
        "bias forgotten: means that are far out would win too often": lambda m: _as_layer(
            m, half=0.0
        ),
        "factor two: x · m has the factor 2 in the square, so the bias has one half": lambda m: (
            _as_layer(m, half=1.0)
        ),
        "wrong sign: a large mean is further away, so its bias is negative": lambda m: _as_layer(
            m, sign=1.0
        ),
    },
)


PERCENT = "a percentage: give a fraction between 0 and 1"
ERROR = "the error, not the accuracy: give the share that is right"


def _better(accuracy: Any) -> str | None:
    """Compare with the validation accuracy of the chapter's network on the data that are here.

    The bounds are above its three runs on the clothes, and above their mean on the 400 embedded
    digits that stand in for them, where one run says little.
    """
    value = float(accuracy)
    if not 0 <= value <= 1:
        return PERCENT
    if value < 0.3:
        return ERROR
    clothes = next(row for row in data.catalogue() if row.name == "fashion-mnist")
    bound = 0.915 if clothes.place == "not here" else 0.88
    if value >= bound:
        return None
    return f"{value:.3f} is not yet better than the chapter's network, {bound} is within reach"


exercise(
    "dense.beat-dense",
    asks="the validation accuracy of your network, a fraction",
    solution=0.95,
    accept=_better,
    mistakes={PERCENT: 89.0, ERROR: 0.11},
)
