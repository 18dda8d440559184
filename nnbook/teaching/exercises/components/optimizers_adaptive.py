"""Exercises of the chapter *Optimizers* on Adam and on learning rates that change."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


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
    mean: bool = True,
    size: bool = True,
    root: float = 0.5,
    kept: bool = False,
    low: bool = False,
    kept_peak: bool = False,
) -> Array:
    """Adam, and what readers turn it into."""
    theta = m = v = peak = np.zeros(gradients.shape[1])
    path = []
    for t, g in enumerate(gradients, start=first):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        peak = np.maximum(peak, v) if largest else np.minimum(peak, v) if low else v
        v = peak if kept_peak else v
        c1 = 1 - beta1**t if corrected and mean else 1.0
        c2 = 1 - beta2**t if corrected and size else 1.0
        if kept:
            m, v, peak, c1, c2 = m / c1, v / c2, v / c2, 1.0, 1.0
        bottom = np.sqrt(peak / c2 + eps) if inside else (peak / c2) ** root + eps
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
        "ε inside the root: it is added to the root of the mean square": lambda *a: _path(
            *a, inside=True
        ),
        "no momentum: the numerator is the running mean m, not the gradient": lambda *a: _path(
            *a, latest=True
        ),
        "only m corrected: divide v by 1 - β₂ᵗ": lambda *a: _path(*a, size=False),
        "only v corrected: divide m by 1 - β₁ᵗ": lambda *a: _path(*a, mean=False),
        "correction kept: the next step goes on from the uncorrected m and v": lambda *a: _path(
            *a, kept=True
        ),
        "root forgotten: the step is divided by the root of v": lambda *a: _path(*a, root=1.0),
        "β₁ and β₂ exchanged: β₁ belongs to m": lambda g, lr, beta1, beta2, eps: _path(
            g, lr, beta2, beta1, eps
        ),
        "β and 1 - β exchanged: the old mean is kept with β": lambda g, lr, beta1, beta2, eps: (
            _path(g, lr, 1 - beta1, 1 - beta2, eps)
        ),
        "the last place only: the path has a row for each step": lambda *a: _path(*a)[-1],
        "the same array each time: a step in place changes all rows, append a copy": (
            lambda *a: np.tile(_path(*a)[-1], (len(a[0]), 1))
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
        "v overwritten: the largest v is kept beside the running mean": lambda *a: _path(
            *a, corrected=False, largest=True, kept_peak=True
        ),
        "the smallest: keep the largest v so far": lambda *a: _path(*a, corrected=False, low=True),
        "the same array each time: a step in place changes all rows, append a copy": (
            lambda *a: np.tile(_path(*a, corrected=False, largest=True)[-1], (len(a[0]), 1))
        ),
    },
)


def _trapezoid(lr: float, steps: int, warmup: int, cooldown: int) -> Callable[[int], float]:
    return lambda t: lr * min(1, (t + 1) / warmup, (steps - t) / cooldown)


def _rates(answer: Callable, lr: float, steps: int, warmup: int, cooldown: int) -> Array | None:
    schedule = answer(lr, steps, warmup, cooldown)
    if schedule is not None and not callable(schedule):
        raise AnswerError(f"expected a function of t to be returned, got {kind(schedule)}")
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
        "a rate of zero at the end: the last step has the rate η / cooldown": (
            lambda lr, steps, warmup, cooldown: (
                lambda t: lr * min(1, (t + 1) / warmup, (steps - 1 - t) / cooldown)
            )
        ),
        "no rise: over the first steps the rate grows": lambda lr, steps, warmup, cooldown: (
            lambda t: lr * min(1, (steps - t) / cooldown)
        ),
        "no roof: the rate is never above η": lambda lr, steps, warmup, cooldown: (
            lambda t: lr * min((t + 1) / warmup, (steps - t) / cooldown)
        ),
        "η forgotten: the shape has to be multiplied by it": lambda lr, steps, warmup, cooldown: (
            lambda t: min(1, (t + 1) / warmup, (steps - t) / cooldown)
        ),
        "rise and fall exchanged: warmup comes first": lambda lr, steps, warmup, cooldown: (
            _trapezoid(lr, steps, cooldown, warmup)
        ),
    },
)
