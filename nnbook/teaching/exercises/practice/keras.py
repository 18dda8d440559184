"""Exercises of the chapter *The same networks in TensorFlow/Keras*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "practice.keras-kernel",
    asks="a function to_keras_kernel(W) that returns an array (K, K', C, O)",
    solution=lambda W: W.transpose(2, 3, 1, 0),
    inputs=lambda rng: (rng.standard_normal((3, 2, 5, 7)),),
    mistakes={
        "channels last only: (O, K, K', C) is the layout of the images, not of the kernels": (
            lambda W: W.transpose(0, 2, 3, 1)
        ),
        "C and O exchanged: the outputs come last": lambda W: W.transpose(2, 3, 0, 1),
        "kernel mirrored: all axes reversed exchanges rows and columns too": lambda W: W.T,
        "reshaped: the numbers have to move, not only the shape": lambda W: W.reshape(
            *W.shape[2:], W.shape[1], W.shape[0]
        ),
    },
)


def _rows(W: Array, C: int, H: int, width: int) -> Array:
    return W.reshape(H, width, C, -1).transpose(2, 0, 1, 3).reshape(W.shape)


exercise(
    "practice.keras-flatten",
    asks="a function rows_for_us(W, C, H, width) that returns an array of W's shape",
    solution=_rows,
    inputs=lambda rng: (rng.standard_normal((3 * 5 * 2, 4)), 3, 5, 2),
    mistakes={
        "the wrong way: this is the step from us to Keras": lambda W, C, H, width: (
            W.reshape(C, H, width, -1).transpose(1, 2, 0, 3).reshape(W.shape)
        ),
        "places transposed: rows come before columns in both libraries": lambda W, C, H, width: (
            W.reshape(H, width, C, -1).transpose(2, 1, 0, 3).reshape(W.shape)
        ),
        "nothing moved: the order of the rows differs": lambda W, C, H, width: W,
        "channels in the middle: they come before both places": lambda W, C, H, width: (
            W.reshape(H, width, C, -1).transpose(0, 2, 1, 3).reshape(W.shape)
        ),
    },
)


def _adam(theta: Array, gradients: Array, lr: float, epsilon: float, form: str = "") -> Array:
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        if form == "uncorrected":
            c1 = c2 = 1
        if form == "paper":
            theta = theta - lr * (m / c1) / (np.sqrt(v / c2) + epsilon)
        elif form == "unrooted":
            theta = theta - lr * c2 / c1 * m / (np.sqrt(v) + epsilon)
        elif form == "inside":
            theta = theta - lr * np.sqrt(c2) / c1 * m / np.sqrt(v + epsilon)
        else:
            theta = theta - lr * np.sqrt(c2) / c1 * m / (np.sqrt(v) + epsilon)
    return theta


exercise(
    "practice.keras-adam",
    asks="a function keras_adam(theta, gradients, lr, epsilon) that returns an array (D,)",
    solution=_adam,
    inputs=lambda rng: (rng.standard_normal(5), rng.standard_normal((7, 5)), 0.1, 0.02),
    mistakes={
        "the paper's epsilon: in Keras it is added to the root of the uncorrected mean": (
            lambda *given: _adam(*given, form="paper")
        ),
        "epsilon inside the root: that is Keras's RMSProp": lambda *given: _adam(
            *given, form="inside"
        ),
        "no correction: both means start at zero": lambda *given: _adam(*given, form="uncorrected"),
        "no root: the second mean is a square, and so is its correction": lambda *given: _adam(
            *given, form="unrooted"
        ),
    },
)


def _zeros(n: int, K: int, s: int) -> tuple:
    missing = max((-(-n // s) - 1) * s + K - n, 0)
    return missing // 2, missing - missing // 2


exercise(
    "practice.keras-same",
    asks="a function same_zeros(n, K, s) that returns two whole numbers",
    solution=_zeros,
    inputs=lambda rng: (int(2 * rng.integers(7, 20)), int(rng.choice([5, 7])), 2),
    mistakes={
        "odd zero in front: it goes to the end": lambda n, K, s: _zeros(n, K, s)[::-1],
        "stride ignored: K - 1 zeros are for stride 1": lambda n, K, s: _zeros(n, K, 1),
        "one zero lost: an odd number of zeros has to be shared out as well": (
            lambda n, K, s: (_zeros(n, K, s)[0],) * 2
        ),
        "all at the end: the zeros are shared between both sides": lambda n, K, s: (
            0,
            sum(_zeros(n, K, s)),
        ),
    },
)


def _squares(rows: Array, pieces: Array, V: int) -> tuple:
    whole, squares = np.zeros((2, V, pieces.shape[1]))
    np.add.at(whole, rows, pieces)
    np.add.at(squares, rows, pieces**2)
    return whole**2, squares


def _last_use(rows: Array, pieces: Array, V: int) -> tuple:
    whole, squares = np.zeros((2, V, pieces.shape[1]))
    whole[rows] += pieces
    squares[rows] += pieces**2
    return whole**2, squares


exercise(
    "practice.keras-pieces",
    asks="a function both_squares(rows, pieces, V) that returns two arrays (V, D)",
    solution=_squares,
    inputs=lambda rng: (np.array([2, 0, 2, 4, 2, 0]), rng.standard_normal((6, 3)), 5),
    mistakes={
        "repeated rows counted once: table[rows] += pieces keeps only the last": _last_use,
        "squared twice: the first table is the square of the sum, the second a sum": (
            lambda rows, pieces, V: (_squares(rows, pieces, V)[0],) * 2
        ),
        "not squared: Adam needs the square of the sum": lambda rows, pieces, V: (
            np.array([pieces[rows == v].sum(axis=0) for v in range(V)]),
            _squares(rows, pieces, V)[1],
        ),
        "pieces squared in both: the first table is the square of the sum": (
            lambda rows, pieces, V: (_squares(rows, pieces, V)[1],) * 2
        ),
    },
)
