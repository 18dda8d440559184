"""Learning rates that change with the steps taken. Each returns a function of their number."""

from __future__ import annotations

import math

from nnbook.optim.optimizer import Schedule


def step_decay(lr: float, *, every: int, factor: float = 0.1) -> Schedule:
    """Multiply the rate by `factor` after each `every` steps: η(t) = η₀ · factor^⌊t / every⌋.

    Book: :eq:`eq-decays`.
    """
    if every < 1:
        raise ValueError(f"step_decay expected every ≥ 1, got {every}")
    return lambda t: lr * factor ** (t // every)


def exponential_decay(lr: float, *, rate: float) -> Schedule:
    """Let the rate shrink by the same ratio in every step: η(t) = η₀ · rateᵗ.

    Book: :eq:`eq-decays`.
    """
    return lambda t: lr * rate**t


def inverse_time_decay(lr: float, *, decay: float) -> Schedule:
    """Let the rate fall like 1/t: η(t) = η₀ / (1 + decay · t).

    Book: :eq:`eq-decays`.
    """
    return lambda t: lr / (1 + decay * t)


def cosine(lr: float, *, steps: int, warmup: int = 0, final: float = 0.0) -> Schedule:
    """Rise linearly over `warmup` steps, then fall along half a cosine to `final` at `steps`.

    Source: Loshchilov and Hutter (2017), without restarts. The first step already has a rate above
    0. Book: :eq:`eq-cosine-schedule`.
    """
    if not 0 <= warmup < steps:
        raise ValueError(f"cosine expected 0 ≤ warmup < steps, got {warmup} and {steps}")

    def rate(t: int) -> float:
        if t < warmup:
            return lr * (t + 1) / warmup
        progress = min(1.0, (t - warmup) / (steps - warmup))
        return final + (lr - final) * (1 + math.cos(math.pi * progress)) / 2

    return rate


def inverse_square_root(width: int, *, warmup: int = 4000, scale: float = 1.0) -> Schedule:
    """Follow the transformer's schedule: η(t) = width^-½ · min(t^-½, t · warmup^-³ᐟ²), t from 1.

    Source: Vaswani et al. (2017), equation 3. Book: :eq:`eq-inverse-square-root`.
    """
    if warmup < 1:
        raise ValueError(f"inverse_square_root expected warmup ≥ 1, got {warmup}")
    return lambda t: scale * width**-0.5 * min((t + 1) ** -0.5, (t + 1) * warmup**-1.5)
