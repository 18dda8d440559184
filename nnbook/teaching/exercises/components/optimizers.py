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
    },
)

exercise(
    "components.best-momentum",
    asks="a whole number",
    solution=1442,
    mistakes={
        "root forgotten: the quotient of the two brackets is √κ, square it": 38,
        "μ in the place of its root: the formula has √μ": 361,
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
    },
)


def _path(
    gradients: Array,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    *,
    corrected: bool = True,
    first: int = 1,
    inside: bool = False,
    largest: bool = False,
    latest: bool = False,
) -> Array:
    """Adam, and what readers turn it into."""
    theta = m = v = peak = np.zeros(gradients.shape[1])
    path = []
    for t, g in enumerate(gradients, start=first):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        peak = np.maximum(peak, v) if largest else v
        c1, c2 = (1 - beta1**t, 1 - beta2**t) if corrected else (1.0, 1.0)
        bottom = np.sqrt(peak / c2 + eps) if inside else np.sqrt(peak / c2) + eps
        theta = theta - lr * (g if latest else m / c1) / bottom
        path.append(theta)
    return np.array(path)


def _gradients(rng: np.random.Generator) -> tuple:
    return 0.3 * rng.standard_normal((11, 5)), 0.1, 0.8, 0.95, 0.05


exercise(
    "components.adam-path",
    asks="a function adam_path(gradients, lr, beta1, beta2, eps) that returns the path (T, D)",
    solution=_path,
    inputs=_gradients,
    mistakes={
        "no correction: divide m by 1 - β₁ᵗ and v by 1 - β₂ᵗ": lambda *a: _path(
            *a, corrected=False
        ),
        "counted one too far: the first step has t = 1": lambda *a: _path(*a, first=2),
        "ε inside of the root: it is added to the root of the mean square": lambda *a: _path(
            *a, inside=True
        ),
        "no momentum: the numerator is the running mean m, not the gradient": lambda *a: _path(
            *a, latest=True
        ),
    },
)

exercise(
    "components.amsgrad-path",
    asks="a function amsgrad_path(gradients, lr, beta1, beta2, eps) that returns the path (T, D)",
    solution=lambda *a: _path(*a, corrected=False, largest=True),
    inputs=_gradients,
    mistakes={
        "Adam's denominator: keep the largest v so far": lambda *a: _path(*a, corrected=False),
        "corrected: this version divides by no 1 - βᵗ": lambda *a: _path(*a, largest=True),
    },
)


def _trapezoid(lr: float, steps: int, warmup: int, cooldown: int) -> Callable[[int], float]:
    return lambda t: lr * min(1, (t + 1) / warmup, (steps - t) / cooldown)


def _rates(answer: Callable, lr: float, steps: int, warmup: int, cooldown: int) -> Array | None:
    schedule = answer(lr, steps, warmup, cooldown)
    return None if schedule is None else np.array([schedule(t) for t in range(steps)])


exercise(
    "components.trapezoid",
    asks="a function trapezoid(lr, steps, warmup, cooldown) that returns a function of t",
    solution=_trapezoid,
    inputs=lambda rng: (rng.uniform(0.1, 1), 23, int(rng.integers(3, 7)), int(rng.integers(4, 9))),
    probe=_rates,
    mistakes={
        "a rate of zero at the start: the first step has t = 0 and the rate η / warmup": (
            lambda lr, steps, warmup, cooldown: (
                lambda t: lr * min(1, t / warmup, (steps - t) / cooldown)
            )
        ),
        "no end: over the last steps the rate falls": lambda lr, steps, warmup, cooldown: (
            lambda t: lr * min(1, (t + 1) / warmup)
        ),
        "a triangle: the rate stays at η between the rise and the fall": (
            lambda lr, steps, warmup, cooldown: (
                lambda t: lr * min((t + 1) / warmup, (steps - t) / (steps - warmup), 1)
            )
        ),
        "the product: where both apply the smaller counts, not rise times fall": (
            lambda lr, steps, warmup, cooldown: (
                lambda t: lr * math.prod((min(1, (t + 1) / warmup), min(1, (steps - t) / steps)))
            )
        ),
    },
)
