"""Exercises of the chapter *Optimizers*."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "components.momentum-by-hand",
    asks="an array of three numbers: θ after one, two and three steps",
    solution=np.array([0.8, 0.54, 0.302]),
    mistakes={
        "plain gradient descent: the velocity keeps half of itself in every step": np.array(
            [0.8, 0.64, 0.512]
        ),
        "the slope of a half square: L = θ² has the slope 2θ": np.array([0.9, 0.76, 0.614]),
        "momentum of one: the old velocity counts half, μ = 0.5": np.array([0.8, 0.44, -0.008]),
        "the start as well: the first number is θ after one step": np.array([1.0, 0.8, 0.54]),
        "uphill: the velocity is subtracted": np.array([1.2, 1.54, 2.018]),
    },
)


def _best_rate(A: Array) -> tuple[float, float]:
    values = np.linalg.eigvalsh(A)
    low, high = values[0], values[-1]
    return 2 / (low + high), (high - low) / (high + low)


def _positive(rng: np.random.Generator) -> tuple:
    B = rng.standard_normal((7, 5))
    return (B.T @ B + 0.1 * np.eye(5),)


exercise(
    "components.best-rate",
    asks="a function best_rate(A) that returns two numbers: the rate and the shrinking factor",
    solution=_best_rate,
    inputs=_positive,
    mistakes={
        "the limit of stability: 2 / λ_max only just does not explode": lambda A: (
            2 / np.linalg.eigvalsh(A)[-1],
            1.0,
        ),
        "the steepest direction alone: 1 / λ_max forgets that the flat one has to arrive as well": (
            lambda A: (
                1 / np.linalg.eigvalsh(A)[-1],
                1 - np.linalg.eigvalsh(A)[0] / np.linalg.eigvalsh(A)[-1],
            )
        ),
        "diagonal for eigenvalues: off the diagonal A says something too": lambda A: _best_rate(
            np.diag(np.diag(A))
        ),
        "condition number: the factor is (κ - 1) / (κ + 1)": lambda A: (
            _best_rate(A)[0],
            np.linalg.cond(A),
        ),
        "one instead of two: the best rate is 2 / (λ_min + λ_max)": lambda A: (
            _best_rate(A)[0] / 2,
            _best_rate(A)[1],
        ),
        "wrong eigenvalues: eigvalsh sorts them, so take the first and the last": lambda A: (
            2 / sum(np.linalg.eigvalsh(A)[:2]),
            _best_rate(A)[1],
        ),
    },
)

exercise(
    "components.best-momentum",
    asks="a whole number",
    solution=1442,
    mistakes={
        "root forgotten: the quotient of the two brackets is √κ, square it": 38,
        "μ instead of its root: the formula has √μ": 361,
        "rounded on the way: square first, then round": 1444,
        "not rounded: the nearest whole number is asked for": (
            ((1 + math.sqrt(0.9)) / (1 - math.sqrt(0.9))) ** 2
        ),
    },
)


def _look_ahead(gradient: Callable, theta: Array, steps: int, lr: float, mu: float) -> Array:
    return _walk(gradient, theta, steps, lr, mu, ahead=lambda theta, v: theta - lr * mu * v)


def _walk(
    gradient: Callable, theta: Array, steps: int, lr: float, mu: float, ahead: Callable
) -> Array:
    v = np.zeros_like(theta)
    for _ in range(steps):
        v = mu * v + gradient(ahead(theta, v))
        theta = theta - lr * v
    return theta


exercise(
    "components.nesterov-original",
    asks="a function look_ahead(gradient, theta, steps, lr, mu) that returns the parameters (d,)",
    solution=_look_ahead,
    inputs=lambda rng: (np.tanh, rng.standard_normal(5), 7, 0.3, rng.uniform(0.5, 0.9)),
    mistakes={
        "no look ahead: the gradient is taken where the velocity leads, not at θ": (
            lambda gradient, theta, steps, lr, mu: _walk(
                gradient, theta, steps, lr, mu, ahead=lambda theta, v: theta
            )
        ),
        "backwards: the step is - η v, so ahead is θ - η μ v": (
            lambda gradient, theta, steps, lr, mu: _walk(
                gradient, theta, steps, lr, mu, ahead=lambda theta, v: theta + lr * mu * v
            )
        ),
        "a whole velocity ahead: only the part μ v is known before the gradient": (
            lambda gradient, theta, steps, lr, mu: _walk(
                gradient, theta, steps, lr, mu, ahead=lambda theta, v: theta - lr * v
            )
        ),
        "η forgotten: the velocity moves θ by η μ v": (
            lambda gradient, theta, steps, lr, mu: _walk(
                gradient, theta, steps, lr, mu, ahead=lambda theta, v: theta - mu * v
            )
        ),
        "one step too few: the loop runs `steps` times": lambda gradient, theta, steps, lr, mu: (
            _look_ahead(gradient, theta, steps - 1, lr, mu)
        ),
        "uphill: the velocity is subtracted": lambda gradient, theta, steps, lr, mu: _walk(
            lambda at: -gradient(at), theta, steps, lr, mu, lambda theta, v: theta + lr * mu * v
        ),
        "a running mean: the gradient comes in whole, not times 1 - μ": (
            lambda gradient, theta, steps, lr, mu: _walk(
                lambda at: (1 - mu) * gradient(at),
                theta,
                steps,
                lr,
                mu,
                ahead=lambda theta, v: theta - lr * mu * v,
            )
        ),
    },
)
