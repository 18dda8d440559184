"""Exercises of the chapter *Evaluating a model*: how sure a number, an answer, a difference is."""

from __future__ import annotations

import math

import numpy as np

from nnbook.metrics import fit_temperature
from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _wilson(
    k: int, n: int, z: float, middle: float = 0.5, root: float = 0.25, scale: float = 1.0
) -> tuple[float, float]:
    p, c = k / n, z * z / n
    half = z * math.sqrt(p * (1 - p) / n + root * c / n)
    return (p + middle * c - half) / (1 + scale * c), (p + middle * c + half) / (1 + scale * c)


exercise(
    "dense.evaluation-wilson",
    asks="a function interval(k, n, z) that returns the lower and the upper end",
    solution=_wilson,
    inputs=lambda rng: (int(rng.integers(15, 25)), int(rng.integers(26, 33)), 1.96),
    mistakes={
        "the usual interval: it takes the standard error at k/n instead of at p": lambda k, n, z: (
            _wilson(k, n, z, middle=0, root=0, scale=0)
        ),
        "not divided by 1 + z²/n: that is the coefficient of p² in the quadratic": (
            lambda k, n, z: _wilson(k, n, z, scale=0)
        ),
        "the middle: z²/2n is added to k/n": lambda k, n, z: _wilson(k, n, z, middle=0),
        "z²/n in the middle: it is half of that": lambda k, n, z: _wilson(k, n, z, middle=1.0),
        "z²/4n² under the root: without it the width is zero if all are right": lambda k, n, z: (
            _wilson(k, n, z, root=0)
        ),
        "the upper end first: give the lower one first": lambda k, n, z: _wilson(k, n, z)[::-1],
        "middle and half width: give the two ends": lambda k, n, z: (
            sum(_wilson(k, n, z)) / 2,
            _wilson(k, n, z)[1] - sum(_wilson(k, n, z)) / 2,
        ),
        "the mistakes: k of n answers are right": lambda k, n, z: _wilson(n - k, n, z),
    },
)


