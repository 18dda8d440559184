"""Exercises of the chapter *Activation functions*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _hat(answer: Any) -> str | None:
    biases, weights = (np.asarray(v, float).reshape(3) for v in answer)
    for x, want in ((0, 0), (1, 0), (1.5, 0.5), (2, 1), (2.5, 0.5), (3, 0), (4, 0), (7, 0)):
        got = np.maximum(0, x + biases) @ weights
        if abs(got - want) > 1e-9:
            return f"at x = {x:g} the sum is {got:g}, and should be {want:g}"
    return None


exercise(
    "components.relu-hat",
    asks="two triples: (three biases, three weights out)",
    solution=((-1, -2, -3), (1, -2, 1)),
    accept=_hat,
    mistakes={
        "the roof is missing: the slope goes from 1 to -1, a change of -2": (
            (-1, -2, -3),
            (1, -1, 0),
        ),
        "slopes instead of changes: each weight is what the slope changes by": (
            (-1, -2, -3),
            (1, -1, 1),
        ),
        "sign of the biases: a corner at x = 1 needs the bias -1": ((1, 2, 3), (1, -2, 1)),
        "one place too early: the first corner is at x = 1, not at 0": ((0, -1, -2), (1, -2, 1)),
        "upside down: the first slope goes up": ((-1, -2, -3), (-1, 2, -1)),
    },
)

exercise(
    "components.pieces-needed",
    asks="a whole number",
    solution=71,
    mistakes={
        "rounded down: with 70 pieces the bound is just above one thousandth": 70,
        "the factor 8 is missing: the bound is h²/8": 199,
        "an interval of length 1: this one is 2π long": 12,
        "points and not pieces: n + 1 points have n pieces between them": 72,
        "root forgotten: the bound is h²/8, so h is the root of 8 times the error": 786,
    },
)


def _sums(rng: np.random.Generator) -> tuple:
    """Draw sums (5, 9) with two to five dead units, one of which once touches zero."""
    Z = rng.standard_normal((5, 9))
    Z[0] = np.abs(Z[0])
    dead = slice(1, int(rng.integers(3, 7)))
    Z[:, dead] = -np.abs(Z[:, dead])
    Z[3, 2] = 0.0
    return (Z,)


exercise(
    "components.dead-share",
    asks="a function dead_share(Z) that returns one number between 0 and 1",
    solution=lambda Z: (Z <= 0).all(axis=0).mean(),
    inputs=_sums,
    mistakes={
        "closed, but not dead: a unit is dead only if it is closed for all examples": lambda Z: (
            Z <= 0
        ).mean(),
        "wrong axis: `all` has to run over the examples, axis 0": lambda Z: (
            (Z <= 0).all(axis=1).mean()
        ),
        "a sum of 0 is closed: the slope of ReLU at 0 is 0": lambda Z: (Z < 0).all(axis=0).mean(),
        "a count: divide by the number of units": lambda Z: (Z <= 0).all(axis=0).sum(),
        "closed once: a unit is dead only if it is closed for all examples": lambda Z: (
            (Z <= 0).any(axis=0).mean()
        ),
        "always open: a dead unit is closed for all examples": lambda Z: (Z > 0).all(axis=0).mean(),
        "closed on average: a single open example keeps a unit alive": lambda Z: (
            Z.mean(axis=0) <= 0
        ).mean(),
        "divided by the examples: the share is one of the units": lambda Z: (
            (Z <= 0).all(axis=0).sum() / len(Z)
        ),
    },
)


def _tempered(Z: Array, T: float) -> Array:
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / T)
    return E / E.sum(axis=1, keepdims=True)


def _each_temperature(function: Callable, Z: Array) -> list:
    return [function(Z, T) for T in (0.001, 0.5, 3.0)]


exercise(
    "components.softmax-temperature",
    asks="a function tempered(Z, T) that returns probabilities (B, V)",
    solution=_tempered,
    inputs=lambda rng: (rng.standard_normal((5, 3)),),
    probe=_each_temperature,
    mistakes={
        "multiplied by T: a high temperature makes the probabilities more equal": lambda Z, T: (
            _tempered(Z, 1 / T)
        ),
        "wrong axis: the classes lie along the last axis": lambda Z, T: _tempered(Z.T, T).T,
        "overflow: subtract the largest score of each row first": lambda Z, T: (
            np.exp(Z / T) / np.exp(Z / T).sum(axis=1, keepdims=True)
        ),
        "divided afterwards: the temperature belongs to the scores": lambda Z, T: (
            _tempered(Z, 1.0) / T
        ),
        "T forgotten: the scores are divided by it": lambda Z, T: _tempered(Z, 1.0),
        "one softmax for all: every example, a row of Z, has its own": lambda Z, T: _tempered(
            Z.reshape(1, -1), T
        ).reshape(Z.shape),
        "one largest score for all: rows far below it become 0/0": lambda Z, T: (
            lambda E: E / E.sum(axis=1, keepdims=True)
        )(np.exp((Z - Z.max()) / T)),
        "not divided by the sum: the probabilities of a row add up to 1": lambda Z, T: np.exp(
            (Z - Z.max(axis=1, keepdims=True)) / T
        ),
        "brackets forgotten: the score and what is subtracted from it are both divided by T": (
            lambda Z, T: (lambda E: E / E.sum(axis=1, keepdims=True))(
                np.exp(Z - Z.max(axis=1, keepdims=True) / T)
            )
        ),
        "axis lost: with keepdims=True the largest scores stay a column": lambda Z, T: (
            Z - Z.max(axis=1)
        ),
    },
)
