"""Exercises of the chapter *A real data set* on networks and what they reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import data
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

exercise(
    "dense.stable-rate",
    asks="a function largest_rate(X) of an array (B, D) that returns a number",
    solution=lambda X: 2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1],
    inputs=lambda rng: (rng.standard_normal((7, 3)),),
    mistakes={
        "mean over the batch forgotten: the curvature is Xᵀ X divided by B": lambda X: (
            2 / np.linalg.eigvalsh(X.T @ X)[-1]
        ),
        "one in place of two: the error may change its sign in each step and still shrink": lambda X: (
            1 / np.linalg.eigvalsh(X.T @ X / len(X))[-1]
        ),
        "smallest eigenvalue: the steepest direction sets the limit": lambda X: (
            2 / np.linalg.eigvalsh(X.T @ X / len(X))[0]
        ),
        "the curvature: the rate is 2 divided by it": lambda X: np.linalg.eigvalsh(
            X.T @ X / len(X)
        )[-1],
        "all eigenvalues added: the largest one sets the limit": lambda X: (
            2 / np.trace(X.T @ X / len(X))
        ),
        "mean taken off: the curvature is that of X as it is": lambda X: (
            2 / np.linalg.eigvalsh(np.cov(X.T))[-1]
        ),
        "divided by D: the mean is over the batch": lambda X: (
            2 / np.linalg.eigvalsh(X.T @ X / X.shape[1])[-1]
        ),
    },
)


def _answers(as_layer: Callable, means: Array, x: Array) -> Array | None:
    layer = as_layer(means)
    if layer is None:
        return None
    if not (isinstance(layer, (tuple, list)) and len(layer) == 2):
        raise AnswerError(f"expected two arrays, W and b, got {kind(layer)}")
    W, b = (np.asarray(v) for v in layer)
    V, D = means.shape
    if W.shape != (D, V) or b.shape != (V,):
        raise AnswerError(
            f"expected W {(D, V)} and b {(V,)} for means {(V, D)}, got {W.shape} and {b.shape}"
        )
    return (x @ W + b).argmax(axis=1)


def _as_layer(means: Array, half: float = 0.5, sign: float = -1.0) -> tuple:
    return means.T, sign * half * (means**2).sum(axis=1)


def _means_and_rows(rng: np.random.Generator) -> tuple:
    return rng.standard_normal((5, 3)) * np.array([[0.2], [3.0], [1.0], [2.0], [0.5]]), (
        2 * rng.standard_normal((301, 3))
    )


exercise(
    "dense.nearest-mean-layer",
    asks="a function as_layer(means) of an array (V, D) that returns (W, b), of shapes (D, V), (V,)",
    solution=_as_layer,
    inputs=_means_and_rows,
    probe=_answers,
    mistakes={
        "bias forgotten: means that are far out would win too often": lambda m: _as_layer(
            m, half=0.0
        ),
        "factor two: x · m has the factor 2 in the square, so the bias has one half": lambda m: (
            _as_layer(m, half=1.0)
        ),
        "wrong sign: a large mean is further away, so its bias is negative": lambda m: _as_layer(
            m, sign=1.0
        ),
        "transposed: a class owns a column of W, so W is the means turned over": lambda m: (
            m,
            _as_layer(m)[1],
        ),
        "wrong axis: the length of a mean runs over its D entries, axis 1": lambda m: (
            m.T,
            -0.5 * (m**2).sum(axis=0),
        ),
        "sum forgotten: a bias is one number for each class": lambda m: (m.T, -0.5 * m**2),
        "wrong order: W first, then b": lambda m: _as_layer(m)[::-1],
        "the farthest: the largest score has to belong to the smallest distance": lambda m: (
            -m.T,
            -_as_layer(m)[1],
        ),
        "root taken: the bias has the square of the length": lambda m: (
            m.T,
            -0.5 * np.sqrt((m**2).sum(axis=1)),
        ),
        "one factor two: halve both, or none": lambda m: (2 * m.T, _as_layer(m)[1]),
        "mean in place of the sum: a squared length is a sum of squares": lambda m: (
            m.T,
            -0.5 * (m**2).mean(axis=1),
        ),
    },
)


PERCENT = "a percentage: give a fraction between 0 and 1"
ERROR = "the error, not the accuracy: give the share that is right"


def _better(accuracy: Any) -> str | None:
    """Compare with the validation accuracy of the chapter's network on the data that are here.

    The bounds are above the mean of its three runs: on the clothes, and on the 400 embedded digits
    that stand in for them. One run says little.
    """
    if isinstance(accuracy, (str, bool)):
        raise AnswerError(f"expected a number, got {kind(accuracy)}")
    value = float(accuracy)
    if not 0 <= value <= 1:
        return PERCENT
    if value < 0.3:
        return ERROR
    clothes = next(row for row in data.catalogue() if row.name == "fashion-mnist")
    bound = 0.915 if clothes.place == "not here" else 0.88
    if value >= bound:
        return None
    return f"{value:.3f} is not yet better than the chapter's network, {bound} is within reach"


exercise(
    "dense.beat-dense",
    asks="the validation accuracy of your network, a fraction",
    solution=0.95,
    accept=_better,
    mistakes={PERCENT: 89.0, ERROR: 0.11},
)
