"""Exercises of the chapter *Backpropagation* on operations of several steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


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
        "softmax over the batch: the classes of one example lie along axis 1": lambda Z: _softmax(
            Z, lambda P, G: P * (G - (G * P).sum(axis=0, keepdims=True)), axis=0
        ),
        "not divided by the sum: the probabilities of a row add up to 1": lambda Z: (
            np.exp(Z),
            lambda G: (G * np.exp(Z),),
        ),
        "wrong sign: the mean of G is subtracted": lambda Z: _softmax(
            Z, lambda P, G: P * (G + (G * P).sum(axis=1, keepdims=True))
        ),
        "P forgotten: the bracket has to be multiplied by P": lambda Z: _softmax(
            Z, lambda P, G: G - (G * P).sum(axis=1, keepdims=True)
        ),
        "the mean forgotten: a higher score lowers the other probabilities": lambda Z: _softmax(
            Z, lambda P, G: G * P
        ),
        "cotangent forgotten: the slope has to be multiplied by G": lambda Z: _softmax(
            Z, lambda P, G: P * (1 - P)
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
        "the straight path forgotten: X is used twice, and both cotangents add": lambda X, W: (
            _residual(X, W, 0)
        ),
        "ReLU forgotten on the way back: closed neurons pass nothing back": lambda X, W: _residual(
            X, W, 1, open_only=False
        ),
        "transpose forgotten: the cotangent of X W goes back through W turned over": lambda X, W: (
            X + np.maximum(X @ W, 0),
            lambda G: (G + (G * (X @ W > 0)) @ W, X.T @ (G * (X @ W > 0))),
        ),
        "X not added: the value is X + relu(X W)": lambda X, W: (
            np.maximum(X @ W, 0),
            _residual(X, W, 0)[1],
        ),
        "ReLU over everything: X goes past it": lambda X, W: (
            np.maximum(X + X @ W, 0),
            _residual(X, W, 1)[1],
        ),
        "ReLU forgotten: the value is X + relu(X W)": lambda X, W: (
            X + X @ W,
            _residual(X, W, 1, open_only=False)[1],
        ),
        "dW past the ReLU: what reaches W came through it": lambda X, W: (
            X + np.maximum(X @ W, 0),
            lambda G: (_residual(X, W, 1)[1](G)[0], X.T @ G),
        ),
        "ReLU on the straight path: there G comes back whole": lambda X, W: (
            X + np.maximum(X @ W, 0),
            lambda G: ((G * (X @ W > 0)) @ (np.eye(len(W)) + W.T), X.T @ (G * (X @ W > 0))),
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
    slope: Callable = lambda A, Z: 1 - A * A,
    below: Callable = lambda A, Z: A,
    reduce: Callable = lambda G: G.sum(axis=0),
) -> tuple:
    Z = X @ W1 + b1
    A = np.tanh(Z)
    G = 2 * (A @ W2 + b2 - T) / (T.size if mean else 1)
    H = (G @ W2.T) * slope(A, Z)
    return X.T @ H, reduce(H), below(A, Z).T @ G, reduce(G)


exercise(
    "components.two-layer-gradients",
    asks="a function gradients(X, T, W1, b1, W2, b2) that returns (dW1, db1, dW2, db2)",
    solution=_gradients,
    inputs=lambda rng: tuple(
        rng.standard_normal(shape) for shape in [(5, 3), (5, 9), (3, 7), (7,), (7, 9), (9,)]
    ),
    mistakes={
        "missing mean: the loss is a mean over all entries of T": lambda *a: _gradients(
            *a, mean=False
        ),
        "slope of tanh forgotten: it is between the layers": lambda *a: _gradients(
            *a, slope=lambda A, Z: 1
        ),
        "slope at the wrong place: 1 - A² needs the values A, not the sums Z": lambda *a: (
            _gradients(*a, slope=lambda A, Z: 1 - Z * Z)
        ),
        "square forgotten: the slope of tanh is 1 - A²": lambda *a: _gradients(
            *a, slope=lambda A, Z: 1 - A
        ),
        "slope of the sigmoid: tanh has 1 - A²": lambda *a: _gradients(
            *a, slope=lambda A, Z: A * (1 - A)
        ),
        "sums instead of values: what W2 was multiplied by is A": lambda *a: _gradients(
            *a, below=lambda A, Z: Z
        ),
        "missing sum over the batch: a bias is used once for every example": lambda *a: _gradients(
            *a, reduce=lambda G: G
        ),
        "wrong axis: the biases' gradients are sums over the batch, axis 0": lambda *a: _gradients(
            *a, reduce=lambda G: G.sum(axis=1)
        ),
        "mean over the batch: the loss has divided already, so sum": lambda *a: _gradients(
            *a, reduce=lambda G: G.mean(axis=0)
        ),
        "X instead of A: W2 was multiplied by the hidden values": lambda *a: (
            *_gradients(*a)[:2],
            2 / a[1].size * a[0].T @ (np.tanh(a[0] @ a[2] + a[3]) @ a[4] + a[5] - a[1]),
            _gradients(*a)[3],
        ),
    },
)
