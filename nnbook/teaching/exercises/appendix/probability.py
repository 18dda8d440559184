"""Exercises of the appendix *Probability*: Bayes' rule, errors of means, maximum likelihood."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _ill(prior: float, hit: float, alarm: float) -> float:
    return prior * hit / (prior * hit + (1 - prior) * alarm)


exercise(
    "appendix.probability-positive",
    asks="a function ill(prior, hit, alarm) that returns a probability",
    solution=_ill,
    inputs=lambda rng: (
        float(rng.uniform(0.01, 0.1)),
        float(rng.uniform(0.7, 0.95)),
        float(rng.uniform(0.15, 0.3)),
    ),
    mistakes={
        "turned round: hit is how likely the ill are to be positive, not the positive to be ill": (
            lambda prior, hit, alarm: hit
        ),
        "prior ignored: how common the disease is decides as well": lambda prior, hit, alarm: (
            hit / (hit + alarm)
        ),
        "not divided: this is the share of all people who are ill and positive": (
            lambda prior, hit, alarm: prior * hit
        ),
        "alarms of everybody: only the healthy, a share 1 - prior, have false alarms": (
            lambda prior, hit, alarm: prior * hit / (prior * hit + alarm)
        ),
        "the healthy: this is the probability of a false alarm": lambda *a: 1 - _ill(*a),
    },
)


def _report(x: Array, ddof: int = 1) -> tuple[float, float, float]:
    s = float(np.std(x, ddof=ddof))
    return float(np.mean(x)), s, s / math.sqrt(len(x))


exercise(
    "appendix.probability-report",
    asks="a function report(x) that returns mean, sample deviation and standard error",
    solution=_report,
    inputs=lambda rng: (rng.uniform(0.7, 0.99, 5),),
    mistakes={
        "divided by n: the deviation of a sample has n - 1 below the sum": lambda x: _report(x, 0),
        "n - 1 twice: the standard error divides by the root of n": lambda x: (
            *_report(x)[:2],
            _report(x)[1] / math.sqrt(len(x) - 1),
        ),
        "variance: its root stands behind the ±": lambda x: (
            _report(x)[0],
            _report(x)[1] ** 2,
            _report(x)[2],
        ),
        "root forgotten: the error falls with the root of n": lambda x: (
            *_report(x)[:2],
            _report(x)[1] / len(x),
        ),
        "median: the mean is asked for": lambda x: (float(np.median(x)), *_report(x)[1:]),
    },
)


def _deviation(a: float, b: float, r: float, n: int) -> float:
    return math.sqrt((a * a + b * b - 2 * r * a * b) / n)


exercise(
    "appendix.probability-difference",
    asks="a function deviation(a, b, r, n) that returns a number",
    solution=_deviation,
    inputs=lambda rng: (
        float(rng.uniform(0.3, 0.6)),
        float(rng.uniform(0.8, 1.5)),
        float(rng.uniform(0.4, 0.8)),
        int(rng.integers(3, 9)),
    ),
    mistakes={
        "luck not shared: what both have in common cancels": lambda a, b, r, n: _deviation(
            a, b, 0, n
        ),
        "sign of the covariance: in a difference it is subtracted": lambda a, b, r, n: _deviation(
            a, b, -r, n
        ),
        "one pair: a mean over n seeds varies less": lambda a, b, r, n: _deviation(a, b, r, 1),
        "covariance counted once: the mixed term has the factor 2": lambda a, b, r, n: _deviation(
            a, b, r / 2, n
        ),
        "correlation as covariance: multiply it by both deviations": lambda a, b, r, n: math.sqrt(
            abs(a * a + b * b - 2 * r) / n
        ),
        "variance: its root is asked for": lambda *given: _deviation(*given) ** 2,
        "deviations subtracted: it is the variances that add": lambda a, b, r, n: (
            abs(a - b) / math.sqrt(n)
        ),
    },
)

exercise(
    "appendix.probability-waiting",
    asks="a function rate(x) that returns a number",
    solution=lambda x: 1 / np.mean(x),
    inputs=lambda rng: (rng.exponential(0.3, 7),),
    mistakes={
        "mean time: the rate is one over it": lambda x: np.mean(x),
        "mean of the inverses: add up the times first": lambda x: np.mean(1 / x),
        "median time: the likelihood asks for the mean": lambda x: 1 / np.median(x),
        "n forgotten: each time brings a factor λ, so n is above the sum": lambda x: 1 / np.sum(x),
        "n - 1: the likelihood divides by the plain mean": lambda x: (len(x) - 1) / np.sum(x),
    },
)
