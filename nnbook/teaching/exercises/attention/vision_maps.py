"""Exercises of the chapter *A vision transformer*: how far a head looks, rollout, shuffles."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _softmax(a: Array) -> Array:
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _distance(p: Array, P: int, *, scaled: bool = True, straight: bool = True) -> float:
    p = p[1:, 1:] / (p[1:, 1:].sum(axis=1, keepdims=True) if scaled else 1)
    row, column = np.divmod(np.arange(len(p)), math.isqrt(len(p)))
    down, right = abs(row - row[:, None]), abs(column - column[:, None])
    far = np.hypot(down, right) if straight else down + right
    return float(P * (p * far).sum(axis=1).mean())


def _numbers_apart(p: Array, P: int) -> float:
    p = p[1:, 1:] / p[1:, 1:].sum(axis=1, keepdims=True)
    n = np.arange(len(p))
    return float(P * (p * abs(n - n[:, None])).sum(axis=1).mean())


def _with_class_token(p: Array, P: int) -> float:
    n = np.arange(len(p))
    row, column = np.divmod(n - 1, math.isqrt(len(p)))
    far = np.hypot(row - row[:, None], column - column[:, None])
    return float(P * (p * far).sum(axis=1).mean())


exercise(
    "attention.vision-distance",
    asks="a function distance(p, P) that returns a number of pixels",
    solution=_distance,
    inputs=lambda rng: (_softmax(2 * rng.standard_normal((26, 26))), int(rng.integers(3, 9))),
    mistakes={
        "not scaled: without the class token the weights add up to less than one": (
            lambda p, P: _distance(p, P, scaled=False)
        ),
        "in places: a place is P pixels from the next": lambda p, P: _distance(p, 1),
        "numbers apart: patches lie in a grid, and the one below is near": _numbers_apart,
        "city blocks: the distance is that of a straight line": lambda p, P: _distance(
            p, P, straight=False
        ),
        "sum of queries: the mean over the patches is asked for": lambda p, P: (
            _distance(p, P) * (len(p) - 1)
        ),
        "class token kept: it has no place in the image, as a query or as a key": _with_class_token,
    },
)


def _shares(maps: Array, *, around: bool = True, turned: bool = False, row: bool = True) -> Array:
    R = np.eye(maps.shape[-1])
    for A in maps.mean(axis=1):
        A = (A + np.eye(len(A))) / 2 if around else A
        R = R @ A if turned else A @ R
    found = R[0, 1:] if row else R[1:, 0]
    return found / found.sum()


exercise(
    "attention.vision-rollout",
    asks="a function shares(maps) that returns an array of T - 1 numbers which add up to one",
    solution=_shares,
    inputs=lambda rng: (_softmax(2 * rng.standard_normal((3, 5, 11, 11))),),
    mistakes={
        "no way around: each sublayer adds to what was there, so half of the identity stays": (
            lambda maps: _shares(maps, around=False)
        ),
        "order turned: a later block is multiplied from the left": lambda maps: _shares(
            maps, turned=True
        ),
        "column read: the class token as a query is the first row": lambda maps: _shares(
            maps, row=False
        ),
        "last block alone: follow the mixing through all blocks": lambda maps: _shares(maps[-1:]),
        "not scaled: leave the class token out and let the rest add up to one": lambda maps: (
            _shares(maps) * 0.9
        ),
        "one head: take the mean of the heads": lambda maps: _shares(maps[:, :1]),
    },
)


def _digits(*numbers: int) -> float:
    return sum(math.lgamma(n + 1) for n in numbers) / math.log(10)


exercise(
    "attention.vision-shuffles",
    asks="a number, the logarithm to base 10",
    solution=_digits(16, 192),
    mistakes={
        "channels forgotten: a patch has 3 · 64 numbers": _digits(16, 64),
        "patches only: the numbers within a patch may be put in another order as well": _digits(16),
        "within patches only: the patches may be dealt out as well": _digits(192),
        "dense: the patches have to stay together, and be shuffled alike": _digits(3072),
        "natural logarithm: base 10 was asked for": _digits(16, 192) * math.log(10),
        "channels by themselves: a row of E may belong to any channel": _digits(16, 64, 64, 64),
    },
)
