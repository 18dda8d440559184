"""Exercises of the chapter *Regression*: scales and units, noise that the network tells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array

exercise(
    "dense.back-to-units",
    asks="two numbers: the error in minutes, and R²",
    solution=(9.0, 0.64),
    mistakes={
        "still scaled: multiply by the deviation of the targets": (0.6, 0.64),
        "mean added: a difference of two outputs does not feel the mean": (49.0, 0.64),
        "not squared: R² is 1 minus the ratio of the mean squares": (9.0, 0.4),
        "what is left: R² is the share that is explained": (9.0, 0.36),
        "variance in place of the deviation: the error has the unit of the target": (135.0, 0.64),
        "divided: from scaled to minutes it is a product": (0.04, 0.64),
    },
)


def _fold(W: Array, b: Array, mean: float, std: float) -> tuple:
    return W * std, b * std + mean


exercise(
    "dense.fold-target",
    asks="a function fold(W, b, mean, std) that returns (W2, b2) of the same shapes",
    solution=_fold,
    inputs=lambda rng: (
        rng.standard_normal((5, 1)),
        rng.standard_normal(1),
        float(rng.uniform(100, 200)),
        float(rng.uniform(20, 40)),
    ),
    mistakes={
        "bias not scaled: all that the layer gives is multiplied": lambda W, b, m, s: (
            W * s,
            b + m,
        ),
        "mean forgotten: it is added in the end": lambda W, b, m, s: (W * s, b * s),
        "the other way: this scales targets, it does not turn them back": lambda W, b, m, s: (
            W / s,
            (b - m) / s,
        ),
        "wrong order: first times the deviation, then plus the mean": lambda W, b, m, s: (
            W * s,
            (b + m) * s,
        ),
        "mean in the weights: it does not depend on the input": lambda W, b, m, s: (
            W * s + m,
            b * s + m,
        ),
        "weights left alone: they are multiplied, too": lambda W, b, m, s: (W, b * s + m),
    },
)


def _nll(
    Y: Array, T: Array, half: float = 0.5, log: float = 0.5, root: bool = False, n: bool = True
) -> tuple:
    mean, s = Y[:, 0], Y[:, 1]
    d, precision = mean - T, np.exp(-s * (0.5 if root else 1.0))
    N = len(T) if n else 1

    def pullback(g: Array) -> tuple:
        dmean = 2 * half * d * precision
        ds = log - half * d * d * precision
        return (g * np.stack([dmean, ds], axis=1) / N,)

    return np.sum(half * d * d * precision + log * s) / N, pullback


def _wrong_slopes(change: Callable) -> Callable:
    def loss(Y: Array, T: Array) -> tuple:
        value, pullback = _nll(Y, T)
        return value, lambda g: (change(pullback(g)[0].copy(), Y, T, g),)

    return loss


def _squares_kept(dY: Array, Y: Array, T: Array, g: Array) -> Array:
    dY[:, 1] = g * 0.5 / len(T)
    return dY


def _unweighted(dY: Array, Y: Array, T: Array, g: Array) -> Array:
    dY[:, 0] = g * (Y[:, 0] - T) / len(T)
    return dY


exercise(
    "dense.gaussian-noise",
    asks="a function gaussian_loss(Y, T) that returns the mean loss and a pullback, giving (dY,)",
    solution=_nll,
    inputs=lambda rng: (
        rng.standard_normal((7, 2)),
        rng.standard_normal(7),
        np.asarray(rng.standard_normal()),
    ),
    probe=lambda answer, Y, T, g: there_and_back(lambda y: answer(y, T), Y, g),
    mistakes={
        "the logarithm forgotten: huge variances would cost nothing": lambda Y, T: _nll(
            Y, T, log=0.0
        ),
        "deviation in place of the variance: d² is divided by the square of the deviation": (
            lambda Y, T: _nll(Y, T, root=True)
        ),
        "the sum: take the mean over the batch": lambda Y, T: _nll(Y, T, n=False),
        "one half too few: ½ ln of the variance is the logarithm of the deviation": (
            lambda Y, T: _nll(Y, T, log=1.0)
        ),
        "the half before the square: it comes from the density's exponent": lambda Y, T: _nll(
            Y, T, half=1.0
        ),
        "slope of the variance without d²: it stands in the first term, too": _wrong_slopes(
            _squares_kept
        ),
        "slope of the mean not divided: a noisy example pulls less": _wrong_slopes(_unweighted),
        "columns exchanged: the mean comes first, then the logarithm of the variance": (
            lambda Y, T: _nll(Y[:, ::-1], T)
        ),
    },
)
