"""Exercises of the chapter *A neuron, a layer* on Rosenblatt's rule for learning."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _update(
    w: Array, b: float, x: Array, t: int, *, sign: int = 1, bias: int = 1, add: int = 1
) -> tuple:
    if t * (x @ w + add * b) <= 0:
        return w + sign * t * x, b + sign * bias * t
    return w, b


def _examples(rng: np.random.Generator) -> tuple:
    """Draw two examples that are answered rightly, two wrongly, and one that lies on the border.

    Without its bias, the neuron would answer the first four the other way.
    """
    w, x = rng.standard_normal(3), rng.standard_normal(3)
    b = -2 * float(x @ w)
    side = 1 if x @ w + b > 0 else -1
    rows = [(w, b, x, side), (-w, -b, x, -side), (w, b, x, -side), (-w, -b, x, side)]
    return (*rows, (np.zeros(3), 0.0, x, side))


def _one_each(update: Any, *examples: tuple) -> list:
    results = []
    for w, b, x, t in examples:
        given = w.copy()
        results.append(update(given, b, x, t))
        if not np.array_equal(given, w):
            raise AnswerError("w has changed in place: return a new array, as w + t * x is")
    return results


exercise(
    "components.perceptron-step",
    asks="a function update(w, b, x, t) that returns the new (w, b)",
    solution=_update,
    inputs=_examples,
    probe=_one_each,
    mistakes={
        "wrong sign: the example is added when the answer should have been +1": lambda w, b, x, t: (
            _update(w, b, x, t, sign=-1)
        ),
        "bias forgotten: its input is always 1, so it changes by t": lambda w, b, x, t: _update(
            w, b, x, t, bias=0
        ),
        "always updated: a right answer must leave the weights alone": lambda w, b, x, t: (
            w + t * x,
            b + t,
        ),
        "the border left out: a sum of exactly 0 is not an answer and counts as wrong": lambda w, b, x, t: (
            (w + t * x, b + t) if t * (x @ w + b) < 0 else (w, b)
        ),
        "sign of the bias: it moves with t, as the weights do": lambda w, b, x, t: _update(
            w, b, x, t, bias=-1
        ),
        "target forgotten: for t = -1 the example is subtracted": lambda w, b, x, t: (
            (w + x, b + 1) if t * (x @ w + b) <= 0 else (w, b)
        ),
        "condition reversed: update when the answer is wrong": lambda w, b, x, t: (
            (w + t * x, b + t) if t * (x @ w + b) > 0 else (w, b)
        ),
        "bias not in the sum: whether the answer is wrong depends on w · x + b": (
            lambda w, b, x, t: _update(w, b, x, t, add=0)
        ),
        "nothing returned: after a right answer return w and b as they were": lambda w, b, x, t: (
            (w + t * x, b + t) if t * (x @ w + b) <= 0 else None
        ),
        "twice too far: add t x, not (t - y) x, which is 2 t x": lambda w, b, x, t: (
            (w + 2 * t * x, b + 2 * t) if t * (x @ w + b) <= 0 else (w, b)
        ),
    },
)


def _batch(
    X: Array, t: Array, w: Array, b: float, wrong: Array, mean: bool = False, n: float = 1
) -> tuple:
    n = max(1, wrong.sum()) if mean else n
    return w + t[wrong] @ X[wrong] / n, b + t[wrong].sum() / n


def _one_by_one(X: Array, t: Array, w: Array, b: float) -> tuple:
    for example, target in zip(X, t):
        w, b = _update(w, b, example, target)
    return w, b


exercise(
    "components.batch-perceptron",
    asks="a function update(X, t, w, b) that returns the new (w, b) after all wrong examples at once",
    solution=lambda X, t, w, b: _batch(X, t, w, b, t * (X @ w + b) <= 0),
    inputs=lambda rng: (
        rng.standard_normal((9, 3)),
        rng.choice([-1.0, 1.0], 9),
        rng.standard_normal(3),
        float(rng.standard_normal()),
    ),
    mistakes={
        "all examples used: only the wrongly answered ones change the weights": lambda X, t, w, b: (
            _batch(X, t, w, b, np.ones(len(X), bool))
        ),
        "the right ones used: the condition is reversed": lambda X, t, w, b: _batch(
            X, t, w, b, t * (X @ w + b) > 0
        ),
        "mean instead of the sum: Rosenblatt's rule adds every wrong example": lambda X, t, w, b: (
            _batch(X, t, w, b, t * (X @ w + b) <= 0, mean=True)
        ),
        "bias forgotten: it changes by the sum of the wrong targets": lambda X, t, w, b: (
            _batch(X, t, w, b, t * (X @ w + b) <= 0)[0],
            b,
        ),
        "wrong sign: the wrong examples are added, each with its target": lambda X, t, w, b: _batch(
            X, -t, w, b, t * (X @ w + b) <= 0
        ),
        "target forgotten: an example with t = -1 is subtracted": lambda X, t, w, b: _batch(
            X, np.ones(len(X)), w, b, t * (X @ w + b) <= 0
        ),
        "target not in the condition: wrong means t z ≤ 0, not z ≤ 0": lambda X, t, w, b: _batch(
            X, t, w, b, X @ w + b <= 0
        ),
        "one after the other: all sums are taken with the old weights": _one_by_one,
        "mean over all examples: Rosenblatt's rule adds": lambda X, t, w, b: _batch(
            X, t, w, b, t * (X @ w + b) <= 0, n=len(X)
        ),
        "the change only: it has to be added to the old w and b": lambda X, t, w, b: _batch(
            X, t, 0.0, 0.0, t * (X @ w + b) <= 0
        ),
        "sign of the bias: it moves with t, as the weights do": lambda X, t, w, b: (
            _batch(X, t, w, b, t * (X @ w + b) <= 0)[0],
            _batch(X, -t, w, b, t * (X @ w + b) <= 0)[1],
        ),
    },
)