def _logits(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return logits that are too long or too short, and classes drawn from the right ones."""
    z, tau = 2 * rng.standard_normal((700, 5)) + 3, rng.choice([0.4, 2.0, 3.0])
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    t = (rng.random((700, 1)) > np.cumsum(p, axis=1)).sum(axis=1)
    return tau * z, np.minimum(t, 4)


def _best(Z: Array, t: Array, cost: str) -> float:
    """Return the temperature of a grid at which another cost is smallest."""
    taus = np.geomspace(0.1, 10, 400)
    costs = []
    for tau in taus:
        p = np.exp((Z - Z.max(axis=1, keepdims=True)) / tau)
        p /= p.sum(axis=1, keepdims=True)
        own, right = p[np.arange(len(t)), t], p.argmax(axis=1) == t
        costs.append(
            {
                "answers": -float(right.mean()),
                "squares": float(np.mean((p - np.eye(p.shape[1])[t]) ** 2)),
                "probability": -float(own.mean()),
            }[cost]
        )
    return float(taus[int(np.argmin(costs))])


def _of_probabilities(Z: Array, t: Array) -> float:
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    return fit_temperature(p / p.sum(axis=1, keepdims=True), target=t)


exercise(
    "dense.evaluation-temperature",
    asks="a function best_temperature(Z, t) that returns a number",
    solution=lambda Z, t: fit_temperature(Z, target=t),
    inputs=_logits,
    tolerance=3e-3,
    mistakes={
        "the inverse: with a = 1/τ, return 1/a": lambda Z, t: 1 / fit_temperature(Z, target=t),
        "by accuracy: no temperature changes an answer, so all are equally good": lambda Z, t: (
            _best(Z, t, "answers")
        ),
        "the squared error: the temperature is found by the cross-entropy": lambda Z, t: _best(
            Z, t, "squares"
        ),
        "without the logarithm: the mean probability of the right class is another measure": (
            lambda Z, t: _best(Z, t, "probability")
        ),
        "of probabilities: the logits are divided, before the softmax": _of_probabilities,
        "no fit: 1 leaves everything as it is": lambda Z, t: 1.0,
    },
)


def _coin(first: Array, second: Array, sides: int = 2, less: int = 0) -> float:
    a, b = int(np.sum(first & ~second)), int(np.sum(second & ~first))
    n = a + b
    tail = sum(math.comb(n, k) for k in range(min(a, b) + 1 - less))
    return min(1.0, sides * tail / 2**n)


def _normal(a: float, variance: float) -> float:
    return math.erfc(abs(a) / math.sqrt(2 * variance))


def _of_two_sets(first: Array, second: Array) -> float:
    """Return the p of two accuracies as if they came from two test sets."""
    variance = (first.var() + second.var()) / len(first)
    return _normal(float(first.mean() - second.mean()), variance)


def _answers(rng: np.random.Generator) -> tuple[Array, Array]:
    n, a = int(rng.integers(18, 23)), int(rng.integers(4, 7))
    first, second = np.ones((2, 150), bool)
    first[:20] = second[:20] = False  # both wrong
    second[30 : 30 + a] = False
    first[50 : 50 + n - a] = False
    order = rng.permutation(150)
    return first[order], second[order]


exercise(
    "dense.evaluation-coin",
    asks="a function p_of(first, second) that returns a probability",
    solution=_coin,
    inputs=_answers,
    mistakes={
        "one tail: a split as uneven in the other direction is as surprising": lambda f, s: _coin(
            f, s, sides=1
        ),
        "only more uneven splits: the one that was seen counts too": lambda f, s: _coin(
            f, s, less=1
        ),
        "one split: add up all that are at least as uneven": lambda f, s: (
            _coin(f, s, sides=1) - _coin(f, s, sides=1, less=1)
        ),
        "all rows: toss a coin only for those on which the two differ": lambda f, s: min(
            1.0,
            2
            * sum(math.comb(len(f), k) for k in range(int(min(np.sum(f & ~s), np.sum(s & ~f))) + 1))
            / 2 ** len(f),
        ),
        "as of two test sets: both networks saw the same rows": _of_two_sets,
        "the normal distribution: with so few rows add up the binomial one": lambda f, s: _normal(
            float(np.sum(f & ~s)) - float(np.sum(s & ~f)), float(np.sum(f ^ s))
        ),
        "the opposite: p is small if the split is uneven": lambda f, s: 1 - _coin(f, s),
    },
)

exercise(
    "dense.evaluation-rows",
    asks="a function rows_needed(q, d, z) that returns a number",
    solution=lambda q, d, z: z**2 * (q - d**2) / d**2,
    inputs=lambda rng: (rng.uniform(0.1, 0.3), rng.uniform(0.05, 0.09), rng.uniform(1.5, 3.0)),
    mistakes={
        "d² forgotten in the variance: from the mean square the square of the mean is taken": (
            lambda q, d, z: z**2 * q / d**2
        ),
        "d not squared: the standard error falls with the root of N": lambda q, d, z: (
            z**2 * (q - d**2) / d
        ),
        "z not squared: both sides are squared to solve for N": lambda q, d, z: (
            z * (q - d**2) / d**2
        ),
        "the root of N: square once more": lambda q, d, z: z * np.sqrt(q - d**2) / d,
        "a share of q: the paired variance is q - d², not q (1 - q)": lambda q, d, z: (
            z**2 * q * (1 - q) / d**2
        ),
        "two test sets: with pairs the variance is that of one difference": lambda q, d, z: (
            2 * z**2 * (q - d**2) / d**2
        ),
        "deviation: the variance q - d² stands under the root already": lambda q, d, z: (
            z**2 * (q - d**2) ** 2 / d**2
        ),
    },
)
