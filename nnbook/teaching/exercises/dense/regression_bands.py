"""Exercises of the chapter *Regression*: quantiles, ensembles, bands that keep a promise."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import data
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

exercise(
    "dense.ordered-quantiles",
    asks="a function ordered(Z) of an array (N, Q) that returns an array (N, Q)",
    solution=lambda Z: np.cumsum(np.c_[Z[:, :1], np.exp(Z[:, 1:])], axis=1),
    inputs=lambda rng: (rng.standard_normal((5, 3)),),
    mistakes={
        "gaps not added up: the third lies a gap above the second": lambda Z: np.c_[
            Z[:, :1], Z[:, :1] + np.exp(Z[:, 1:])
        ],
        "the first one raised too: it may be any number": lambda Z: np.cumsum(np.exp(Z), axis=1),
        "no exponential: a gap may not be negative": lambda Z: np.cumsum(Z, axis=1),
        "sorted: the outputs would change places in training": lambda Z: np.sort(Z, axis=1),
        "gaps alone: the first number is where they start": lambda Z: np.c_[
            Z[:, :1], np.exp(Z[:, 1:])
        ],
        "wrong axis: the quantiles of one example lie in a row": lambda Z: np.cumsum(
            np.c_[Z[:, :1], np.exp(Z[:, 1:])], axis=0
        ),
    },
)


def _total(means: Array, variances: Array, ddof: int = 0) -> Array:
    return variances.mean(axis=0) + means.var(axis=0, ddof=ddof)


exercise(
    "dense.ensemble-variance",
    asks="a function total(means, variances) of two arrays (M, N) that returns an array (N,)",
    solution=_total,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.uniform(0.5, 2, (5, 3))),
    mistakes={
        "noise alone: the members also differ from each other": lambda m, v: v.mean(axis=0),
        "spread alone: each member also tells of noise": lambda m, v: m.var(axis=0),
        "deviations added: variances add up": lambda m, v: np.sqrt(v.mean(axis=0)) + m.std(axis=0),
        "deviation in place of the variance: leave out the root": lambda m, v: np.sqrt(
            _total(m, v)
        ),
        "variances of a mean: one member is drawn, they are not averaged": lambda m, v: (
            v.mean(axis=0) / len(m) + m.var(axis=0)
        ),
        "wrong axis: the members lie along axis 0": lambda m, v: v.mean(axis=1) + m.var(axis=1),
        "squares without the mean: take the mean of the members off first": lambda m, v: (
            v.mean(axis=0) + (m**2).mean(axis=0)
        ),
        "divided by M - 1: a member drawn at random has the plain variance": lambda m, v: _total(
            m, v, ddof=1
        ),
    },
)


def _widen(low: Array, high: Array, target: Array, share: float, rank: Callable) -> float:
    outside = np.maximum(low - target, target - high)
    return float(np.sort(outside)[rank(len(target), share) - 1])


def _rank(n: int, share: float) -> int:
    return math.ceil((n + 1) * share)


def _bands(rng: np.random.Generator) -> tuple:
    target = rng.standard_normal(37)
    centre = 0.5 * rng.standard_normal(37)
    return centre - 0.5, centre + 0.5, target, 0.8


exercise(
    "dense.conformal",
    asks="a function widen_by(low, high, target, share) of arrays (N,) that returns a number",
    solution=lambda low, high, target, share: _widen(low, high, target, share, _rank),
    inputs=_bands,
    mistakes={
        "rank too small: the new example is one of N + 1, and the rank is rounded up": (
            lambda lo, hi, t, share: _widen(lo, hi, t, share, lambda n, c: math.ceil(n * c))
        ),
        "the share outside: count those that are inside": lambda lo, hi, t, share: _widen(
            lo, hi, t, 1 - share, _rank
        ),
        "one side: a target can lie above the band, too": lambda lo, hi, t, share: float(
            np.sort(lo - t)[_rank(len(t), share) - 1]
        ),
        "distance from the middle: count from the ends of the band": lambda lo, hi, t, share: float(
            np.sort(np.abs(t - (lo + hi) / 2))[_rank(len(t), share) - 1]
        ),
        "inside counts as 0: a band that is too wide should shrink": lambda lo, hi, t, share: float(
            np.sort(np.maximum(np.maximum(lo - t, t - hi), 0))[_rank(len(t), share) - 1]
            if np.sort(np.maximum(lo - t, t - hi))[_rank(len(t), share) - 1] < 0
            else np.mean(np.maximum(np.maximum(lo - t, t - hi), 0))
        ),
        "counted from 0: the k-th smallest has the index k - 1": lambda lo, hi, t, share: _widen(
            lo, hi, t, share, lambda n, c: _rank(n, c) + 1
        ),
    },
)


def _patients(rng: np.random.Generator) -> tuple:
    table = data.diabetes()
    train, test = data.split(len(table.target), (0.7, 0.3), rng=rng)
    return (
        table.features[train],
        table.target[train],
        table.features[test],
        table.target[test],
    )


def _judged(band: Callable, X: Array, t: Array, X_new: Array, t_new: Array) -> list:
    answer = band(X, t, X_new)
    if answer is None:
        return [np.nan, np.nan]
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        raise AnswerError(f"expected two arrays, low and high, got {kind(answer)}")
    low, high = (np.asarray(v, dtype=float).ravel() for v in answer)
    if low.shape != t_new.shape or high.shape != t_new.shape:
        raise AnswerError(
            f"expected low and high of shape {t_new.shape}, got {low.shape} and {high.shape}"
        )
    return [float(np.mean((low <= t_new) & (t_new <= high))), float(np.mean(high - low))]


def _line_band(X: Array, t: Array, X_new: Array, z: float = 1.2816, line: bool = True) -> tuple:
    mean, std = X.mean(axis=0), X.std(axis=0)
    A, A_new = (np.c_[(x - mean) / std, np.ones(len(x))] for x in (X, X_new))
    theta = np.linalg.lstsq(A, t, rcond=None)[0] if line else np.r_[np.zeros(10), t.mean()]
    noise = np.sqrt(np.sum((A @ theta - t) ** 2) / (len(t) - A.shape[1]))
    return A_new @ theta - z * noise, A_new @ theta + z * noise


WIDTH = 165


def _promise(values: Any, *_: Any) -> str | None:
    inside, width = values
    if np.isnan(inside):
        return "expected low and high, got None"
    if width < 0:
        return "the ends are exchanged: low comes first"
    if inside < 0.65:
        return f"only {inside:.0%} of the new patients are inside, expected about 80 %"
    if width > WIDTH:
        return f"the band is {width:.0f} wide; {WIDTH} is within reach: use the measurements"
    return None


exercise(
    "dense.diabetes-band",
    asks="a function band(X, t, X_new) that returns two arrays (M,), low and high",
    solution=_line_band,
    inputs=_patients,
    probe=_judged,
    accept=_promise,
    mistakes={
        "half a deviation: most patients lie outside of it": lambda X, t, X_new: _line_band(
            X, t, X_new, z=0.5
        ),
        "the same for all: the measurements narrow the band": lambda X, t, X_new: _line_band(
            X, t, X_new, line=False
        ),
        "far too wide: a band of 80 % leaves some outside": lambda X, t, X_new: _line_band(
            X, t, X_new, z=3.0
        ),
        "exchanged: low first, then high": lambda X, t, X_new: _line_band(X, t, X_new)[::-1],
        "a band of no width: a single number is never right": lambda X, t, X_new: _line_band(
            X, t, X_new, z=0.0
        ),
    },
)
