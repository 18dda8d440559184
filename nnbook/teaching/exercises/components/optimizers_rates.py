"""Exercises of the chapter *Optimizers* on how far a falling rate leads and on a fair choice."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _steps_for(way: float, lr: float, gamma: float, *, first: int = 0, power: float = 1.0) -> int:
    gone, t = 0.0, first
    while gone < way:
        gone += lr / (1 + gamma * t) ** power
        t += 1
    return t - first


exercise(
    "components.falling-way",
    asks="a function steps_for(way, lr, gamma) that returns a whole number",
    solution=_steps_for,
    inputs=lambda rng: (rng.uniform(3, 4), rng.uniform(0.06, 0.07), rng.uniform(0.03, 0.05)),
    mistakes={
        "a constant rate: every step is shorter than the one before": lambda way, lr, gamma: (
            math.ceil(way / lr)
        ),
        "counted from one: the first step has t = 0 and the whole rate": lambda *a: _steps_for(
            *a, first=1
        ),
        "one too few: the last step is counted too, the one that reaches the end": lambda *a: (
            _steps_for(*a) - 1
        ),
        "one too many: stop as soon as the distance is covered": lambda *a: _steps_for(*a) + 1,
        "an integral: steps are added up, and the sum is larger than the area under the curve": (
            lambda way, lr, gamma: math.ceil((math.exp(gamma * way / lr) - 1) / gamma)
        ),
        "a root: this rate falls like 1 / t, not like its root": lambda *a: _steps_for(
            *a, power=0.5
        ),
    },
)


def _choose(
    rates: Array,
    validation: Array,
    test: Array,
    *,
    chooses: Callable = lambda validation, test: np.mean(validation, axis=1),
    reports: Callable = lambda validation, test: np.mean(test),
) -> tuple[float, float]:
    best = int(np.argmax(chooses(validation, test)))
    return rates[best], reports(validation[best], test[best])


def _accuracies(rng: np.random.Generator) -> tuple:
    """Draw tables in which each likely way to choose finds another rate."""
    validation = np.tile(rng.uniform(0.5, 0.6, (7, 1)), 3) + rng.uniform(-0.01, 0.01, (7, 3))
    test = validation + rng.uniform(-0.01, 0.01, (7, 3))
    best, lucky, steady, tested = rng.permutation(7)[:4]
    validation[best] = rng.permutation([0.75, 0.85, 0.98]) + rng.uniform(0, 0.01, 3)
    validation[lucky] = rng.permutation([0.6, 0.7, 0.995])
    validation[steady] = rng.uniform(0.8, 0.82, 3)
    test[tested] = rng.uniform(0.9, 0.95, 3)
    return np.sort(rng.uniform(0.001, 1, 7)), validation, test


exercise(
    "components.fair-choice",
    asks="a function choose(rates, validation, test) that returns a rate and an accuracy",
    solution=_choose,
    inputs=_accuracies,
    mistakes={
        "the test chooses: test points may only report": lambda *a: _choose(
            *a, chooses=lambda validation, test: np.mean(test, axis=1)
        ),
        "validation reported: its best mean was picked, so it flatters": lambda *a: _choose(
            *a, reports=lambda validation, test: np.mean(validation)
        ),
        "the luckiest seed chooses: compare the means over the seeds": lambda *a: _choose(
            *a, chooses=lambda validation, test: np.max(validation, axis=1)
        ),
        "the worst seed chooses: compare the means over the seeds": lambda *a: _choose(
            *a, chooses=lambda validation, test: np.min(validation, axis=1)
        ),
        "the luckiest seed reported: report the mean over the seeds": lambda *a: _choose(
            *a, reports=lambda validation, test: np.max(test)
        ),
        "two different rates: report what the chosen one reached, not the best of all": (
            lambda rates, validation, test: (
                _choose(rates, validation, test)[0],
                np.mean(test, axis=1).max(),
            )
        ),
        "the number of the rate: return the rate itself": lambda rates, validation, test: (
            int(np.mean(validation, axis=1).argmax()),
            _choose(rates, validation, test)[1],
        ),
    },
)
