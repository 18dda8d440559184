"""Gradient descent and momentum as their equations read: what the fast updates must equal.

Each is one step: it takes the parameters θ, their gradient g and the velocity, changes none of
them, and returns what they are after the step. The velocity starts at zero.
"""

from __future__ import annotations

from nnbook.tensor import Array


def sgd(theta: Array, g: Array, *, lr: float, decay: float = 0.0) -> tuple[Array]:
    """θ ← θ - η (g + λ θ). Book: :eq:`eq-sgd`."""
    return (theta - lr * (g + decay * theta),)


def momentum(
    theta: Array,
    g: Array,
    v: Array,
    *,
    lr: float,
    momentum: float = 0.9,
    decay: float = 0.0,
    rate_inside: bool = False,
) -> tuple[Array, Array]:
    """v ← μ v + g + λ θ, θ ← θ - η v. Book: :eq:`eq-momentum`.

    With the rate inside: v ← μ v + η (g + λ θ), θ ← θ - v.
    """
    g = g + decay * theta
    if rate_inside:
        v = momentum * v + lr * g
        return theta - v, v
    v = momentum * v + g
    return theta - lr * v, v


def nesterov(
    theta: Array,
    g: Array,
    v: Array,
    *,
    lr: float,
    momentum: float = 0.9,
    decay: float = 0.0,
    rate_inside: bool = False,
) -> tuple[Array, Array]:
    """v ← μ v + g + λ θ, θ ← θ - η (g + λ θ + μ v). Book: :eq:`eq-nesterov`.

    With the rate inside: v ← μ v + η (g + λ θ), θ ← θ - η (g + λ θ) - μ v.
    """
    g = g + decay * theta
    if rate_inside:
        v = momentum * v + lr * g
        return theta - lr * g - momentum * v, v
    v = momentum * v + g
    return theta - lr * (g + momentum * v), v
