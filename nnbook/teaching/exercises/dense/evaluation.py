"""Exercises of the chapter *Evaluating a model*: what is counted, and at which threshold."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "dense.evaluation-screening",
    asks="a number with three decimals",
    solution=0.154,
    tolerance=0.004,
    mistakes={
        "the share found: that is of the ill, and the question is about those with an alarm": 0.9,
        "as many ill as healthy: only one person in a hundred is ill": 0.9 / (0.9 + 0.05),
        "the false ones: this is the share of alarms without an illness": 0.846,
        "over all people: divide by those with an alarm, not by everybody": 0.009,
        "odds: real alarms over false ones, and not over all alarms": 0.009 / 0.0495,
        "per cent: give a share between 0 and 1": 15.4,
    },
)


def _measures(M: Array) -> tuple[Array, Array, float]:
    right, columns, rows = np.diag(M), M.sum(axis=0), M.sum(axis=1)
    return right / columns, right / rows, float(np.mean(2 * right / (columns + rows)))


def _matrix(rng: np.random.Generator) -> tuple[Array]:
    """Return a matrix in which precision and recall are far apart."""
    often = np.array([1, 5, 1, 1, 3])  # how often a class is answered
    return (rng.integers(1, 30, (5, 5)) * often + np.diag([90, 20, 40, 10, 5]),)


exercise(
    "dense.evaluation-measures",
    asks="a function measures(M) that returns precision (V,), recall (V,) and macro F1",
    solution=_measures,
    inputs=_matrix,
    mistakes={
        "exchanged: what was called k is a column, and precision divides by its sum": lambda M: (
            *_measures(M)[1::-1],
            _measures(M)[2],
        ),
        "F1 of the means: take F1 of each class first, and their mean then": lambda M: (
            *_measures(M)[:2],
            2 / (1 / _measures(M)[0].mean() + 1 / _measures(M)[1].mean()),
        ),
        "the ordinary mean of precision and recall: F1 is the harmonic one": lambda M: (
            *_measures(M)[:2],
            np.mean((_measures(M)[0] + _measures(M)[1]) / 2),
        ),
        "micro: this is the accuracy, and every example counts in it, not every class": lambda M: (
            *_measures(M)[:2],
            np.trace(M) / M.sum(),
        ),
        "one F1 for each class: macro is their mean": lambda M: (
            *_measures(M)[:2],
            2 * np.diag(M) / (M.sum(axis=0) + M.sum(axis=1)),
        ),
        "divided by all examples: precision divides by a column, recall by a row": lambda M: (
            np.diag(M) / M.sum(),
            np.diag(M) / M.sum(),
            _measures(M)[2],
        ),
        "weighted: macro F1 counts every class the same": lambda M: (
            *_measures(M)[:2],
            2 * np.diag(M) / (M.sum(axis=0) + M.sum(axis=1)) @ M.sum(axis=1) / M.sum(),
        ),
    },
)


def _area(positives: Array, negatives: Array, tie: float = 0.5) -> float:
    above = np.subtract.outer(positives, negatives)
    return float(np.mean((above > 0) + tie * (above == 0)))


def _steps(positives: Array, negatives: Array) -> float:
    """Return the area by a step for each example: equal scores in the order of the file."""
    scores = np.append(positives, negatives)
    label = np.arange(len(scores))[np.argsort(-scores, kind="stable")] < len(positives)
    tpr = np.append(0, np.cumsum(label)) / len(positives)
    fpr = np.append(0, np.cumsum(~label)) / len(negatives)
    return float(np.trapezoid(tpr, fpr))


def _scores(rng: np.random.Generator) -> tuple[Array, Array]:
    return rng.integers(3, 12, 13) / 4, rng.integers(0, 9, 29) / 4


exercise(
    "dense.evaluation-auc",
    asks="a function area(positives, negatives) that returns a number from 0 to 1",
    solution=_area,
    inputs=_scores,
    mistakes={
        "ties lost: a pair with equal scores counts one half": lambda p, n: _area(p, n, 0.0),
        "ties won: a pair with equal scores counts one half, not one": _steps,
        "the other way round: count the pairs in which the positive scores higher": lambda p, n: (
            1 - _area(p, n)
        ),
        "a sum: divide by the number of pairs": lambda p, n: _area(p, n) * len(p) * len(n),
        "divided by the examples: there are as many pairs as positives times negatives": (
            lambda p, n: _area(p, n) * len(p) * len(n) / (len(p) + len(n))
        ),
        "against the mean: compare with every negative, not with their mean": lambda p, n: float(
            np.mean(p > n.mean())
        ),
        "distances: how far apart two scores are does not matter, only which is higher": (
            lambda p, n: float(p.mean() - n.mean())
        ),
        "accuracy: this takes one threshold, and the area takes all of them": lambda p, n: float(
            np.mean(np.append(p > np.median(np.append(p, n)), n <= np.median(np.append(p, n))))
        ),
    },
)
