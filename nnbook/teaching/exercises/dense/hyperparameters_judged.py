"""Exercises of the chapter *Hyperparameters* on judging what a search has found."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "dense.hyper-paired",
    asks="a function paired(a, b) that returns two numbers",
    solution=lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1) / math.sqrt(len(a))),
    inputs=lambda rng: (lambda hard: (hard + rng.random(7) / 5, hard + rng.random(7) / 9))(
        rng.random(7)
    ),
    mistakes={
        "not paired: take the differences first, what is hard for both then cancels": (
            lambda a, b: (
                np.mean(a) - np.mean(b),
                math.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a)),
            )
        ),
        "a deviation, not a standard error: divide by the root of the number of folds": (
            lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1))
        ),
        "divided by k: a sample deviation divides by k - 1": lambda a, b: (
            np.mean(a - b),
            np.std(a - b) / math.sqrt(len(a)),
        ),
        "no root: the variance of a mean is divided by k, its deviation by the root": (
            lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1) / len(a))
        ),
        "wrong way round: a minus b": lambda a, b: (
            np.mean(b - a),
            np.std(a - b, ddof=1) / math.sqrt(len(a)),
        ),
        "distances: keep the signs of the differences": lambda a, b: (
            np.mean(np.abs(a - b)),
            np.std(np.abs(a - b), ddof=1) / math.sqrt(len(a)),
        ),
    },
)


def _kept(valid: Array, fresh: Array, default: int, *, by: Array | None = None) -> tuple:
    winner = int(np.argmin(valid if by is None else by))
    return valid[default] - valid[winner], fresh[default] - fresh[winner]


def _errors(rng: np.random.Generator) -> tuple:
    true = rng.uniform(0.2, 0.5, 23)
    valid, fresh = (true + s * rng.standard_normal(23) for s in (0.15, 0.05))
    return valid, fresh, int(np.argsort(valid)[17])


exercise(
    "dense.hyper-kept",
    asks="a function kept(valid, fresh, default) that returns two gains",
    solution=_kept,
    inputs=_errors,
    mistakes={
        "chosen on fresh rows: then they are no longer fresh": lambda valid, fresh, default: _kept(
            valid, fresh, default, by=fresh
        ),
        "two winners: the setting is chosen once, on the validation rows": (
            lambda valid, fresh, default: (
                valid[default] - valid.min(),
                fresh[default] - fresh.min(),
            )
        ),
        "wrong sign: a gain is the default's error less the chosen one's": (
            lambda valid, fresh, default: tuple(-g for g in _kept(valid, fresh, default))
        ),
        "largest error taken: the smallest wins": lambda valid, fresh, default: _kept(
            valid, fresh, default, by=-valid
        ),
        "errors, not gains: take them from the default's": lambda valid, fresh, default: (
            valid.min(),
            fresh[int(np.argmin(valid))],
        ),
        "over the mean of all: the gain is over the default": lambda valid, fresh, default: (
            valid.mean() - valid.min(),
            fresh.mean() - fresh[int(np.argmin(valid))],
        ),
    },
)

PERCENT = "percentages: give errors as fractions between 0 and 1"
RIGHT = "accuracies: give the shares that are wrong"
DEAR = "too many epochs: 60 in all are allowed"
ALIKE = "not smaller than the table's: try a wider layer, or momentum, with the rate of the test"


def _better(answer: Any) -> str | None:
    ours, theirs, epochs = (float(value) for value in answer)
    if not (0 <= ours <= 1 and 0 <= theirs <= 1):
        return PERCENT
    if ours > 0.5 and theirs > 0.5:
        return RIGHT
    if epochs > 60:
        return DEAR
    return None if ours < theirs else ALIKE


exercise(
    "dense.hyper-search",
    asks="three numbers: your fresh error, the table's, and the epochs you spent",
    solution=(0.2, 0.22, 40),
    accept=_better,
    mistakes={
        PERCENT: (20.0, 22.0, 40),
        RIGHT: (0.8, 0.78, 40),
        DEAR: (0.2, 0.22, 400),
        ALIKE: (0.23, 0.22, 40),
    },
)
