"""Exercises of the chapter *Taking a network elsewhere* on whole numbers and an old softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


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
        "upside down: q times s gives W back": lambda W, bits: (
            _rounded(W, bits)[0],
            1 / _rounded(W, bits)[1],
        ),
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
        "bias lost: it is a float already, and is added to each row after the factors": (
            lambda qx, sx, qw, sw, b: ((qx.astype(float) @ qw.astype(float)) + b) * (sx * sw)
        ),
        "only one factor: both x and w were divided by theirs": lambda qx, sx, qw, sw, b: (
            (qx.astype(float) @ qw.astype(float)) * sw + b
        ),
        "no factors: a whole number of x is worth sx, one of w is worth sw": (
            lambda qx, sx, qw, sw, b: qx.astype(float) @ qw.astype(float) + b
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
        "not divided: the outputs of each row sum to one": lambda x, axis: np.exp(
            x - x.max(axis=tuple(range(axis, x.ndim)), keepdims=True)
        ),
    },
)
