"""Learning rates that change with the steps taken. Each returns a function of their number.

What is returned can be pickled, so that an optimizer can go to another process. A rate that follows
what the network reaches is a callback: `nnbook.training.ReduceOnPlateau`.
"""

from __future__ import annotations

import math
from functools import partial

from nnbook.optim.optimizer import Schedule


def step_decay(lr: float, *, every: int, factor: float = 0.1) -> Schedule:
    """Multiply the rate by `factor` after each `every` steps: η(t) = η₀ · factor^⌊t / every⌋.

    Book: :eq:`eq-decays`.
    """
    if every < 1:
        raise ValueError(f"step_decay expected every ≥ 1, got {every}")
    return partial(_step_decay, lr, every, factor)


def _step_decay(lr: float, every: int, factor: float, t: int) -> float:
    return lr * factor ** (t // every)


def exponential_decay(lr: float, *, rate: float) -> Schedule:
    """Let the rate shrink by the same ratio in every step: η(t) = η₀ · rateᵗ.

    Book: :eq:`eq-decays`.
    """
    return partial(_exponential_decay, lr, rate)


def _exponential_decay(lr: float, rate: float, t: int) -> float:
    return lr * rate**t


def inverse_time_decay(lr: float, *, decay: float) -> Schedule:
    """Let the rate fall like 1/t: η(t) = η₀ / (1 + decay · t).

    Book: :eq:`eq-decays`.
    """
    return partial(_inverse_time_decay, lr, decay)


def _inverse_time_decay(lr: float, decay: float, t: int) -> float:
    return lr / (1 + decay * t)


def cosine(lr: float, *, steps: int, warmup: int = 0, final: float = 0.0) -> Schedule:
    """Rise linearly over `warmup` steps, then fall along half a cosine to `final` at `steps`.

    Source: Loshchilov and Hutter (2017), without restarts. The first step already has a rate above
    0. Book: :eq:`eq-cosine-schedule`.
    """
    if not 0 <= warmup < steps:
        raise ValueError(f"cosine expected 0 ≤ warmup < steps, got {warmup} and {steps}")
    return partial(_cosine, lr, steps, warmup, final)


def _cosine(lr: float, steps: int, warmup: int, final: float, t: int) -> float:
    if t < warmup:
        return lr * (t + 1) / warmup
    return _between(lr, final, min(1.0, (t - warmup) / (steps - warmup)))


def _between(start: float, end: float, progress: float) -> float:
    """Return the rate on the half cosine from `start` to `end`."""
    return end + (start - end) * (1 + math.cos(math.pi * progress)) / 2


def warm_restarts(lr: float, *, period: int, growth: int = 1, final: float = 0.0) -> Schedule:
    """Fall along half a cosine from η₀ to `final`, start again at η₀, and so on.

    η(t) = final + (η₀ - final) (1 + cos(π i / P)) / 2, i steps after a start; the first fall takes
    P = `period` steps, and each next one `growth` times as many. Source: Loshchilov and Hutter
    (2017).
    """
    if period < 1 or growth < 1:
        raise ValueError(
            f"warm_restarts expected period and growth of at least 1, got {period} and {growth}"
        )
    return partial(_warm_restarts, lr, period, growth, final)


def _warm_restarts(lr: float, period: int, growth: int, final: float, t: int) -> float:
    while growth > 1 and t >= period:
        t, period = t - period, period * growth
    return _between(lr, final, t % period / period)


def one_cycle(
    lr: float, *, steps: int, rise: float = 0.3, start: float = 1 / 25, final: float = 1e-4
) -> Schedule:
    """Rise along half a cosine to η₀, then fall along another to nearly nothing, once.

    From η₀ · start to η₀ during the share `rise` of the steps, then to η₀ · start · final at the
    last one. Source: Smith and Topin (2019), whose rates change linearly and whose momentum changes
    too; the cosine and the defaults are PyTorch's.

    Parameters
    ----------
    lr : float
        η₀, the largest rate.
    steps : int
        How many steps the training has, at least 2.
    rise : float in (0, 1)
    start, final : float
        The first rate over η₀, and the last one over the first.
    """
    if steps < 2 or not 0 < rise < 1:
        raise ValueError(
            f"one_cycle expected at least 2 steps and 0 < rise < 1, got {steps} and {rise}"
        )
    return partial(_one_cycle, lr, steps, rise, start, final)


def _one_cycle(lr: float, steps: int, rise: float, start: float, final: float, t: int) -> float:
    top = rise * steps - 1
    if t <= top:
        return _between(lr * start, lr, t / top)
    return _between(lr, lr * start * final, min(1.0, (t - top) / (steps - 1 - top)))


def inverse_square_root(width: int, *, warmup: int = 4000, scale: float = 1.0) -> Schedule:
    """Follow the transformer's schedule: η(t) = width^-½ · min(t^-½, t · warmup^-³ᐟ²), t from 1.

    Source: Vaswani et al. (2017), equation 3. Book: :eq:`eq-inverse-square-root`.
    """
    if warmup < 1:
        raise ValueError(f"inverse_square_root expected warmup ≥ 1, got {warmup}")
    return partial(_inverse_square_root, scale * width**-0.5, warmup)


def _inverse_square_root(scale: float, warmup: int, t: int) -> float:
    return scale * min((t + 1) ** -0.5, (t + 1) * warmup**-1.5)
