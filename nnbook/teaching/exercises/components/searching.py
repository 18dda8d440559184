"""Exercises of the chapter *Searching for weights*."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
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
        "hit instead of miss: all tries miss with the chance (1 - p) to the n": lambda p, q: (
            math.ceil(math.log(q) / math.log(p))
        ),
        "not a whole number: round up": lambda p, q: math.log(1 - q) / math.log(1 - p),
        "chance of failing: q is the chance to hit, so 1 - q is left": lambda p, q: math.ceil(
            math.log(q) / math.log(1 - p)
        ),
        "the mean: 1/p tries are needed on average, not with the chance q": lambda p, q: math.ceil(
            1 / p
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
    if not (isinstance(made, (tuple, list)) and len(made) == 2):
        raise AnswerError(f"expected two things, the weights and their loss, got {kind(made)}")
    if not np.array_equal(theta, before):
        raise AnswerError("theta has changed: a nudge must make a new array, theta + nudge")
    return tuple(made)


def _climb_right(
    f: Callable, theta: Array, nudges: Array, sign: float = 1, fresh: bool = True, walk: float = 1
) -> tuple:
    best = f(theta)
    for nudge in nudges:
        if sign * f(theta + nudge) < sign * best:
            theta = walk * theta + nudge
            best = f(theta) if fresh else best
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
        "best loss not renewed: compare with the best so far, not with the first": lambda *a: (
            _climb_right(*a, fresh=False)
        ),
        "uphill: keep what makes the loss smaller": lambda *a: _climb_right(*a, sign=-1),
        "the nudge instead of the weights: it is added to them": lambda *a: _climb_right(
            *a, walk=0
        ),
        "stopped at the first: go on to the last nudge": lambda f, theta, nudges: next(
            (theta + n, f(theta + n)) for n in nudges if f(theta + n) < f(theta)
        ),
    },
)

exercise(
    "components.search-length",
    asks="a function length_for(chance, R, d) that returns the length r of the step",
    solution=lambda chance, R, d: -2 * R * NormalDist().inv_cdf(chance) / math.sqrt(d),
    inputs=lambda rng: (rng.uniform(0.1, 0.4), rng.uniform(0.5, 2.0), int(rng.integers(20, 200))),
    mistakes={
        "dimension instead of its root: the cosine has the standard deviation 1/√d": (
            lambda chance, R, d: -2 * R * NormalDist().inv_cdf(chance) / d
        ),
        "the sign of the tail: a chance below one half belongs to a negative argument of Φ": (
            lambda chance, R, d: 2 * R * NormalDist().inv_cdf(chance) / math.sqrt(d)
        ),
        "a factor of two: the step helps if the cosine is above r / 2R": lambda chance, R, d: (
            -R * NormalDist().inv_cdf(chance) / math.sqrt(d)
        ),
        "multiplied by the root: the cosine gets smaller as d grows": lambda chance, R, d: (
            -2 * R * NormalDist().inv_cdf(chance) * math.sqrt(d)
        ),
        "R forgotten: the step is measured against the distance R": lambda chance, R, d: (
            -2 * NormalDist().inv_cdf(chance) / math.sqrt(d)
        ),
        "Φ instead of its inverse: the chance is given, its argument is asked for": (
            lambda chance, R, d: 2 * R * NormalDist().cdf(-chance) / math.sqrt(d)
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
    inputs=lambda rng: (_cubic, rng.standard_normal(5), 0.07),
    mistakes={
        "one-sided: look to both sides, θ + ε and θ - ε": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 0, 1
        ),
        "divided by ε: the two points are 2ε apart": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 1, 1
        ),
        "all weights at once: only weight i moves for slope i": lambda f, theta, eps: np.full(
            len(theta), (f(theta + eps) - f(theta - eps)) / (2 * eps)
        ),
        "not divided: a slope is the rise over 2ε": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 1, 1 / eps
        ),
        "divided by ε²: that is for a second difference": lambda f, theta, eps: _slopes(
            f, theta, eps, 1, 1, eps
        ),
        "one-sided, looking back: look to both sides": lambda f, theta, eps: _slopes(
            f, theta, eps, 0, 1, 1
        ),
        "added: the slope has the difference of the two values": lambda f, theta, eps: np.array(
            [(f(theta + eps * e) + f(theta - eps * e)) / (2 * eps) for e in np.eye(len(theta))]
        ),
        "an ε of its own: take the one that is given": lambda f, theta, eps: _slopes(
            f, theta, 1e-6, 1, 1, 2
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
        "never smaller: after a failure the size shrinks": lambda size, helped, a: (
            size * (a if helped else 1)
        ),
        "sign of the exponent: a failure shrinks the size": lambda size, helped, a: (
            size * (a if helped else a**0.25)
        ),
        "size forgotten: the factor multiplies the old size": lambda size, helped, a: (
            a if helped else a**-0.25
        ),
        "four times too much: four failures together undo one success": lambda size, helped, a: (
            size * (a if helped else a**-4)
        ),
    },
)
