"""Exercises of the chapter *Normalization*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _column(variance: float = 2.0, order: bool = False) -> Array:
    hat = (np.array([2.0, 4.0, 4.0, 6.0]) - 4) / np.sqrt(variance)
    return 3 * (hat + 1) if order else 3 * hat + 1


exercise(
    "dense.norm-by-hand",
    asks="an array of four numbers",
    solution=_column(),
    mistakes={
        "divided by B - 1: the normalization uses the plain mean of the squares": _column(8 / 3),
        "divided by the variance: the root of it is the size": _column(4.0),
        "shift before scale: first times γ, then plus β": _column(order=True),
        "γ and β forgotten: scale the standardized numbers by 3 and add 1": (_column() - 1) / 3,
    },
)


def _running(
    batches: list, momentum: float, ddof: int = 1, first: float = 1.0, flip: bool = False
) -> tuple:
    new = 1 - momentum if flip else momentum
    D = batches[0].shape[1]
    mean, variance = np.zeros(D), np.full(D, first)
    for batch in batches:
        mean = (1 - new) * mean + new * batch.mean(axis=0)
        variance = (1 - new) * variance + new * batch.var(axis=0, ddof=ddof)
    return mean, variance


exercise(
    "dense.norm-running",
    asks="a function running(batches, momentum) that returns two arrays (D,)",
    solution=_running,
    inputs=lambda rng: ([1 + rng.standard_normal((n, 3)) for n in (5, 7, 9, 11)], 0.2),
    mistakes={
        "biased variance: it stands for the data, so divide by B - 1": lambda batches, momentum: (
            _running(batches, momentum, ddof=0)
        ),
        "momentum turned round: it is the share of the new batch": lambda batches, momentum: (
            _running(batches, momentum, flip=True)
        ),
        "variance started at zero: it starts at one": lambda batches, momentum: _running(
            batches, momentum, first=0.0
        ),
    },
)


def _fold(
    W: Array,
    b: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    eps: float,
    root: bool = True,
) -> tuple:
    s = gamma / (variance + eps) ** (0.5 if root else 1.0)
    return W * s, s * (b - mean) + beta


def _fold_inputs(rng: np.random.Generator) -> tuple:
    vectors = [rng.standard_normal(5) for _ in range(4)]
    return rng.standard_normal((5, 5)), *vectors, rng.uniform(0.5, 2, 5), 0.1


def _scale_rows(W: Array, b: Array, *rest: Array) -> tuple:
    gamma, _, _, variance, eps = rest
    return W * (gamma / np.sqrt(variance + eps))[:, None], _fold(W, b, *rest)[1]


exercise(
    "dense.norm-fold",
    asks="a function that returns (W2, b2) with the shapes (I, O) and (O,)",
    solution=_fold,
    inputs=_fold_inputs,
    mistakes={
        "bias not scaled: b goes through the normalization, too": lambda W, b, g, beta, m, v, e: (
            _fold(W, b, g, beta, m, v, e)[0],
            b - g / np.sqrt(v + e) * m + beta,
        ),
        "rows scaled: a unit owns a column of W": _scale_rows,
        "divided by the variance: divide by its root": lambda *a: _fold(*a, root=False),
        "running mean forgotten: it is taken from b before the scale": lambda W, b, g, be, m, v, e: (
            _fold(W, b, g, be, 0 * m, v, e)
        ),
    },
)


def _means(kind: str, shape: tuple, groups: int) -> int:
    B, C, _, _ = shape
    return {"batch": C, "group": B * groups, "instance": B * C}[kind]


def _table_of_means(answer: Callable) -> list:
    return [
        int(answer(kind, shape, groups))
        for kind in ("batch", "group", "instance")
        for shape, groups in (((3, 8, 5, 7), 4), ((5, 6, 9, 11), 2))
    ]


exercise(
    "dense.norm-count",
    asks="a function means(kind, shape, groups) that returns a whole number",
    solution=_means,
    inputs=lambda rng: (),
    probe=_table_of_means,
    mistakes={
        "one for each pixel: all pixels of a channel share a mean": lambda kind, shape, groups: (
            _means(kind, shape, groups) * shape[2] * shape[3]
        ),
        "batch forgotten: every example has its own groups": lambda kind, shape, groups: {
            "batch": shape[1],
            "group": groups,
            "instance": shape[1],
        }[kind],
        "batch norm for each example: its means run over the batch": lambda kind, shape, groups: (
            _means("instance" if kind == "batch" else kind, shape, groups)
        ),
    },
)


def _merge(parts: list, between: bool = True, weighted: bool = True) -> tuple:
    counts = np.array([count for count, _, _ in parts], float)
    if not weighted:
        counts = np.ones_like(counts)
    means = np.array([mean for _, mean, _ in parts])
    variances = np.array([variance for _, _, variance in parts])
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(axis=0)
    return mean, (share * (variances + between * (means - mean) ** 2)).sum(axis=0)


def _parts(rng: np.random.Generator) -> tuple:
    rows = [rng.standard_normal((n, 3)) + rng.standard_normal(3) for n in (3, 5, 11)]
    return ([(len(x), x.mean(axis=0), x.var(axis=0)) for x in rows],)


exercise(
    "dense.norm-merge",
    asks="a function merge(parts) that returns mean and variance, (D,) each",
    solution=_merge,
    inputs=_parts,
    mistakes={
        "variance of the means forgotten: the batches differ from each other": lambda parts: _merge(
            parts, between=False
        ),
        "all batches counted alike: weight each by its number of rows": lambda parts: _merge(
            parts, weighted=False
        ),
        "variances only between batches: the rows vary within them, too": lambda parts: (
            _merge(parts)[0],
            _merge(parts)[1] - _merge(parts, between=False)[1],
        ),
    },
)


def _unit_rows(X: Array, project: bool = True, scale: bool = True) -> tuple:
    length = np.sqrt((X * X).sum(axis=1, keepdims=True))
    Y = X / length

    def pullback(G: Array) -> tuple:
        along = (G * Y).sum(axis=1, keepdims=True)
        return ((G - project * Y * along) / (length if scale else 1.0),)

    return Y, pullback


def _whole_batch(X: Array) -> tuple:
    Y, _ = _unit_rows(X)
    length = np.sqrt((X * X).sum(axis=1, keepdims=True))
    return Y, lambda G: ((G - Y * (G * Y).sum()) / length,)


exercise(
    "dense.norm-unit",
    asks="a function unit_rows(X) that returns the value and a pullback with one cotangent",
    solution=_unit_rows,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "length taken for a constant: it depends on every entry of the row": lambda X: _unit_rows(
            X, project=False
        ),
        "not divided by the length: the slope of x / ℓ has a factor 1 / ℓ": lambda X: _unit_rows(
            X, scale=False
        ),
        "summed over the batch: each row has its own part along Y": _whole_batch,
    },
)
