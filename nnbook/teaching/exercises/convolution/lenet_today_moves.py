"""Exercises of the chapter *LeNet, today*: looking between pixels, and moves as a penalty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _between(x: Array, r: float, c: float, *, nearest: bool = False, edge: bool = False) -> float:
    H, W = x.shape
    if nearest:
        r, c = round(r), round(c)
    if edge:
        r, c = np.clip(r, 0, H - 1), np.clip(c, 0, W - 1)
    if not (-1 < r < H and -1 < c < W):
        return 0.0
    framed = np.pad(x, 1)
    framed = np.pad(framed, ((0, 1), (0, 1)))  # where r is the last row
    i, j = int(np.floor(r)), int(np.floor(c))
    alpha, beta = r - i, c - j
    four = framed[i + 1 : i + 3, j + 1 : j + 3]
    return float(np.array([1 - alpha, alpha]) @ four @ np.array([1 - beta, beta]))


def _weights_exchanged(x: Array, r: float, c: float) -> float:
    i, j = int(np.floor(r)), int(np.floor(c))
    return _between(x, i + 1 - (r - i), j + 1 - (c - j))


def _towards_zero(x: Array, r: float, c: float) -> float:
    """Take int() for the whole part, which goes up where the number is negative."""
    return _between(x, abs(r) if -1 < r < 0 else r, abs(c) if -1 < c < 0 else c)


#: Inside, above the first row, to the left of the first column, in turn.
PLACES = ((2.3, 4.8), (-0.4, 3.6), (4.2, -0.7))


def _places(rng: np.random.Generator) -> tuple:
    return (rng.standard_normal((7, 9)), rng.uniform(-0.1, 0.1))


def _at_places(answer: Callable, x: Array, by: float) -> Array | None:
    """Ask for the value at every place, moved a little."""
    values: list[Any] = [answer(x, r + by, c + by) for r, c in PLACES]
    if any(v is None or v is ... for v in values):
        return None
    return np.array(values, float)


exercise(
    "convolution.lenet-today-between",
    asks="a function between(x, r, c) that returns one number",
    solution=_between,
    inputs=_places,
    probe=_at_places,
    mistakes={
        "nearest pixel: all four neighbours have a part": lambda x, r, c: _between(
            x, r, c, nearest=True
        ),
        "weights exchanged: the nearer pixel has the larger weight": _weights_exchanged,
        "row and column exchanged: r counts rows": lambda x, r, c: _between(x.T, r, c),
        "edge repeated: outside the image there are zeros": lambda x, r, c: _between(
            x, r, c, edge=True
        ),
        "nothing outside: within a pixel of the edge the edge has a part": lambda x, r, c: (
            _between(x, r, c) if r >= 0 and c >= 0 else 0.0
        ),
        "whole part of a negative number: it is the number below, -1 for -0.4": _towards_zero,
        "mean of four: the weights depend on the place": lambda x, r, c: _between(
            x, np.floor(r) + 0.5, np.floor(c) + 0.5
        ),
    },
)


def _turn(phi: float) -> Array:
    return np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])


exercise(
    "convolution.lenet-today-matrix",
    asks="a function matrix(s, phi) that returns an array (2, 2)",
    solution=lambda s, phi: _turn(-phi) / s,
    inputs=lambda rng: (rng.uniform(1.3, 2.0), rng.uniform(0.3, 1.2)),
    mistakes={
        "sending: A says where a new place came from, the inverse of what is done": (
            lambda s, phi: _turn(phi) * s
        ),
        "made smaller: to enlarge, look closer to the middle": lambda s, phi: _turn(-phi) * s,
        "turned the other way: the old place is found by turning back": lambda s, phi: (
            _turn(phi) / s
        ),
        "degrees: the angle is in radians": lambda s, phi: _turn(-np.radians(phi)) / s,
        "one axis: both are enlarged": lambda s, phi: np.diag([1 / s, 1]) @ _turn(-phi),
    },
)


def _fit(X: Array, tangents: Array, t: Array, variance: float) -> Array:
    return np.linalg.solve(X.T @ X + variance * tangents.T @ tangents, X.T @ t)


exercise(
    "convolution.lenet-today-tangent",
    asks="a function fit(X, tangents, t, variance) that returns an array (D,)",
    solution=_fit,
    inputs=lambda rng: (
        rng.standard_normal((11, 4)),
        rng.standard_normal((11, 4)),
        rng.standard_normal(11),
        rng.uniform(0.3, 0.7),
    ),
    mistakes={
        "no moves: the penalty is missing": lambda X, tangents, t, variance: _fit(
            X, tangents, t, 0.0
        ),
        "weight decay: the penalty is on the change along the move, not on every weight": (
            lambda X, tangents, t, variance: np.linalg.solve(
                X.T @ X + variance * len(X) * np.eye(X.shape[1]), X.T @ t
            )
        ),
        "deviation: the penalty has the variance": lambda X, tangents, t, variance: _fit(
            X, tangents, t, variance**0.5
        ),
        "mean for a sum: both terms are means over the N rows": lambda X, tangents, t, variance: (
            _fit(X, tangents, t, variance / len(X))
        ),
        "moved for good: the tangents are added at random, with either sign": (
            lambda X, tangents, t, variance: _fit(X + variance**0.5 * tangents, tangents, t, 0.0)
        ),
    },
)
