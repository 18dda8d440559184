"""Exercises of the page *Reflections*: the best loss, faults that a test does not see, tests to choose."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.gradcheck import check_vjp
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _best(V: int, T: int, free: int) -> float:
    return free * math.log(V) / T


exercise(
    "practice.reflections-best",
    asks="a function best(V, T, free) that returns a number, in nats",
    solution=_best,
    inputs=lambda rng: (
        int(rng.integers(5, 60)),
        int(rng.integers(20, 40)),
        int(rng.integers(3, 9)),
    ),
    mistakes={
        "in bits: the natural logarithm gives nats": lambda V, T, free: free * math.log2(V) / T,
        "a sum: the mean divides by the T predictions": lambda V, T, free: free * math.log(V),
        "nothing known: what can be known exactly costs nothing": lambda V, T, free: math.log(V),
        "mean over the rest: divide by all T predictions": (
            lambda V, T, free: free * math.log(V) / (T - free)
        ),
        "the others: it is those that cannot be guessed that cost something": (
            lambda V, T, free: (T - free) * math.log(V) / T
        ),
    },
)


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max())
    return e / e.sum()


def _right(p: Array, g: Array) -> Array:
    return p * (g - p @ g)


_SEEN = "seen by ones: for equal entries of g the answer has to vanish, as the right one does"
_CORRECT = "nothing wrong: for a random cotangent the answer must differ from the right one"


def _both_checks(answer: Any, p: Array, g: Array) -> tuple | None:
    """Return the answer for ones and for a random cotangent, beside the right one for that."""
    found = []
    for cotangent in (np.ones_like(p), g):
        given = answer(p.copy(), cotangent.copy())
        if given is None or given is ...:
            return None
        if np.shape(given) != p.shape:
            raise AnswerError(f"expected the shape {p.shape}, that of p, got {np.shape(given)}")
        found.append(np.asarray(given, float))
    return found[0], found[1], _right(p, g)


def _blind(told: tuple, p: Array, g: Array) -> str | None:
    with_ones, with_random, right = told
    if not np.isfinite(with_ones).all() or np.abs(with_ones).max() > 1e-9:
        return _SEEN
    if not np.isfinite(with_random).all():
        return "not finite: a gradient of NaN or infinity is seen without any check"
    return _CORRECT if np.abs(with_random - right).max() < 1e-6 else None


exercise(
    "practice.reflections-blind",
    asks="a function wrong_pullback(p, g) that returns an array of the shape of p",
    solution=lambda p, g: p * (g - g.mean()),
    inputs=lambda rng: (_softmax(rng.standard_normal(7)), rng.standard_normal(7)),
    probe=_both_checks,
    accept=_blind,
    mistakes={
        _CORRECT: _right,
        _SEEN: lambda p, g: p * g,
        "not finite: a gradient of NaN or infinity is seen without any check": (
            lambda p, g: _right(p, g) / np.where(np.ptp(g) > 0, 0.0, 1.0)
        ),
        "a column: the answer has the shape of p": lambda p, g: (p * (g - g.mean()))[:, None],
    },
)


_SAME = "softmax itself: its outputs have to differ from those of softmax"
_SUM = (
    "sum is not one: the outputs of softmax sum to one, and a shape or a sum would tell them apart"
)
_SIGN = "not positive: the outputs of softmax are"
_SLOPE = (
    "wrong gradient: a check with a random cotangent sees it; the pullback has to fit the value"
)


def _value_and_error(answer: Any, x: Array, g: Array) -> tuple | None:
    """Return the value of an answer and the error of its gradient."""
    made = there_and_back(answer, x, g)
    if made is None or made[1] is None:
        return None
    if np.shape(made[0]) != x.shape or np.shape(made[1]) != x.shape:
        raise AnswerError(f"expected the shape {x.shape} for the value and for its gradient")
    error = check_vjp(answer, (x,), rng=np.random.default_rng(0))
    return np.asarray(made[0], float), error


def _unmeant(told: tuple, x: Array, g: Array) -> str | None:
    value, error = told
    if not (value > 0).all():
        return _SIGN
    if abs(value.sum() - 1) > 1e-6:
        return _SUM
    if not error < 1e-6:
        return _SLOPE
    return _SAME if np.abs(value - _softmax(x)).max() < 1e-6 else None


def _scaled(x: Array, scale: float = 0.5, back: float = 0.5) -> tuple:
    p = _softmax(scale * x)
    return p, lambda g: (back * _right(p, g),)


def _sigmoids(x: Array) -> tuple:
    s = 1 / (1 + np.exp(-x))
    return s, lambda g: (g * s * (1 - s),)


exercise(
    "practice.reflections-unmeant",
    asks="a function unmeant(x) that returns the value (D,) and a pullback, which returns (dx,)",
    solution=_scaled,
    inputs=lambda rng: (rng.standard_normal(7), rng.standard_normal(7)),
    probe=_value_and_error,
    accept=_unmeant,
    mistakes={
        _SAME: lambda x: _scaled(x, 1.0, 1.0),
        _SLOPE: lambda x: _scaled(x, 0.5, 1.0),
        _SUM: _sigmoids,
        _SIGN: lambda x: (x - x.mean() + 1 / x.size, lambda g: (g - g.mean(),)),
    },
)


def _choose(seen: Array, *, strike: bool = True, last: bool = False) -> list[int]:
    left, chosen = np.array(seen, bool), []
    while left.any():
        counts = left.sum(axis=0)
        best = int(len(counts) - 1 - counts[::-1].argmax()) if last else int(counts.argmax())
        chosen.append(best)
        if strike:
            left = left[~left[:, best]]
        else:
            left[:, best] = False
    return chosen


def _table(rng: np.random.Generator) -> Array:
    """Draw a table in which ties, a useless test and a fault that nobody sees occur."""
    block = rng.random((12, 4)) < 0.4
    block[0] = [True, False, False, True]
    seen = np.column_stack([block, block[:, 1], np.zeros(12, bool)])
    seen[:, [1, 4]] |= np.arange(12)[:, None] < 7
    seen[11] = False
    seen[10] = [True, False, False, False, False, False]
    return seen[:, [2, 1, 0, 4, 3, 5]]


exercise(
    "practice.reflections-choose",
    asks="a function choose(seen) that returns a list of indices of tests",
    solution=_choose,
    inputs=_table,
    probe=lambda answer, seen: None if (r := answer(seen)) is None else np.array(r, float),
    mistakes={
        "faults counted again: what a chosen test sees is struck out": lambda seen: _choose(
            seen, strike=False
        ),
        "last of equals: of equally good tests the first is taken": lambda seen: _choose(
            seen, last=True
        ),
        "one only: go on until no test adds a fault": lambda seen: _choose(seen)[:1],
        "faults instead of tests: the tests are the columns": lambda seen: _choose(seen.T),
    },
)
