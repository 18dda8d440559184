"""Exercises of the chapter *Binary logistic regression*: odds, gradients, borders."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _sigma(z: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


exercise(
    "dense.log-odds",
    asks="the probability, a number to three decimals",
    solution=0.25 * math.exp(1.4) / (1 + 0.25 * math.exp(1.4)),
    tolerance=2e-3,
    mistakes={
        "added to the probability: the weight adds to the log-odds": 1.6,
        "the probability multiplied: it is the odds that are multiplied": 0.2 * math.exp(1.4),
        "still odds: turn them back, p = odds / (1 + odds)": 0.25 * math.exp(1.4),
        "still log-odds: the sigmoid makes a probability of them": math.log(0.25) + 1.4,
        "a rise of one: the feature rises by two": 0.25
        * math.exp(0.7)
        / (1 + 0.25 * math.exp(0.7)),
        "odds of 0.2: they are 0.2 / 0.8": 0.2 * math.exp(1.4) / (1 + 0.2 * math.exp(1.4)),
        "the other class: this is the probability that the answer is 0": 1
        / (1 + 0.25 * math.exp(1.4)),
    },
)


def _gradients(
    X: Array,
    t: Array,
    w: Array,
    b: float,
    slope: Callable | None = None,
    mean: bool = True,
    sign: float = 1.0,
) -> tuple:
    p = _sigma(X @ w + b)
    g = sign * (p - t if slope is None else slope(p, t)) / (len(t) if mean else 1)
    return X.T @ g, g.sum()


def _data(rng: np.random.Generator) -> tuple:
    X, w = rng.standard_normal((7, 3)), rng.standard_normal(3)
    t = np.array([1.0, 0, 0, 1, 1, 0, 1])
    return X, t, w, float(rng.standard_normal())


exercise(
    "dense.logistic-gradients",
    asks="a function gradients(X, t, w, b) that returns (dw, db), of shape (D,) and one number",
    solution=_gradients,
    inputs=_data,
    mistakes={
        "sum in place of the mean: the loss is a mean over the examples": lambda X, t, w, b: (
            _gradients(X, t, w, b, mean=False)
        ),
        "target minus probability: the slope is what was believed minus what is true": (
            lambda X, t, w, b: _gradients(X, t, w, b, sign=-1.0)
        ),
        "a squared error: its slope has the factor p(1 - p), which the cross-entropy cancels": (
            lambda X, t, w, b: _gradients(X, t, w, b, slope=lambda p, t: (p - t) * p * (1 - p))
        ),
        "no sigmoid: take the target from the probability, not from the logit": (
            lambda X, t, w, b: (X.T @ (X @ w + b - t) / len(t), (X @ w + b - t).mean())
        ),
        "bias forgotten: it belongs to the logit": lambda X, t, w, b: _gradients(X, t, w, 0.0),
        "bias without its mean: both gradients are means over the examples": (
            lambda X, t, w, b: (_gradients(X, t, w, b)[0], _gradients(X, t, w, b, mean=False)[1])
        ),
        "divided by D: the mean is over the N examples": lambda X, t, w, b: tuple(
            v * X.shape[0] / X.shape[1] for v in _gradients(X, t, w, b)
        ),
    },
)


def _newton(
    A: Array, t: Array, theta: Array, weight: Callable | None = None, power: int = 1, N: bool = True
) -> Array:
    p = _sigma(A @ theta)
    s = p * (1 - p) if weight is None else weight(p)
    n = len(t) if N else 1
    g, H = A.T @ (p - t) / n, (A.T * s) @ A / len(t)
    return np.linalg.solve(H, g) if power == 1 else H @ g


def _design(rng: np.random.Generator) -> tuple:
    A = np.c_[rng.standard_normal((11, 3)), np.ones(11)]
    return A, (rng.permutation(11) < 5).astype(float), rng.standard_normal(4)


exercise(
    "dense.logistic-newton",
    asks="a function newton_step(A, t, theta) that returns the new parameters (D,)",
    solution=lambda A, t, theta: theta - _newton(A, t, theta),
    inputs=_design,
    mistakes={
        "uphill: the step is taken away": lambda A, t, theta: theta + _newton(A, t, theta),
        "the step alone: take it from theta": lambda A, t, theta: _newton(A, t, theta),
        "multiplied by the Hessian: solve H d = g for d": lambda A, t, theta: (
            theta - _newton(A, t, theta, power=2)
        ),
        "no weights p(1 - p): that is the Hessian of a squared error": lambda A, t, theta: (
            theta - _newton(A, t, theta, weight=np.ones_like)
        ),
        "p in place of p(1 - p): the slope of the sigmoid is p(1 - p)": lambda A, t, theta: (
            theta - _newton(A, t, theta, weight=lambda p: p)
        ),
        "root of the weights: each row counts with p(1 - p) once": lambda A, t, theta: (
            theta - _newton(A, t, theta, weight=lambda p: np.sqrt(p * (1 - p)))
        ),
        "one mean too few: divide gradient and Hessian by N, or neither": lambda A, t, theta: (
            theta - _newton(A, t, theta, N=False)
        ),
        "plain descent: the gradient is divided by the curvature": lambda A, t, theta: (
            theta - A.T @ (_sigma(A @ theta) - t) / len(t)
        ),
    },
)


def _border(w: float, b: float, mean: float, std: float, c: float) -> float:
    return mean + std * (math.log(c / (1 - c)) - b) / w


exercise(
    "dense.logistic-border",
    asks="a function border(w, b, mean, std, c) that returns the value of the feature, a number",
    solution=_border,
    inputs=lambda rng: (*map(float, rng.uniform([1, -2, 10, 2, 0.6], [3, -1, 15, 4, 0.9])),),
    mistakes={
        "the standardized feature: turn it back, mean + std · value": lambda w, b, mean, std, c: (
            (math.log(c / (1 - c)) - b) / w
        ),
        "the border of one half: the logit of c is ln(c / (1 - c))": lambda w, b, mean, std, c: (
            _border(w, b, mean, std, 0.5)
        ),
        "c itself: the logit is compared with the logit of c": lambda w, b, mean, std, c: (
            mean + std * (c - b) / w
        ),
        "the odds: take their logarithm": lambda w, b, mean, std, c: (
            mean + std * (c / (1 - c) - b) / w
        ),
        "bias added: it moves to the other side of the equation": lambda w, b, mean, std, c: (
            _border(w, -b, mean, std, c)
        ),
        "the other side: this is where the probability is 1 - c": lambda w, b, mean, std, c: (
            _border(w, b, mean, std, 1 - c)
        ),
        "weight multiplied: solve w x + b = logit for x": lambda w, b, mean, std, c: (
            mean + std * (math.log(c / (1 - c)) - b) * w
        ),
        "mean forgotten: the feature was centred first": lambda w, b, mean, std, c: _border(
            w, b, 0.0, std, c
        ),
    },
)
