"""Exercises of the chapter *Backpropagation*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array

exercise(
    "components.neuron-by-hand",
    asks="an array of three numbers: the slopes for w₁, w₂ and b",
    solution=np.array([-1.0, -2.0, -1.0]),
    mistakes={
        "wrong sign: the slope of (a - t)² is 2 (a - t), and a is below t": np.array(
            [1.0, 2.0, 1.0]
        ),
        "a factor of two: the slope of a square is twice what is squared": np.array(
            [-0.5, -1.0, -0.5]
        ),
        "the weights in place of the inputs: w₁ is multiplied by x₁, so its slope has x₁": np.array(
            [1.0, -1.5, -1.0]
        ),
    },
)


def _tanh(Z: Array) -> tuple:
    A = np.tanh(Z)
    return A, lambda G: (G * (1 - A * A),)


exercise(
    "components.tanh-pullback",
    asks="a function tanh(Z) that returns the value and a pullback, which returns a tuple (dZ,)",
    solution=_tanh,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "cotangent forgotten: the local slope has to be multiplied by G": lambda Z: (
            np.tanh(Z),
            lambda G: (1 - np.tanh(Z) ** 2,),
        ),
        "slope at the wrong place: 1 - A² needs the value A, not the input Z": lambda Z: (
            np.tanh(Z),
            lambda G: (G * (1 - Z * Z),),
        ),
        "slope of the sigmoid: A (1 - A) belongs to σ, tanh has 1 - A²": lambda Z: (
            np.tanh(Z),
            lambda G: (G * np.tanh(Z) * (1 - np.tanh(Z)),),
        ),
    },
)


def _squared_error(Y: Array, target: Array, scale: float) -> tuple:
    D = Y - target
    return np.mean(D * D), lambda g: (g * scale * D,)


exercise(
    "components.mse-pullback",
    asks="a function mse(Y, T) that returns the mean squared error and a pullback, which returns (dY,)",
    solution=lambda Y, T: _squared_error(Y, T, 2 / Y.size),
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3)), 0.7),
    probe=there_and_back,
    mistakes={
        "missing mean: the loss divides by the number of entries, so must its slope": lambda Y, T: (
            _squared_error(Y, T, 2)
        ),
        "mean over the batch only: there are B times O entries in the mean, not B": lambda Y, T: (
            _squared_error(Y, T, 2 / len(Y))
        ),
        "missing factor two: the slope of a square is twice what is squared": lambda Y, T: (
            _squared_error(Y, T, 1 / Y.size)
        ),
        "wrong sign: the slope with respect to Y has Y - T, not T - Y": lambda Y, T: _squared_error(
            Y, T, -2 / Y.size
        ),
    },
)

exercise(
    "components.scale-pullback",
    asks="a function scale(X, s) that returns X * s and a pullback, which returns (dX, ds)",
    solution=lambda X, s: (X * s, lambda G: (G * s, (G * X).sum(axis=0))),
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal(3),
        rng.standard_normal((5, 3)),
    ),
    probe=there_and_back,
    mistakes={
        "missing sum over the batch: s is used once for every example": lambda X, s: (
            X * s,
            lambda G: (G * s, G * X),
        ),
        "mean in place of the sum: the uses of s add up": lambda X, s: (
            X * s,
            lambda G: (G * s, (G * X).mean(axis=0)),
        ),
        "wrong axis: the batch is axis 0": lambda X, s: (
            X * s,
            lambda G: (G * s, (G * X).sum(axis=1)),
        ),
    },
)


def _softmax(Z: Array, back: Callable, axis: int | None = 1) -> tuple:
    E = np.exp(Z - Z.max(axis=axis, keepdims=True))
    P = E / E.sum(axis=axis, keepdims=True)
    return P, lambda G: (back(P, G),)


exercise(
    "components.softmax-pullback",
    asks="a function softmax(Z) that returns the probabilities and a pullback, which returns (dZ,)",
    solution=lambda Z: _softmax(Z, lambda P, G: P * (G - (G * P).sum(axis=1, keepdims=True))),
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "only the diagonal: every score changes every probability": lambda Z: _softmax(
            Z, lambda P, G: G * P * (1 - P)
        ),
        "wrong axis: the sum runs over the classes, axis 1": lambda Z: _softmax(
            Z, lambda P, G: P * (G - (G * P).sum(axis=0, keepdims=True))
        ),
        "one softmax for all: every example, a row of Z, has its own": lambda Z: _softmax(
            Z, lambda P, G: P * (G - (G * P).sum()), axis=None
        ),
        "missing weight: the sum is of G p, not of G": lambda Z: _softmax(
            Z, lambda P, G: P * (G - G.sum(axis=1, keepdims=True))
        ),
    },
)


def _residual(X: Array, W: Array, skip: float, open_only: bool = True) -> tuple:
    Z = X @ W

    def pullback(G: Array) -> tuple:
        H = G * (Z > 0) if open_only else G
        return skip * G + H @ W.T, X.T @ H

    return X + np.maximum(Z, 0), pullback


exercise(
    "components.residual-pullback",
    asks="a function residual(X, W) that returns X + relu(X W) and a pullback, which returns (dX, dW)",
    solution=lambda X, W: _residual(X, W, 1),
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal((3, 3)),
        rng.standard_normal((5, 3)),
    ),
    probe=there_and_back,
    mistakes={
        "the straight way forgotten: X is used twice, and both cotangents add": lambda X, W: (
            _residual(X, W, 0)
        ),
        "ReLU forgotten on the way back: closed neurons hand back nothing": lambda X, W: _residual(
            X, W, 1, open_only=False
        ),
        "transpose forgotten: the cotangent of X W goes back through W turned over": lambda X, W: (
            X + np.maximum(X @ W, 0),
            lambda G: (G + (G * (X @ W > 0)) @ W, X.T @ (G * (X @ W > 0))),
        ),
    },
)


def _gradients(
    X: Array,
    T: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    mean: bool = True,
    slope: bool = True,
) -> tuple:
    A = np.tanh(X @ W1 + b1)
    G = 2 * (A @ W2 + b2 - T) / (T.size if mean else 1)
    H = (G @ W2.T) * (1 - A * A if slope else 1)
    return X.T @ H, H.sum(axis=0), A.T @ G, G.sum(axis=0)


exercise(
    "components.two-layer-gradients",
    asks="a function gradients(X, T, W1, b1, W2, b2) that returns (dW1, db1, dW2, db2)",
    solution=_gradients,
    inputs=lambda rng: tuple(
        rng.standard_normal(shape) for shape in [(5, 3), (5, 2), (3, 7), (7,), (7, 2), (2,)]
    ),
    mistakes={
        "missing mean: the loss is a mean over all entries of T": lambda *a: _gradients(
            *a, mean=False
        ),
        "slope of tanh forgotten: it stands between the layers": lambda *a: _gradients(
            *a, slope=False
        ),
    },
)
