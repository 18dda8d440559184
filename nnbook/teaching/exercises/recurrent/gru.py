"""Exercises of the chapter *GRU*: its size, its biases, and its weights in other notations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _lstm(D: int, H: int) -> int:
    return 4 * H * (D + H + 1)


def _gru(D: int, H: int) -> int:
    return 3 * H * (D + H + 1) + H


def _nearest(
    D: int, H: int, *, goal: Callable = _lstm, cost: Callable = _gru, under: bool = False
) -> int:
    widths = range(1, 3 * H + 1)
    if under:
        return max(G for G in widths if cost(D, G) <= goal(D, H))
    return min(widths, key=lambda G: abs(cost(D, G) - goal(D, H)))


def _widths(answer: Callable, D: int, Hs: Array) -> Any:
    found = [answer(D, int(H)) for H in Hs]
    return next((w for w in found if w is None or w is ...), found)


exercise(
    "recurrent.gru-width",
    asks="a function width(D, H) that returns a whole number",
    solution=_nearest,
    inputs=lambda rng: (int(rng.integers(3, 9)), np.arange(20, 60)),
    probe=_widths,
    mistakes={
        "four thirds: the matrix of the state grows with the square of the width": lambda D, H: (
            round(4 * H / 3)
        ),
        "root of four thirds: that is the limit of many units, without input and biases": (
            lambda D, H: round(H * np.sqrt(4 / 3))
        ),
        "one too few: the nearest may lie above": lambda D, H: _nearest(D, H, under=True),
        "the same width: three blocks are fewer than four": lambda D, H: H,
        "input without weights: each block has a matrix for the input, too": lambda D, H: _nearest(
            D, H, cost=lambda D, G: 3 * G * (G + 1) + G
        ),
    },
)


def _only_valid(formula: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda ages: formula(np.asarray(ages, float))


exercise(
    "recurrent.gru-chrono",
    asks="a function biases(ages) that returns an array like ages",
    solution=_only_valid(lambda a: np.log(a - 1)),
    inputs=lambda rng: (np.r_[rng.uniform(1.1, 1.9, 3), rng.uniform(2.1, 200, 6)],),
    mistakes={
        "one step too long: the newest step has the age 1": _only_valid(np.log),
        "sign: a long time needs a gate near 1, and so a large bias": _only_valid(
            lambda a: -np.log(a - 1)
        ),
        "time for age: the age is 1 / (1 - z), which is not -1 / ln z": _only_valid(
            lambda a: -np.log(np.expm1(1 / a))
        ),
        "gate for bias: the bias is what the sigmoid makes the gate of": _only_valid(
            lambda a: 1 - 1 / a
        ),
        "age for bias: the bias is a logarithm of the time": _only_valid(lambda a: a - 1),
    },
)


def _translate(W: Array, U: Array, b: Array, *, change: Callable) -> tuple[Array, ...]:
    return tuple(
        np.concatenate(change(*np.split(np.asarray(a), 3, axis=-1)), axis=-1) for a in (W, U, b)
    )


def _without_bias(W: Array, U: Array, b: Array) -> tuple[Array, ...]:
    right = _translate(W, U, b, change=lambda z, r, n: (r, -z, n))
    return *right[:2], _translate(W, U, b, change=lambda z, r, n: (r, z, n))[2]


exercise(
    "recurrent.gru-meaning",
    asks="a function translate(W, U, b) that returns W, U and b",
    solution=lambda W, U, b: _translate(W, U, b, change=lambda z, r, n: (r, -z, n)),
    inputs=lambda rng: (
        rng.standard_normal((3, 15)),
        rng.standard_normal((5, 15)),
        rng.standard_normal(15),
    ),
    mistakes={
        "order alone: z says the opposite there": lambda W, U, b: _translate(
            W, U, b, change=lambda z, r, n: (r, z, n)
        ),
        "sign alone: the order is another, too": lambda W, U, b: _translate(
            W, U, b, change=lambda z, r, n: (-z, r, n)
        ),
        "wrong gate: the meaning of r is the same in both": lambda W, U, b: _translate(
            W, U, b, change=lambda z, r, n: (-r, z, n)
        ),
        "one minus the weights: it is the gate that is subtracted from 1, not its sum": (
            lambda W, U, b: _translate(W, U, b, change=lambda z, r, n: (r, 1 - z, n))
        ),
        "bias forgotten: it is in the sum whose sign changes": _without_bias,
    },
)


def _merge(b1: Array, b2: Array, *, outside: Callable, inside: Callable) -> tuple[Array, Array]:
    b1, b2 = np.asarray(b1), np.asarray(b2)
    H = len(b1) // 3
    return np.r_[b1[: 2 * H] + b2[: 2 * H], outside(b1, b2)[2 * H :]], inside(b1, b2)[2 * H :]


def _gates(b1: Array, b2: Array, kept: int) -> tuple[Array, Array]:
    H = len(b1) // 3
    return np.r_[(b1, b2)[kept][: 2 * H], b1[2 * H :]], np.asarray(b2[2 * H :])


exercise(
    "recurrent.gru-biases",
    asks="a function merge(b1, b2) that returns b (3H,) and b_n (H,)",
    solution=lambda b1, b2: _merge(b1, b2, outside=lambda a, b: a, inside=lambda a, b: b),
    inputs=lambda rng: (rng.standard_normal(15), rng.standard_normal(15)),
    mistakes={
        "all added: the reset gate multiplies one of the candidate's two": lambda b1, b2: _merge(
            b1, b2, outside=lambda a, b: a + b, inside=lambda a, b: 0 * b
        ),
        "counted twice: what is inside is not outside as well": lambda b1, b2: _merge(
            b1, b2, outside=lambda a, b: a + b, inside=lambda a, b: b
        ),
        "exchanged: the second is the one inside": lambda b1, b2: _merge(
            b1, b2, outside=lambda a, b: b, inside=lambda a, b: a
        ),
        "second left out: both gates need the sum": lambda b1, b2: _gates(b1, b2, 0),
        "first left out: the gates have both biases": lambda b1, b2: _gates(b1, b2, 1),
    },
)
