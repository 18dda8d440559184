"""Exercises of the chapter *Weight decay: L1 and L2*."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _soft(u: Array, a: float) -> Array:
    return np.sign(u) * np.maximum(np.abs(u) - a, 0)


exercise(
    "dense.decay-threshold",
    asks="a function soft(u, a) that returns an array of the shape of u",
    solution=_soft,
    inputs=lambda rng: (2 * rng.standard_normal((5, 7)), 0.8),
    mistakes={
        "hard threshold: what is kept moves towards zero, too": lambda u, a: u * (np.abs(u) > a),
        "one side only: negative values move up": lambda u, a: np.maximum(u - a, 0),
        "sign lost: the result has the sign of u": lambda u, a: np.maximum(np.abs(u) - a, 0),
        "past zero: what is smaller than a becomes 0": lambda u, a: np.sign(u) * (np.abs(u) - a),
        "a square penalty: it divides and makes nothing zero": lambda u, a: u / (1 + a),
        "clipped: this is the part that has to be taken away": lambda u, a: np.clip(u, -a, a),
    },
)

exercise(
    "dense.decay-prior",
    asks="a function penalty(noise, size, N) that returns a number",
    solution=lambda noise, size, N: noise**2 / (N * size**2),
    inputs=lambda rng: (
        0.5 + float(rng.random()),
        2.5 + float(rng.random()),
        int(rng.integers(20, 90)),
    ),
    mistakes={
        "deviations not squared: the penalty has the variances": lambda noise, size, N: (
            noise / (N * size)
        ),
        "N forgotten: the loss is a mean, so the prior is divided by N": lambda noise, size, N: (
            noise**2 / size**2
        ),
        "noise forgotten: the loss was multiplied by its variance": lambda noise, size, N: (
            1 / (N * size**2)
        ),
        "upside down: noisy targets ask for more restraint": lambda noise, size, N: (
            size**2 / (N * noise**2)
        ),
        "times N: more examples need less of an opinion": lambda noise, size, N: (
            N * noise**2 / size**2
        ),
        "half of it: the 1/2 stands in the penalty already": lambda noise, size, N: (
            noise**2 / (2 * N * size**2)
        ),
    },
)


def _effective(X: Array, lam: float, mean: bool = True) -> float:
    a = np.linalg.eigvalsh(X.T @ X / (len(X) if mean else 1))
    return float(np.sum(a / (a + lam)))


exercise(
    "dense.decay-effective",
    asks="a function effective(X, lam) that returns a number",
    solution=_effective,
    inputs=lambda rng: (rng.standard_normal((31, 7)) * np.linspace(0.1, 2, 7), 0.3),
    mistakes={
        "N forgotten: the loss is a mean, so its curvature is X'X / N": lambda X, lam: _effective(
            X, lam, mean=False
        ),
        "what is lost: this sums lam / (a + lam)": lambda X, lam: X.shape[1] - _effective(X, lam),
        "the mean: the factors are added up": lambda X, lam: _effective(X, lam) / X.shape[1],
        "singular values: the curvatures are their squares over N": lambda X, lam: float(
            np.sum((s := np.linalg.svd(X, compute_uv=False) / math.sqrt(len(X))) / (s + lam))
        ),
        "over the examples: the curvatures are those of X'X, of shape (D, D)": lambda X, lam: float(
            np.sum((a := np.linalg.eigvalsh(X @ X.T / X.shape[1])) / (a + lam))
        ),
        "all of them: this counts the weights, as without penalty": lambda X, lam: X.shape[1],
    },
)


def _lasso(
    X: Array,
    t: Array,
    lam: float,
    rate: float,
    steps: int,
    threshold: float | None = None,
    n: int | None = None,
    before: bool = False,
) -> Array:
    w, a = np.zeros(X.shape[1]), rate * lam if threshold is None else threshold
    for _ in range(steps):
        if before:
            w = _soft(w, a)
        w = w - rate * X.T @ (X @ w - t) / (n or len(X))
        if not before:
            w = _soft(w, a)
    return w


def _by_slope(X: Array, t: Array, lam: float, rate: float, steps: int) -> Array:
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - rate * (X.T @ (X @ w - t) / len(X) + lam * np.sign(w))
    return w


def _regression(rng: np.random.Generator) -> tuple:
    X = rng.standard_normal((41, 7))
    t = X @ np.array([2.0, -1.5, 0, 0, 1.0, 0, 0]) + 0.3 * rng.standard_normal(41)
    return X, t, 0.4, 0.15, 9


exercise(
    "dense.decay-lasso",
    asks="a function lasso(X, t, lam, rate, steps) that returns an array (D,)",
    solution=_lasso,
    inputs=_regression,
    mistakes={
        "threshold without the rate: it is the rate times lam": lambda X, t, lam, rate, steps: (
            _lasso(X, t, lam, rate, steps, threshold=lam)
        ),
        "by the slope: lam sign(w) in the gradient hovers and never reaches zero": _by_slope,
        "N forgotten: the loss is a mean over the rows": lambda X, t, lam, rate, steps: _lasso(
            X, t, lam, rate, steps, n=1
        ),
        "threshold first: it comes after the gradient step": lambda X, t, lam, rate, steps: _lasso(
            X, t, lam, rate, steps, before=True
        ),
        "no penalty: these are the weights without it": lambda X, t, lam, rate, steps: _lasso(
            X, t, lam, rate, steps, threshold=0.0
        ),
        "one step too few: count them again": lambda X, t, lam, rate, steps: _lasso(
            X, t, lam, rate, steps - 1
        ),
    },
)

exercise(
    "dense.decay-half-life",
    asks="a function half_life(lr, decay) that returns a number of steps",
    solution=lambda lr, decay: math.log(0.5) / math.log(1 - lr * decay),
    inputs=lambda rng: (0.05 + 0.1 * float(rng.random()), 0.5 + float(rng.random())),
    mistakes={
        "the rate forgotten: each step multiplies by 1 - lr decay": lambda lr, decay: (
            math.log(0.5) / math.log(abs(1 - decay))
        ),
        "approximated: ln 2 / (lr decay) is right for small decays only": lambda lr, decay: (
            math.log(2) / (lr * decay)
        ),
        "the decay forgotten: each step multiplies by one minus the product": lambda lr, decay: (
            math.log(0.5) / math.log(1 - lr)
        ),
        "linear: a half is not taken away in equal pieces": lambda lr, decay: 0.5 / (lr * decay),
        "until e: the half-life is until one half": lambda lr, decay: -1 / math.log(1 - lr * decay),
    },
)

exercise(
    "dense.decay-elastic",
    asks="a function elastic(u, a, c) that returns an array of the shape of u",
    solution=lambda u, a, c: _soft(u, a) / (1 + c),
    inputs=lambda rng: (2 * rng.standard_normal((5, 7)), 0.8, 0.6),
    mistakes={
        "division first: the threshold is applied to u itself": lambda u, a, c: _soft(
            u / (1 + c), a
        ),
        "only the threshold: the square divides by 1 + c": lambda u, a, c: _soft(u, a),
        "only the division: the absolute value needs its threshold": lambda u, a, c: u / (1 + c),
        "minus c: the square makes the bowl steeper": lambda u, a, c: _soft(u, a) / (1 - c),
        "twice c: the penalty is c/2 times the square": lambda u, a, c: _soft(u, a) / (1 + 2 * c),
        "a and c exchanged: a is the price of the absolute value": lambda u, a, c: (
            _soft(u, c) / (1 + a)
        ),
    },
)
