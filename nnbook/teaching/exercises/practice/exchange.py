"""Exercises of the chapter *Taking a network elsewhere*."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

Nodes = list[tuple[str, list[str], str]]


def _needed(nodes: Nodes, wanted: str) -> list[str]:
    asked = {wanted}
    for _, reads, makes in reversed(nodes):
        if makes in asked:
            asked |= set(reads)
    return sorted(asked - {makes for _, _, makes in nodes})


def _graph(rng: np.random.Generator) -> tuple[Nodes, str]:
    """A chain with a side branch that nothing wanted reads, under names that tell no order."""
    w = [f"w{i}" for i in rng.permutation(20)[:5]]
    a, b, c, d = (f"v{i}" for i in rng.permutation(20)[:4])
    nodes = [
        ("Gemm", ["x", w[0], w[1]], a),
        ("Relu", [a], b),
        ("Mul", [b, w[2]], c),  # not wanted
        ("Gemm", [b, w[3]], d),
        ("Add", [d, b], "y"),
        ("Add", [c, w[4]], "z"),  # not wanted
    ]
    return nodes, "y"


def _one_step(nodes: Nodes, wanted: str) -> list[str]:
    made = {makes: reads for _, reads, makes in nodes}
    found = {name for reads in made[wanted] for name in made.get(reads, [])}
    return sorted(found - made.keys())


def _names(answer: Any, nodes: Nodes, wanted: str) -> Any:
    """The names as marks, one for each name of the graph, so that they can be compared."""
    got = answer(nodes, wanted)
    if got is None or got is ...:
        return got
    if not isinstance(got, (list, tuple)) or not all(isinstance(name, str) for name in got):
        raise AnswerError(f"expected a list of names, got {type(got).__name__}")
    if list(got) != sorted(got):
        raise AnswerError("expected the names in sorted order")
    every = sorted({name for _, reads, makes in nodes for name in [*reads, makes]})
    unknown = set(got) - set(every)
    if unknown:
        raise AnswerError(f"{sorted(unknown)} is no name of the graph")
    return np.array([float(list(got).count(name)) for name in every])


exercise(
    "practice.exchange-needed",
    asks="a function needed(nodes, wanted) that returns a sorted list of names",
    solution=_needed,
    inputs=_graph,
    probe=_names,
    mistakes={
        "all that no node makes: leave out what only other values depend on": lambda nodes, _: (
            sorted(
                {name for _, reads, _ in nodes for name in reads} - {makes for _, _, makes in nodes}
            )
        ),
        "made values too: they are computed, and need not be in the file": lambda nodes, wanted: (
            sorted(
                set(_needed(nodes, wanted))
                | {makes for _, _, makes in nodes if makes not in (wanted, "z")}
            )
        ),
        "one step back: go on from there to what those values were made of": _one_step,
    },
)


def _folded(W: Array, b: Array, m: Array, s: Array) -> tuple[Array, Array]:
    W = W / s[:, None]
    return W, b - m @ W


exercise(
    "practice.exchange-fold",
    asks="a function folded(W, b, m, s) that returns a matrix (I, O) and a bias (O,)",
    solution=_folded,
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal(3),
        rng.standard_normal(5),
        rng.uniform(1.5, 3, 5),
    ),
    mistakes={
        "bias unchanged: the means have to be taken away somewhere": lambda W, b, m, s: (
            W / s[:, None],
            b,
        ),
        "means not divided: they go through the matrix that is already divided by s": (
            lambda W, b, m, s: (W / s[:, None], b - m @ W)
        ),
        "multiplied by s: raw columns are larger, so the rows must become smaller": (
            lambda W, b, m, s: (W * s[:, None], b - m @ (W * s[:, None]))
        ),
        "means added: the layer saw x minus m": lambda W, b, m, s: (
            W / s[:, None],
            b + m @ (W / s[:, None]),
        ),
    },
)


def _joined(
    W: Array, gamma: Array, beta: Array, mean: Array, variance: Array, eps: float
) -> tuple[Array, Array]:
    a = gamma / np.sqrt(variance + eps)
    return W * a[:, None, None, None], beta - a * mean


exercise(
    "practice.exchange-norm",
    asks="a function joined(W, gamma, beta, mean, variance, eps) that returns a kernel "
    "(O, C, K, K) and a bias (O,)",
    solution=_joined,
    inputs=lambda rng: (
        rng.standard_normal((5, 4, 3, 3)),
        *rng.uniform(1.5, 3, (3, 5)),
        rng.uniform(2, 4, 5),
        0.3,
    ),
    mistakes={
        "no root: the maps are divided by the deviation, not by the variance": (
            lambda W, gamma, beta, mean, variance, eps: _joined(
                W, gamma, beta, mean, (variance + eps) ** 2, 0.0
            )
        ),
        "no eps: it is added to the variance, in use as in training": (
            lambda W, gamma, beta, mean, variance, eps: _joined(W, gamma, beta, mean, variance, 0.0)
        ),
        "bias is beta: the running mean is taken away as well": (
            lambda W, gamma, beta, mean, variance, eps: (
                _joined(W, gamma, beta, mean, variance, eps)[0],
                beta,
            )
        ),
        "mean not scaled: it is taken away before the division": (
            lambda W, gamma, beta, mean, variance, eps: (
                _joined(W, gamma, beta, mean, variance, eps)[0],
                beta - mean,
            )
        ),
    },
)


def _rounded(W: Array, bits: int, *, axis: int | None = 0, levels: int = 1) -> tuple:
    largest = np.abs(W).max(axis=axis)
    s = np.where(largest > 0, largest / (2 ** (bits - 1) - levels), 1.0)
    return np.rint(W / s).astype(np.int32).astype(np.int8), s * np.ones(W.shape[1])


def _bytes_and_factors(answer: Any, W: Array, bits: int) -> Any:
    """Refuse another dtype of q, which a comparison of values would not notice."""
    pair = answer(W, bits)
    if pair is None or pair is ...:
        return pair
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise AnswerError("expected a pair (q, s)")
    q, s = (np.asarray(part) for part in pair)
    if q.dtype != np.int8:
        raise AnswerError(f"expected q of dtype int8, got {q.dtype}")
    return q.astype(float), s


def _matrix(rng: np.random.Generator) -> tuple[Array, int]:
    W = rng.standard_normal((7, 5))
    W[3] = [0.5, 4, 5, 6, 7]  # the largest of each output, all positive
    W[:, 1] = 0
    return W, 8


def _truncated(W: Array, bits: int) -> tuple:
    _, s = _rounded(W, bits)
    return (W / s).astype(np.int8), s


exercise(
    "practice.exchange-quantize",
    asks="a function round_weights(W, bits) that returns q (I, O) of dtype int8 and s (O,)",
    solution=_rounded,
    inputs=_matrix,
    probe=_bytes_and_factors,
    mistakes={
        "one factor for all: take the largest weight of each output, over axis 0": (
            lambda W, bits: _rounded(W, bits, axis=None)
        ),
        "one step too many: the largest weight would be 128, which a byte does not have": (
            lambda W, bits: _rounded(W, bits, levels=0)
        ),
        "cut off: `astype` drops the fraction, so round first": _truncated,
    },
)


def _integers(rng: np.random.Generator) -> tuple:
    qx, qw = rng.integers(60, 128, (5, 7)), rng.integers(60, 128, (7, 3))
    return qx.astype(np.int8), 0.03, qw.astype(np.int8), rng.uniform(0.01, 0.02, 3), rng.random(3)


exercise(
    "practice.exchange-integers",
    asks="a function integer_layer(qx, sx, qw, sw, b) that returns an array (B, O)",
    solution=lambda qx, sx, qw, sw, b: (qx.astype(np.int32) @ qw.astype(np.int32)) * (sx * sw) + b,
    inputs=_integers,
    mistakes={
        "a product in int8: it wraps around, so convert to int32 before it": (
            lambda qx, sx, qw, sw, b: (qx @ qw) * (sx * sw) + b
        ),
        "bias inside: it is a float already, and is added after the factors": (
            lambda qx, sx, qw, sw, b: ((qx.astype(float) @ qw.astype(float)) + b) * (sx * sw)
        ),
        "only one factor: both x and w were divided by theirs": lambda qx, sx, qw, sw, b: (
            (qx.astype(float) @ qw.astype(float)) * sw + b
        ),
    },
)


def _softmax(x: Array, axis: Any) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


exercise(
    "practice.exchange-softmax",
    asks="a function old_softmax(x, axis) that returns an array of the shape of x",
    solution=lambda x, axis: _softmax(x, tuple(range(axis, x.ndim))),
    inputs=lambda rng: (3 * rng.standard_normal((3, 4, 5)) + 1000, 1),
    mistakes={
        "along one axis: that is version 13, the old one takes all axes from `axis` on": _softmax,
        "over everything: the axes before `axis` are rows, each with a sum of its own": (
            lambda x, axis: _softmax(x, None)
        ),
        "overflow: subtract the largest score of each row before `exp`": lambda x, axis: x * np.nan,
    },
)
