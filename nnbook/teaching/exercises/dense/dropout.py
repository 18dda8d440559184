"""Exercises of the chapter *Dropout*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array

exercise(
    "dense.dropout-by-hand",
    asks="an array of four numbers",
    solution=np.array([5.0, 0.0, 0.0, 7.5]),
    mistakes={
        "not divided: what is kept is divided by 1 minus the rate": np.array([2.0, 0, 0, 3.0]),
        "divided by the rate: divide by the probability of being kept": np.array(
            [2 / 0.6, 0, 0, 5.0]
        ),
        "multiplied: that is what the paper does when the network is used": np.array(
            [0.8, 0, 0, 1.2]
        ),
        "mask turned round: 1 means keep": np.array([0.0, -2.5, 10.0, 0.0]),
        "nothing dropped: where the mask is 0 the result is 0": np.array([5.0, -2.5, 10.0, 7.5]),
    },
)


def _drop(scale: Callable, back: Callable | None = None) -> Callable:
    def drop(x: Array, mask: Array, rate: float) -> tuple:
        forward, backward = scale(mask, rate), (back or scale)(mask, rate)
        return x * forward, lambda g: (g * backward,)

    return drop


def _inputs(rng: np.random.Generator) -> tuple:
    mask = rng.permuted(np.arange(15) < 9).reshape(5, 3)
    return rng.standard_normal((5, 3)), mask, 0.3, rng.standard_normal((5, 3))


exercise(
    "dense.dropout-rule",
    asks="a function drop(x, mask, rate) that returns the value and a pullback",
    solution=_drop(lambda m, p: m / (1 - p)),
    inputs=_inputs,
    probe=there_and_back,
    mistakes={
        "not divided: the mean of the value is no longer x": _drop(lambda m, p: m * 1.0),
        "divided by the rate: a unit is kept with probability 1 - rate": _drop(lambda m, p: m / p),
        "mask turned round: True means keep": _drop(lambda m, p: ~m / (1 - p)),
        "gradient through what was off: the pullback has the mask, too": _drop(
            lambda m, p: m / (1 - p), lambda m, p: 1 / (1 - p)
        ),
        "pullback not divided: it multiplies by the same numbers": _drop(
            lambda m, p: m / (1 - p), lambda m, p: m * 1.0
        ),
        "multiplied: divide, so that the mean stays": _drop(lambda m, p: m * (1 - p)),
    },
)

exercise(
    "dense.dropout-noise",
    asks="a function noise(x, w, rate) that returns a number",
    solution=lambda x, w, rate: np.sqrt(rate / (1 - rate) * np.sum((x * w) ** 2)),
    inputs=lambda rng: (rng.standard_normal(7), rng.standard_normal(7), 0.1 + 0.2 * rng.random()),
    mistakes={
        "the variance: take its root": lambda x, w, rate: rate / (1 - rate) * np.sum((x * w) ** 2),
        "division forgotten: the kept terms are divided by 1 - rate": lambda x, w, rate: np.sqrt(
            rate * (1 - rate) * np.sum((x * w) ** 2)
        ),
        "square of the sum: add up the squares": lambda x, w, rate: np.sqrt(
            rate / (1 - rate) * np.sum(x * w) ** 2
        ),
        "upside down: more is dropped, more is the noise": lambda x, w, rate: np.sqrt(
            (1 - rate) / rate * np.sum((x * w) ** 2)
        ),
        "inputs alone: each term has its weight": lambda x, w, rate: np.sqrt(
            rate / (1 - rate) * np.sum(x**2)
        ),
        "deviations added: variances add up, deviations do not": lambda x, w, rate: (
            np.sqrt(rate / (1 - rate)) * np.sum(np.abs(x * w))
        ),
    },
)


def _ridge(X: Array, t: Array, penalty: Array) -> Array:
    A = X.T @ X / len(X) + np.diag(np.broadcast_to(penalty, X.shape[1]))
    return np.linalg.solve(A, X.T @ t / len(X))


def _table(rng: np.random.Generator) -> tuple:
    X = rng.standard_normal((31, 5)) * np.array([0.3, 1, 1.5, 2, 3])
    return X + 0.2, X @ np.ones(5) + rng.standard_normal(31), 0.3


exercise(
    "dense.dropout-ridge",
    asks="a function fit(X, t, rate) that returns an array (D,)",
    solution=lambda X, t, rate: _ridge(X, t, rate / (1 - rate) * np.mean(X**2, axis=0)),
    inputs=_table,
    mistakes={
        "one penalty for all: each weight has that of its own input": lambda X, t, rate: _ridge(
            X, t, rate / (1 - rate) * np.mean(X**2)
        ),
        "size forgotten: the penalty is the rate times the mean square": lambda X, t, rate: _ridge(
            X, t, np.array(rate / (1 - rate))
        ),
        "sum and mean mixed: the curvature was divided by N, the penalty was not": (
            lambda X, t, rate: _ridge(X, t, rate / (1 - rate) * np.sum(X**2, axis=0))
        ),
        "no penalty: these are the weights without dropout": lambda X, t, rate: _ridge(
            X, t, np.array(0.0)
        ),
        "rate alone: the variance has rate over 1 - rate": lambda X, t, rate: _ridge(
            X, t, rate * np.mean(X**2, axis=0)
        ),
        "variance of the inputs: it is their mean square that counts": lambda X, t, rate: _ridge(
            X, t, rate / (1 - rate) * np.var(X, axis=0)
        ),
    },
)


def _vote(p: Array) -> Array:
    logs = np.log(p).mean(axis=0)
    e = np.exp(logs - logs.max())
    return e / e.sum()


def _probabilities(rng: np.random.Generator) -> tuple:
    e = np.exp(3 * rng.standard_normal((700, 5)) + np.linspace(-1, 1, 5))
    return (e / e.sum(axis=1, keepdims=True),)


def _product(p: Array) -> Array:
    q = np.prod(p, axis=0)
    return q / q.sum()


exercise(
    "dense.dropout-vote",
    asks="a function vote(p) that returns an array (V,) of probabilities",
    solution=_vote,
    inputs=_probabilities,
    mistakes={
        "arithmetic mean: the logarithms are averaged": lambda p: p.mean(axis=0),
        "not made to add up to 1: divide by the sum": lambda p: np.exp(np.log(p).mean(axis=0)),
        "a product: hundreds of small numbers multiply to zero, add logarithms": _product,
        "mean over the classes: the networks are axis 0": lambda p: (
            np.exp(np.log(p).mean(axis=1)) / np.exp(np.log(p).mean(axis=1)).sum()
        ),
        "sum of the logarithms: take their mean, or the vote is far too sure": lambda p: (
            lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()
        )(np.log(p).sum(axis=0)),
    },
)
