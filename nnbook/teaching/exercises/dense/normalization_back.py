"""Exercises of the chapter *Batch normalization*: means on the way back, and growth in depth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _center(X: Array, back: Callable[[Array], Array], axis: int | None = 0) -> tuple:
    return X - X.mean(axis=axis, keepdims=True), lambda G: (back(G),)


exercise(
    "dense.norm-center",
    asks="a function center(X) that returns the value and a pullback with one cotangent",
    solution=lambda X: _center(X, lambda G: G - G.mean(axis=0)),
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "mean taken for a constant: it depends on every entry of the column": lambda X: _center(
            X, lambda G: G
        ),
        "the sum instead of the mean: each entry has the share 1/B in the mean": lambda X: _center(
            X, lambda G: G - G.sum(axis=0)
        ),
        "other axis on the way back: the mean ran over the batch, axis 0": lambda X: _center(
            X, lambda G: G - G.mean(axis=1, keepdims=True)
        ),
        "one mean for all columns: each column has its own": lambda X: _center(
            X, lambda G: G - G.mean(), axis=None
        ),
        "rows instead of columns: a mean runs over the batch, axis 0": lambda X: _center(
            X, lambda G: G - G.mean(axis=1, keepdims=True), axis=1
        ),
        "added: the slope of -mean is negative": lambda X: _center(X, lambda G: G + G.mean(axis=0)),
        "only the mean's part: the entry itself counts too": lambda X: _center(
            X, lambda G: -np.broadcast_to(G.mean(axis=0), G.shape)
        ),
    },
)


def _leaky(rng: np.random.Generator) -> tuple:
    """Draw a ReLU that leaks, its slope, and numbers to put in."""
    a = rng.uniform(0.1, 0.4)
    return (
        lambda z: np.where(z > 0, z, a * z),
        lambda z: np.where(z > 0, 1.0, a),
        rng.standard_normal(200),
    )


def _growth(f: Callable, slope: Callable, z: Array) -> float:
    return float(np.sqrt(np.mean(slope(z) ** 2) / np.var(f(z))))


exercise(
    "dense.norm-growth",
    asks="a function growth(f, slope, z) that returns one number",
    solution=_growth,
    inputs=_leaky,
    mistakes={
        "the root forgotten: the root mean square is asked for": lambda f, slope, z: (
            _growth(f, slope, z) ** 2
        ),
        "mean square instead of variance: the normalization takes the mean away": lambda f, s, z: (
            np.sqrt(np.mean(s(z) ** 2) / np.mean(f(z) ** 2))
        ),
        "the mean slope: squares are averaged, since the cotangents have random signs": (
            lambda f, slope, z: np.sqrt(np.mean(slope(z)) ** 2 / np.var(f(z)))
        ),
        "variance of the slope: its mean square counts": lambda f, slope, z: np.sqrt(
            np.var(slope(z)) / np.var(f(z))
        ),
        "upside down: the slope multiplies, the spread divides": lambda f, slope, z: (
            1 / _growth(f, slope, z)
        ),
        "the spread forgotten: the normalization divides by it": lambda f, slope, z: np.sqrt(
            np.mean(slope(z) ** 2)
        ),
    },
)
