"""The adaptive optimizers as their papers' equations read: what the fast updates must equal.

Each is one step: it takes the parameters θ, their gradient g and the state, changes none of them,
and returns θ and the state after the step. The state starts at zero.
"""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array


def adagrad(
    theta: Array, g: Array, s: Array, *, lr: float, eps: float = 1e-10, decay: float = 0.0
) -> tuple[Array, Array]:
    """s ← s + g², θ ← θ - η g / (√s + ε), with λ θ added to g. Book: :eq:`eq-adagrad`."""
    g = g + decay * theta
    s = s + g * g
    return theta - lr * g / (np.sqrt(s) + eps), s


def rmsprop(
    theta: Array,
    g: Array,
    s: Array,
    *,
    lr: float,
    rho: float = 0.9,
    eps: float = 1e-8,
    decay: float = 0.0,
) -> tuple[Array, Array]:
    """s ← ρ s + (1 - ρ) g², θ ← θ - η g / (√s + ε), λ θ added to g. Book: :eq:`eq-rmsprop`."""
    g = g + decay * theta
    s = rho * s + (1 - rho) * g * g
    return theta - lr * g / (np.sqrt(s) + eps), s


def adam(
    theta: Array,
    g: Array,
    m: Array,
    v: Array,
    *,
    t: int,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    decay: float = 0.0,
) -> tuple[Array, Array, Array]:
    """θ ← θ - η m̂ / (√v̂ + ε), where t counts the steps from one. Book: :eq:`eq-adam`.

    With a decay, λ θ is added to g.
    """
    g = g + decay * theta
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw(
    theta: Array,
    g: Array,
    m: Array,
    v: Array,
    *,
    t: int,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    decay: float = 0.01,
) -> tuple[Array, Array, Array]:
    """θ ← θ - η λ θ - η m̂ / (√v̂ + ε), m̂ and v̂ from g alone. Book: :eq:`eq-adamw`."""
    stepped, m, v = adam(theta, g, m, v, t=t, lr=lr, betas=betas, eps=eps)
    return stepped - lr * decay * theta, m, v
