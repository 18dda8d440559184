"""Exercises of the chapter *Searching for weights*."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "components.search-tries",
    asks="a function tries(p, q) that returns a whole number",
    solution=lambda p, q: math.ceil(math.log(1 - q) / math.log(1 - p)),
    inputs=lambda rng: (rng.uniform(0.01, 0.1), rng.uniform(0.8, 0.99)),
    mistakes={
        "rounded down: then the chance is a little below q": lambda p, q: math.floor(
            math.log(1 - q) / math.log(1 - p)
        ),
        "tries added up: the chances of several tries do not add, the chances to miss multiply": (
            lambda p, q: math.ceil(q / p)
        ),
        "hit in place of miss: all tries miss with the chance (1 - p) to the n": lambda p, q: (
            math.ceil(math.log(q) / math.log(p))
        ),
    },
)


def _bowl(theta: Array) -> float:
    return float(np.sum((theta - 1) ** 2))


def _climb(answer: Callable, theta: Array, nudges: Array) -> tuple | None:
    before = theta.copy()
    made = answer(_bowl, theta, nudges)
    if made is None:  # the stub
        return None
    best, value = made
    return best, value, theta - before


def _climb_right(f: Callable, theta: Array, nudges: Array) -> tuple:
    best = f(theta)
    for nudge in nudges:
        if f(theta + nudge) < best:
            theta = theta + nudge
            best = f(theta)
    return theta, best


def _climb_in_place(f: Callable, theta: Array, nudges: Array) -> tuple:
    best, best_loss = theta, f(theta)
    for nudge in nudges:
        theta += nudge
        if f(theta) < best_loss:
            best, best_loss = theta, f(theta)
    return best, best_loss


def _climb_from_start(f: Callable, theta: Array, nudges: Array) -> tuple:
    tried = [theta, *(theta + nudge for nudge in nudges)]
    best = min(tried, key=f)
    return best, f(best)


def _climb_always(f: Callable, theta: Array, nudges: Array) -> tuple:
    theta = theta + nudges.sum(axis=0)
    return theta, f(theta)


exercise(
    "components.search-climb",
    asks="a function climb(f, theta, nudges) that returns the best weights (d,) and their loss",
    solution=_climb_right,
    inputs=lambda rng: (rng.standard_normal(5), 0.4 * rng.standard_normal((11, 5))),
    probe=_climb,
    mistakes={
        "nudged in place: best and theta are one array, and every nudge moves both": (
            _climb_in_place
        ),
        "always from the start: a nudge is added to the best so far, not to where it began": (
            _climb_from_start
        ),
        "every nudge kept: only those that make the loss smaller count": _climb_always,
    },
)

exercise(
    "components.search-length",
    asks="a function length_for(chance, R, d) that returns the length r of the step",
    solution=lambda chance, R, d: -2 * R * NormalDist().inv_cdf(chance) / math.sqrt(d),
    inputs=lambda rng: (rng.uniform(0.1, 0.4), rng.uniform(0.5, 2.0), int(rng.integers(20, 200))),
    mistakes={
        "dimension in place of its root: the cosine has the standard deviation 1/√d": (
            lambda chance, R, d: -2 * R * NormalDist().inv_cdf(chance) / d
        ),
        "the sign of the tail: a chance below one half belongs to a negative argument of Φ": (
            lambda chance, R, d: 2 * R * NormalDist().inv_cdf(chance) / math.sqrt(d)
        ),
        "a factor of two: the step helps if the cosine is above r / 2R": lambda chance, R, d: (
            -R * NormalDist().inv_cdf(chance) / math.sqrt(d)
        ),
    },
)


def _slopes(f: Callable, theta: Array, eps: float, ahead: float, behind: float, by: float) -> Array:
    pairs = [(theta + ahead * eps * e, theta - behind * eps * e) for e in np.eye(len(theta))]
    return np.array([(f(a) - f(b)) / (by * eps) for a, b in pairs])


def _cubic(theta: Array) -> float:
    return float(np.sum(theta**3) + theta[0] * theta[-1])


exercise(
    "components.search-two-sided",
    asks="a function two_sided(f, theta, eps) that returns the slopes, (d,)",
    solution=lambda f, theta, eps: _slopes(f, theta, eps, 1, 1, 2),
    inputs=lambda rng: (_cubic, rng.standard_normal(5), 0.1),
    mistakes={
        "one-sided: look to both sides, θ + ε and θ - ε": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 0, 1
        ),
        "divided by ε: the two points lie 2ε apart": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 1, 1
        ),
        "all weights at once: only weight i moves for slope i": lambda f, theta, eps: np.full(
            len(theta), (f(theta + eps) - f(theta - eps)) / (2 * eps)
        ),
    },
)

exercise(
    "components.search-one-fifth",
    asks="a function next_size(size, helped, a) that returns the new size",
    solution=lambda size, helped, a: size * (a if helped else a**-0.25),
    inputs=lambda rng: (rng.uniform(0.1, 1.0), bool(rng.random() < 0.4), rng.uniform(1.1, 2.0)),
    mistakes={
        "symmetric: shrinking by a as well holds at one success in two": (
            lambda size, helped, a: size * (a if helped else 1 / a)
        ),
        "the other way round: a success asks for larger steps": lambda size, helped, a: (
            size * (a**-0.25 if helped else a)
        ),
        "the fifth root: four failures must undo one success, so it is a to the -1/4": (
            lambda size, helped, a: size * (a if helped else a**-0.2)
        ),
    },
)


def _reached(value: Any) -> str | None:
    value = float(value)
    if not value > 0:
        return "a cross-entropy is positive"
    return None if value < 0.3 else f"the loss is {value:.3f}, below 0.3 is within reach"


exercise(
    "components.search-beat",
    asks="the loss that your search reached, one number",
    solution=0.12,
    accept=_reached,
    mistakes={"the accuracy: give the loss, which should be small": 0.95},
)
