"""Exercises of the appendix *Calculus*: a geometric series, a parabola, weights under a condition."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "appendix.calculus-remembered",
    asks="a function remembered(beta, k) that returns a number between 0 and 1",
    solution=lambda beta, k: 1 - beta**k,
    inputs=lambda rng: (float(rng.uniform(0.6, 0.95)), int(rng.integers(3, 12))),
    mistakes={
        "the rest: beta**k is the share of the older terms": lambda beta, k: beta**k,
        "one too many: the newest k terms have the powers 0 to k - 1": lambda beta, k: (
            1 - beta ** (k + 1)
        ),
        "one too few: the newest term has the power 0": lambda beta, k: 1 - beta ** (k - 1),
        "not a share: the weights have the factor 1 - beta, which makes them add up to 1": (
            lambda beta, k: (1 - beta**k) / (1 - beta)
        ),
        "one term: add up the newest k weights": lambda beta, k: (1 - beta) * beta ** (k - 1),
    },
)


def _bottom(L0: float, g: Array, H: Array) -> tuple[Array, float]:
    d = -np.linalg.solve(H, g)
    return d, L0 + float(g @ d) / 2


def _quadratic(rng: np.random.Generator) -> tuple[float, Array, Array]:
    A = rng.standard_normal((7, 5))
    return float(rng.uniform(3, 9)), rng.standard_normal(5), A.T @ A + np.eye(5)


def _with_step(d: Array, L0: float, g: Array, H: Array) -> tuple[Array, float]:
    return d, L0 + float(g @ d) + float(d @ H @ d) / 2


exercise(
    "appendix.calculus-bottom",
    asks="a function bottom(L0, g, H) that returns a step, with the shape of g, and a number",
    solution=_bottom,
    inputs=_quadratic,
    mistakes={
        "half forgotten: the bend takes back half of what the slope promises": lambda L0, g, H: (
            _bottom(L0, g, H)[0],
            2 * _bottom(L0, g, H)[1] - L0,
        ),
        "uphill: the step goes against the gradient": lambda L0, g, H: _with_step(
            np.linalg.solve(H, g), L0, g, H
        ),
        "diagonal only: H is a matrix, so solve a system of equations": lambda L0, g, H: _with_step(
            -g / np.diag(H), L0, g, H
        ),
        "steepest descent: the step is the gradient divided by the curvature": lambda L0, g, H: (
            _with_step(-g, L0, g, H)
        ),
        "multiplied: the inverse of H is wanted": lambda L0, g, H: _with_step(-H @ g, L0, g, H),
        "value where you are: the value after the step is asked for": lambda L0, g, H: (
            _bottom(L0, g, H)[0],
            L0,
        ),
    },
)


def _shares(w: Array) -> Array:
    return w / w.sum()


exercise(
    "appendix.calculus-weights",
    asks="a function weights(v) that returns an array like v, whose sum is 1",
    solution=lambda v: _shares(1 / v),
    inputs=lambda rng: (rng.uniform(0.2, 4, 5),),
    mistakes={
        "sum not 1: divide the weights by their sum": lambda v: 1 / v,
        "turned round: a large variance asks for a small weight": _shares,
        "deviations: v are variances, no root is needed": lambda v: _shares(1 / np.sqrt(v)),
        "squared: the slope of w² v is 2 w v, so v enters once": lambda v: _shares(1 / v**2),
        "plain mean: it is the best one only if all variances are equal": lambda v: _shares(
            np.ones_like(v)
        ),
    },
)
