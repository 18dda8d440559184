"""Exercises of the chapter *What a network is*."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "components.what-constant",
    asks="a function constant_accuracy(t) that returns a fraction",
    solution=lambda t: np.bincount(t).max() / len(t),
    inputs=lambda rng: (rng.choice(5, size=101, p=[0.1, 0.2, 0.1, 0.45, 0.15]),),
    mistakes={
        "one over the number of classes: that is right only if all are equally frequent": lambda t: (
            1 / len(np.unique(t))
        ),
        "the rarest class: the best constant answer is the most frequent one": lambda t: (
            np.bincount(t).min() / len(t)
        ),
        "the class and not its share: divide its count by the number of rows": lambda t: (
            np.bincount(t).argmax()
        ),
        "a count: divide it by the number of rows": lambda t: np.bincount(t).max(),
    },
)


def _splits(split: Any, n: int, test: int, seed: int) -> list:
    """Split with many generators, enough for every row to be put away once."""
    return [split(n, test, np.random.default_rng([seed, i])) for i in range(80)]


def _fair(splits: list, n: int, test: int, seed: int) -> str | None:
    fault = next((f for f in (_fault(parts, n, test) for parts in splits) if f), None)
    if fault:
        return fault
    away = [frozenset(np.asarray(parts[1]).tolist()) for parts in splits]
    if len(set(away)) == 1:
        return "every rng puts the same rows away: let it choose them"
    if len(frozenset().union(*away)) < n:
        return "some rows are never put away: every row needs the same chance"
    return None


def _fault(parts: Any, n: int, test: int) -> str | None:
    train_rows, test_rows = (np.asarray(p) for p in parts)
    if len(test_rows) != test:
        return f"the second array has {len(test_rows)} rows, expected {test} to be put away"
    if set(train_rows.tolist()) & set(test_rows.tolist()):
        return "some rows are in both parts: the test set is then no test"
    if sorted([*train_rows.tolist(), *test_rows.tolist()]) != list(range(n)):
        return f"together the parts must hold each of the {n} rows once"
    return None


exercise(
    "components.what-split",
    asks="a function split(n, test, rng) that returns two integer arrays",
    solution=lambda n, test, rng: np.split(rng.permutation(n), [n - test]),
    inputs=lambda rng: (53, 13, int(rng.integers(1000))),
    probe=_splits,
    accept=_fair,
    mistakes={
        "not chosen at random: files are often sorted": lambda n, test, rng: np.split(
            np.arange(n), [n - test]
        ),
        "the first rows shuffled: all rows need the same chance to be put away": (
            lambda n, test, rng: (np.arange(test, n), rng.permutation(test))
        ),
        "two draws overlap: shuffle once, then cut": lambda n, test, rng: (
            rng.choice(n, n - test, replace=False),
            rng.choice(n, test, replace=False),
        ),
        "the wrong way round: the second array is the one put away": lambda n, test, rng: np.split(
            rng.permutation(n), [test]
        ),
    },
)

exercise(
    "components.what-upside-down",
    asks="a function upside_down(images) that returns an array (N,)",
    solution=lambda x: np.abs(x - x[:, ::-1, ::-1]).mean(axis=(1, 2)),
    inputs=lambda rng: (rng.random((5, 7, 9)),),
    mistakes={
        "mirrored up and down only: half a turn reverses both axes": lambda x: np.abs(
            x - x[:, ::-1]
        ).mean(axis=(1, 2)),
        "mirrored left and right only: half a turn reverses both axes": lambda x: np.abs(
            x - x[:, :, ::-1]
        ).mean(axis=(1, 2)),
        "sign kept: differences cancel, take their absolute values": lambda x: (
            x - x[:, ::-1, ::-1]
        ).mean(axis=(1, 2)),
        "mean over everything: each picture has a number of its own": lambda x: np.abs(
            x - x[:, ::-1, ::-1]
        ).mean(),
        "the batch turned: axis 0 counts the images, axes 1 and 2 are to be reversed": lambda x: (
            np.abs(x - x[::-1, ::-1]).mean(axis=(1, 2))
        ),
        "squares: the mean of the absolute differences is asked for": lambda x: (
            (x - x[:, ::-1, ::-1]) ** 2
        ).mean(axis=(1, 2)),
    },
)


def _accuracy(scores: Array, t: Array) -> float:
    return float(np.mean(scores.argmax(axis=1) == t))


def _scores(rng: np.random.Generator) -> tuple:
    t = rng.integers(0, 5, 101)
    scores = rng.standard_normal((101, 5))
    scores[np.arange(101), t] += 1.5
    return scores, t


exercise(
    "components.what-accuracy",
    asks="a function accuracy(scores, t) that returns a fraction",
    solution=_accuracy,
    inputs=_scores,
    mistakes={
        "the share of mistakes: count what is right": lambda scores, t: 1 - _accuracy(scores, t),
        "a count and not a share: divide by the number of rows": lambda scores, t: (
            _accuracy(scores, t) * len(t)
        ),
        "smallest score: the answer is the class with the largest": lambda scores, t: _accuracy(
            -scores, t
        ),
        "wrong axis: the scores of one row lie along axis 1": lambda scores, t: np.mean(
            scores.argmax(axis=0) == t
        ),
        "the score instead of its class: argmax says where the largest score is": (
            lambda scores, t: np.mean(scores.max(axis=1) == t)
        ),
    },
)

exercise(
    "components.what-leak",
    asks="the name of a column",
    solution="days_to_next_visit",
    probe=lambda name: (
        re.sub(r"[^a-z]+", "_", name.lower()).strip("_") if isinstance(name, str) else name
    ),
    mistakes={
        "age is known at discharge: ask of each column when you know it": "age",
        "the weekday is known at discharge: ask of each column when you know it": (
            "weekday_of_discharge"
        ),
        "blood pressure is known at discharge: ask of each column when you know it": (
            "blood_pressure"
        ),
        "none: one of them is not known on the day of discharge": "none",
    },
)
