"""Exercises of the chapter *Normalization*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _column(variance: float = 2.0, order: bool = False) -> Array:
    hat = (np.array([2.0, 4.0, 4.0, 6.0]) - 4) / np.sqrt(variance)
    return 3 * (hat + 1) if order else 3 * hat + 1


exercise(
    "dense.norm-by-hand",
    asks="an array of four numbers",
    solution=_column(),
    mistakes={
        "divided by B - 1: the normalization uses the plain mean of the squares": _column(8 / 3),
        "divided by the variance: the root of it is the size": _column(4.0),
        "shift before scale: first times γ, then plus β": _column(order=True),
        "γ and β forgotten: scale the standardized numbers by 3 and add 1": (_column() - 1) / 3,
        "γ and β exchanged: γ = 3 multiplies and β = 1 is added": (_column() - 1) / 3 + 3,
        "β subtracted: it is added": _column() - 2,
        "mean not taken off: the numbers are centred first": 3
        * np.array([2.0, 4, 4, 6])
        / np.sqrt(2)
        + 1,
        "not divided: the centred numbers are divided by their size": np.array([-5.0, 1, 1, 7]),
    },
    tolerance=2e-3,  # two decimals are enough for pencil and paper
)


def _fold(
    W: Array,
    b: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    eps: float,
    root: bool = True,
) -> tuple:
    s = gamma / (variance + eps) ** (0.5 if root else 1.0)
    return W * s, s * (b - mean) + beta


def _fold_inputs(rng: np.random.Generator) -> tuple:
    vectors = [rng.standard_normal(5) for _ in range(4)]
    return rng.standard_normal((5, 5)), *vectors, rng.uniform(0.5, 2, 5), 0.1


def _scale_rows(W: Array, b: Array, *rest: Array) -> tuple:
    gamma, _, _, variance, eps = rest
    return W * (gamma / np.sqrt(variance + eps))[:, None], _fold(W, b, *rest)[1]


exercise(
    "dense.norm-fold",
    asks="a function that returns (W2, b2) with the shapes (I, O) and (O,)",
    solution=_fold,
    inputs=_fold_inputs,
    mistakes={
        "bias not scaled: b goes through the normalization, too": lambda W, b, g, beta, m, v, e: (
            _fold(W, b, g, beta, m, v, e)[0],
            b - g / np.sqrt(v + e) * m + beta,
        ),
        "rows scaled: a unit owns a column of W": _scale_rows,
        "divided by the variance: divide by its root": lambda *a: _fold(*a, root=False),
        "running mean forgotten: it is taken from b before the scale": lambda W, b, g, be, m, v, e: (
            _fold(W, b, g, be, 0 * m, v, e)
        ),
        "γ forgotten: it scales the weights": lambda W, b, g, be, m, v, e: _fold(
            W, b, np.ones_like(g), be, m, v, e
        ),
        "W unchanged: it goes through the normalization, too": lambda W, b, *a: (
            W,
            _fold(W, b, *a)[1],
        ),
        "ε forgotten: it is added to the variance": lambda W, b, g, be, m, v, e: _fold(
            W, b, g, be, m, v, 0.0
        ),
        "β forgotten: it is added last": lambda W, b, g, be, m, v, e: _fold(
            W, b, g, 0 * be, m, v, e
        ),
        "β scaled: it is added after the scale": lambda W, b, g, be, m, v, e: _fold(
            W, b + be, g, 0 * be, m, v, e
        ),
        "mean added: it is taken from b": lambda W, b, g, be, m, v, e: _fold(W, b, g, be, -m, v, e),
        "ε outside of the root: it is added to the variance": lambda W, b, g, be, m, v, e: _fold(
            W, b, g, be, m, (np.sqrt(v) + e) ** 2 - e, e
        ),
    },
)


def _unit_rows(X: Array, project: bool = True, scale: bool = True) -> tuple:
    length = np.sqrt((X * X).sum(axis=1, keepdims=True))
    Y = X / length

    def pullback(G: Array) -> tuple:
        along = (G * Y).sum(axis=1, keepdims=True)
        return ((G - project * Y * along) / (length if scale else 1.0),)

    return Y, pullback


def _whole_batch(X: Array) -> tuple:
    Y, _ = _unit_rows(X)
    length = np.sqrt((X * X).sum(axis=1, keepdims=True))
    return Y, lambda G: ((G - Y * (G * Y).sum()) / length,)


def _wrong_part(terms: Callable) -> Callable:
    """Return `unit_rows` with other terms in the sum over a row that its pullback takes off."""

    def unit_rows(X: Array) -> tuple:
        length = np.sqrt((X * X).sum(axis=1, keepdims=True))
        Y = X / length
        return Y, lambda G: ((G - Y * terms(X, Y, G).sum(axis=1, keepdims=True)) / length,)

    return unit_rows


exercise(
    "dense.norm-unit",
    asks="a function unit_rows(X) that returns the value and a pullback with one cotangent",
    solution=_unit_rows,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "length taken for a constant: it depends on every entry of the row": lambda X: _unit_rows(
            X, project=False
        ),
        "not divided by the length: the slope of x / ℓ has a factor 1 / ℓ": lambda X: _unit_rows(
            X, scale=False
        ),
        "summed over the batch: each row has its own part along Y": _whole_batch,
        "wrong axis: the length of a row runs over its entries, axis 1": lambda X: (
            X / np.sqrt((X * X).sum(axis=0)),
            lambda G: (G / np.sqrt((X * X).sum(axis=0)),),
        ),
        "one length for all: each row has its own": lambda X: (
            X / np.sqrt((X * X).sum()),
            lambda G: (G / np.sqrt((X * X).sum()),),
        ),
        "root forgotten: a length is the root of a sum of squares": lambda X: (
            X / (X * X).sum(axis=1, keepdims=True),
            lambda G: (G / (X * X).sum(axis=1, keepdims=True),),
        ),
        "sizes added: a length is the root of a sum of squares": lambda X: (
            X / np.abs(X).sum(axis=1, keepdims=True),
            lambda G: (G / np.abs(X).sum(axis=1, keepdims=True),),
        ),
        "axis lost: with keepdims=True the lengths stay a column": lambda X: (
            X / np.sqrt((X * X).sum(axis=1)),
            lambda G: (G,),
        ),
        "wrong sign: the part along the row is taken away": _wrong_part(lambda X, Y, G: -(G * Y)),
        "X in place of Y: what is projected on has the length 1": lambda X: (
            _unit_rows(X)[0],
            lambda G: (
                (G - X * (G * X).sum(axis=1, keepdims=True))
                / np.sqrt((X * X).sum(axis=1, keepdims=True)),
            ),
        ),
        "sum of G alone: the part along the row is the sum of G Y": _wrong_part(lambda X, Y, G: G),
        "wrong axis on the way back: the sum runs over a row, axis 1": lambda X: (
            _unit_rows(X)[0],
            lambda G: (
                (G - _unit_rows(X)[0] * (G * _unit_rows(X)[0]).sum(axis=0))
                / np.sqrt((X * X).sum(axis=1, keepdims=True)),
            ),
        ),
        "sum forgotten: what is taken off has the sum of G Y over the row": lambda X: (
            _unit_rows(X)[0],
            lambda G: (
                (G - _unit_rows(X)[0] ** 2 * G) / np.sqrt((X * X).sum(axis=1, keepdims=True)),
            ),
        ),
    },
)
