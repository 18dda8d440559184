"""Exercises of the chapter *Hyperparameters* on searching."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "dense.hyper-trials",
    asks="a function trials(q, P) that returns a whole number",
    solution=lambda q, P: math.ceil(math.log(1 - P) / math.log(1 - q)),
    probe=lambda trials: [trials(q, P) for q, P in ((0.05, 0.95), (0.01, 0.5), (0.5, 0.1))],
    inputs=lambda rng: (),
    mistakes={
        "rounded down: with one training less the probability is still too small": lambda q, P: (
            math.floor(math.log(1 - P) / math.log(1 - q))
        ),
        "the wrong way up: the logarithm of 1 - P is divided by that of 1 - q": lambda q, P: (
            math.ceil(math.log(1 - q) / math.log(1 - P))
        ),
        "hits in place of misses: the probability that all miss is (1 - q) to the power n": (
            lambda q, P: math.ceil(math.log(P) / math.log(q))
        ),
        "one over q: so many are needed for one hit on average": lambda q, P: math.ceil(1 / q),
        "share of a sure thing: the misses multiply, they do not add": lambda q, P: math.ceil(
            P / q
        ),
        "P itself: all may miss with probability 1 - P": lambda q, P: math.ceil(
            math.log(P) / math.log(1 - q)
        ),
    },
)


def _bounds(rng: np.random.Generator) -> tuple:
    low = 10 ** rng.uniform(-4, -2)
    return low, low * 10 ** rng.uniform(2, 4)


def _steps(rng: np.random.Generator) -> tuple:
    return *_bounds(rng), 13


exercise(
    "dense.hyper-plan",
    asks="a function plan(low, high, steps) that returns an array of rates",
    solution=lambda low, high, steps: np.geomspace(low, high, steps),
    inputs=_steps,
    mistakes={
        "linear: the rate rises by the same factor, not by the same amount": (
            lambda low, high, steps: np.linspace(low, high, steps)
        ),
        "never reaches the end: the exponent runs to 1, so divide by steps - 1": (
            lambda low, high, steps: low * (high / low) ** (np.arange(steps) / steps)
        ),
        "begins too late: the first exponent is 0": lambda low, high, steps: (
            low * (high / low) ** (np.arange(1, steps + 1) / steps)
        ),
        "falls: the smallest rate comes first": lambda low, high, steps: np.geomspace(
            high, low, steps
        ),
        "exponents in place of rates: take the power": lambda low, high, steps: np.linspace(
            math.log10(low), math.log10(high), steps
        ),
        "one too many: there are as many rates as steps": lambda low, high, steps: np.geomspace(
            low, high, steps + 1
        ),
    },
)

exercise(
    "dense.hyper-draw",
    asks="a function draw(u, low, high) that returns rates of the shape of u",
    solution=lambda u, low, high: low * (high / low) ** u,
    inputs=lambda rng: (rng.random(7), *_bounds(rng)),
    mistakes={
        "uniform in the rate: draw its logarithm": lambda u, low, high: low + u * (high - low),
        "the logarithm itself: take the exponential of it at the end": lambda u, low, high: (
            np.log(low) + u * np.log(high / low)
        ),
        "backwards: u = 0 gives the lower bound": lambda u, low, high: high * (low / high) ** u,
        "mixed bases: logarithms to base 10 want powers of 10": lambda u, low, high: np.exp(
            np.log10(low) + u * np.log10(high / low)
        ),
        "low forgotten: the range begins at low, not at 1": lambda u, low, high: (high / low) ** u,
        "one over the rate: uniform in its inverse is another distribution": lambda u, low, high: (
            1 / (1 / low + u * (1 / high - 1 / low))
        ),
    },
)


def _thirds(
    curves: Array,
    *,
    anew: bool = False,
    worst: bool = False,
    late: bool = False,
    first: bool = False,
    inside: bool = False,
    share: int = 3,
) -> tuple[int, int]:
    alive, budget, spent = np.arange(len(curves)), 1, len(curves)
    while budget < curves.shape[1]:
        at = curves[alive, -1 if late else budget - 1]
        ranking = np.argsort(-at if worst else at)
        alive = alive[ranking[: max(1, len(alive) // share)]]
        spent += len(alive) * (3 if anew else 2) * budget
        budget *= 3
    place = 0 if first else int(np.argmin(curves[alive, -1]))
    return (place if inside else int(alive[place])), spent


def _curves(rng: np.random.Generator) -> tuple:
    """Draw curves of error that cross: who leads at first need not lead at the end."""
    n = 31
    start, end, speed = rng.uniform(0.7, 0.9, n), rng.uniform(0.1, 0.3, n), rng.uniform(2, 9, n)
    epochs = np.arange(27)
    curves = end[:, None] + (start - end)[:, None] * np.exp(-epochs / speed[:, None])
    return (curves + 0.05 * rng.standard_normal(curves.shape),)


exercise(
    "dense.hyper-thirds",
    asks="a function thirds(curves) that returns the number of a setting, and the epochs spent",
    solution=_thirds,
    inputs=_curves,
    mistakes={
        "begun anew: a training that is continued costs only the further epochs": (
            lambda curves: _thirds(curves, anew=True)
        ),
        "the worst kept: a small error is good": lambda curves: _thirds(curves, worst=True),
        "halves: a third is kept in each round": lambda curves: _thirds(curves, share=2),
        "looked ahead: a round knows the errors of its own last epoch, not of the end": (
            lambda curves: _thirds(curves, late=True)
        ),
        "place among those left: return its number among all": lambda curves: _thirds(
            curves, inside=True
        ),
        "everything in full: count the epochs of those that are left in each round": (
            lambda curves: (_thirds(curves)[0], curves.size)
        ),
    },
)
