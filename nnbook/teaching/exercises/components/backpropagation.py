"""Exercises of the chapter *Backpropagation*."""

from __future__ import annotations

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
        "the weights instead of the inputs: w₁ is multiplied by x₁, so its slope has x₁": np.array(
            [1.0, -1.5, -1.0]
        ),
        "bias forgotten: its input is 1": np.array([-1.0, -2.0, 0.0]),
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
        "square forgotten: the slope is 1 - A²": lambda Z: (
            np.tanh(Z),
            lambda G: (G * (1 - np.tanh(Z)),),
        ),
        "the slope taken at G: it belongs to Z, on the way forward": lambda Z: (
            np.tanh(Z),
            lambda G: (1 - np.tanh(G) ** 2,),
        ),
        "the sigmoid: tanh was asked for": lambda Z: (
            1 / (1 + np.exp(-Z)),
            lambda G: (G * np.exp(-Z) / (1 + np.exp(-Z)) ** 2,),
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
        "cotangent forgotten: the slope has to be multiplied by g": lambda Y, T: (
            np.mean((Y - T) ** 2),
            lambda g: (2 * (Y - T) / Y.size,),
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
        "mean instead of the sum: the uses of s add up": lambda X, s: (
            X * s,
            lambda G: (G * s, (G * X).mean(axis=0)),
        ),
        "wrong axis: the batch is axis 0": lambda X, s: (
            X * s,
            lambda G: (G * s, (G * X).sum(axis=1)),
        ),
        "s and X exchanged: X was multiplied by s, so dX has s": lambda X, s: (
            X * s,
            lambda G: (G * X, (G * s).sum(axis=0)),
        ),
        "s forgotten: dX is G times s": lambda X, s: (X * s, lambda G: (G, (G * X).sum(axis=0))),
        "X forgotten: s was multiplied by X, so ds has X": lambda X, s: (
            X * s,
            lambda G: (G * s, G.sum(axis=0)),
        ),
    },
)
