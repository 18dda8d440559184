"""Exercises of the chapter *Tables and decisions*: another mix, an alarm, a whole decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import data
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _rows(P: Array) -> Array:
    return P / P.sum(axis=1, keepdims=True)


exercise(
    "dense.new-mix",
    asks="a function new_mix(P, old, new) that returns probabilities (N, K)",
    solution=lambda P, old, new: _rows(P * new / old),
    inputs=lambda rng: (
        rng.dirichlet(np.ones(3), 5),
        rng.dirichlet(4 * np.ones(3)),
        rng.dirichlet(4 * np.ones(3)),
    ),
    mistakes={
        "the wrong way: multiply by the new share, divide by the old one": lambda P, old, new: (
            _rows(P * old / new)
        ),
        "rows that do not add up to 1: divide each by its sum": lambda P, old, new: P * new / old,
        "old shares forgotten: they are in the probabilities already": lambda P, old, new: _rows(
            P * new
        ),
        "new shares forgotten: dividing by the old ones is half of it": lambda P, old, new: _rows(
            P / old
        ),
        "difference of the shares: it is their ratio that counts": lambda P, old, new: _rows(
            np.abs(P + new - old)
        ),
        "divided by the sum of columns: each row has to add up to 1": lambda P, old, new: (
            P * new / old / (P * new / old).sum(axis=0)
        ),
        "softmax: the weighted numbers are divided by their sum, without an exponential": (
            lambda P, old, new: _rows(np.exp(P * new / old))
        ),
        "the probabilities as they were: they belong to the old shares": lambda P, old, new: P,
    },
)


def _daily(p: Array, t: Array, day: Array) -> Array:
    return np.array([(t - p)[day == d].mean() for d in np.unique(day)])


def _alarm(p: Array, t: Array, day: Array, ddof: int = 1, n: Callable = len) -> float:
    means = _daily(p, t, day)
    return float(means.mean() / (means.std(ddof=ddof) / np.sqrt(n(means))))


def _days(rng: np.random.Generator) -> tuple:
    day = rng.permutation(np.repeat([3, 4, 8, 11, 12, 13, 20], [5, 9, 3, 7, 4, 6, 11]))
    p = rng.uniform(0.1, 0.6, len(day))
    t = (rng.random(len(day)) < np.clip(p + 0.15 * np.sin(day), 0, 1)).astype(float)
    return p, t, day


exercise(
    "dense.outcome-alarm",
    asks="a function alarm(p, t, day) that returns a number",
    solution=_alarm,
    inputs=_days,
    mistakes={
        "rows as observations: the rows of a day belong together": lambda p, t, day: _alarm(
            p, t, np.arange(len(day))
        ),
        "predictions minus outcomes: the alarm is positive if more happened than predicted": (
            lambda p, t, day: -_alarm(p, t, day)
        ),
        "deviation over n: the sample deviation divides by n - 1": lambda p, t, day: _alarm(
            p, t, day, ddof=0
        ),
        "no root of n: the standard error of a mean is s / √n": lambda p, t, day: _alarm(
            p, t, day, n=lambda means: 1
        ),
        "n without a root: the standard error of a mean is s / √n": lambda p, t, day: _alarm(
            p, t, day, n=lambda means: len(means) ** 2
        ),
        "root of the rows: n is the number of days": lambda p, t, day: _alarm(
            p, t, day, n=lambda means: len(day)
        ),
        "the mean alone: divide by its standard error": lambda p, t, day: float(
            _daily(p, t, day).mean()
        ),
        "days added up: a day's observation is its mean": lambda p, t, day: _of_sums(p, t, day),
    },
)


def _of_sums(p: Array, t: Array, day: Array) -> float:
    sums = np.array([(t - p)[day == d].sum() for d in np.unique(day)])
    return float(sums.mean() / (sums.std(ddof=1) / np.sqrt(len(sums))))


def _tumours(rng: np.random.Generator) -> tuple:
    table = data.breast_cancer()
    train, test = data.stratified_split(table.target, (0.6, 0.4), rng=rng)
    t = 1.0 - table.target
    return table.features[train], t[train], table.features[test], t[test]


def _bill(decide: Callable, X: Array, t: Array, X_new: Array, t_new: Array) -> float:
    answer = decide(X, t, X_new)
    if answer is None:
        return np.nan
    try:
        act = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        raise AnswerError(f"expected 0 or 1 for each row, got {kind(answer)}") from None
    if act.shape != t_new.shape:
        raise AnswerError(
            f"expected one decision for each of the {len(t_new)} new rows, got {kind(answer)}"
        )
    if not np.isin(act, [0, 1]).all():
        raise AnswerError(
            "decisions are 0 or 1, and there are other numbers: probabilities have not decided yet"
        )
    return float(np.mean(np.where(act == 1, 1, 20 * t_new)))


LIMIT = 0.65


def _good(bill: Any, *_: Any) -> str | None:
    if np.isnan(bill):
        return "expected a decision, 0 or 1, for each new row, got None"
    if bill < LIMIT:
        return None
    if bill == 1:
        return "a biopsy for everybody costs 1, and a model can do better"
    if bill > 5:
        return f"a mean cost of {bill:.2f}: most malignant tumours are missed, see what 1 means"
    return f"the mean cost is {bill:.3f}; less than {LIMIT} is within reach"


def _decide(
    X: Array,
    t: Array,
    X_new: Array,
    *,
    threshold: float = 1 / 20,
    penalty: float = 0.01,
    flip: bool = False,
) -> Array:
    mean, std = X.mean(axis=0), X.std(axis=0)
    A = np.c_[(X - mean) / std, np.ones(len(X))]
    ridge = penalty * np.eye(A.shape[1])
    ridge[-1, -1] = 0.0
    theta = np.zeros(A.shape[1])
    target = 1 - t if flip else t
    for _ in range(8):
        p = 0.5 * (1 + np.tanh(0.5 * A @ theta))
        H = (A.T * (p * (1 - p))) @ A / len(t) + ridge
        theta -= np.linalg.solve(H, A.T @ (p - target) / len(t) + ridge @ theta)
    z = (X_new - mean) / std @ theta[:-1] + theta[-1]
    return (z > np.log(threshold / (1 - threshold))).astype(int)


exercise(
    "dense.decide-tumours",
    asks="a function decide(X, t, X_new) that returns 0 or 1 for each row of X_new",
    solution=_decide,
    inputs=_tumours,
    probe=_bill,
    accept=_good,
    mistakes={
        "biopsy for everybody: that needs no model and costs 1": lambda X, t, X_new: np.ones(
            len(X_new)
        ),
        "biopsy for nobody: every malignant tumour is missed": lambda X, t, X_new: np.zeros(
            len(X_new)
        ),
        "benign taken for malignant: t is 1 where the tumour is malignant": lambda X, t, X_new: (
            _decide(X, t, X_new, flip=True)
        ),
        "threshold upside down: act above 1/20, not above 19/20": lambda X, t, X_new: _decide(
            X, t, X_new, threshold=0.95, penalty=0.3
        ),
        "threshold of one half: a miss costs far more than a false alarm": lambda X, t, X_new: (
            _decide(X, t, X_new, threshold=0.5)
        ),
        "probabilities: compare them with the threshold": lambda X, t, X_new: np.full(
            len(X_new), 0.3
        ),
        "decisions for the training rows: they are asked for X_new": lambda X, t, X_new: _decide(
            X, t, X
        ),
    },
)
