"""Exercises of the chapter *Gradients and the chain rule*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "components.gradient-on-paper",
    asks="an array of three numbers: the two entries of the gradient and the slope along v",
    solution=np.array([0.0, 5.0, -4.0]),
    mistakes={
        "exponential forgotten: at w₂ = 0 its slope is 1": np.array([0.0, 4.0, -3.2]),
        "wrong sign of the slope: it is the dot product with v, and v leads down": np.array(
            [0.0, 5.0, 4.0]
        ),
        "the largest slope: the last number is the one along v": np.array([0.0, 5.0, 5.0]),
        "entries exchanged: the slope for w₁ comes first": np.array([5.0, 0.0, -4.0]),
    },
)


def _step(gradient: Array, length: float, sign: float = -1) -> Array:
    size = np.sqrt(np.sum(gradient * gradient))
    return sign * gradient * (length / size if size > 0 else 0.0)


def _two_steps(step: Callable, gradient: Array, length: float) -> tuple | None:
    first = step(gradient, length)
    if first is None:
        return None
    with np.errstate(all="ignore"):
        return first, step(np.zeros((2, 3)), length)


exercise(
    "components.steepest-step",
    asks="a function step(gradient, length) that returns an array of the gradient's shape",
    solution=_step,
    inputs=lambda rng: (rng.standard_normal((5, 3)), 0.7),
    probe=_two_steps,
    mistakes={
        "uphill: the loss falls against the gradient": lambda g, length: _step(g, length, sign=1),
        "not brought to length: divide by the length of the gradient": lambda g, length: (
            -g * length
        ),
        "zero gradient: 0/0 is NaN, and there the step should be zero": lambda g, length: (
            -g * length / np.sqrt(np.sum(g * g))
        ),
        "one length a column: the length of an array is that of all its entries": lambda g, length: (
            -length * g / np.maximum(np.sqrt(np.sum(g * g, axis=0)), 1e-300)
        ),
        "divided by the square: divide by the length, the root of it": lambda g, length: _step(
            g, length / max(np.sqrt(np.sum(g * g)), 1e-300)
        ),
        "signs only: a step against the gradient has its direction": lambda g, length: (
            -length * np.sign(g)
        ),
        "always one long: multiply by `length`": lambda g, length: _step(g, 1.0),
        "nothing for a zero gradient: return an array of zeros": lambda g, length: (
            _step(g, length) if g.any() else None
        ),
        "one zero: the answer has the gradient's shape": lambda g, length: (
            _step(g, length) if g.any() else 0.0
        ),
    },
)


def _ridge(X: Array, t: Array, penalty: float) -> Array:
    return np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ t)


exercise(
    "components.ridge",
    asks="a function ridge(X, t, penalty) that returns the weights of the minimum, (D,)",
    solution=lambda X, t, penalty: _ridge(X, t, len(X) * penalty),
    inputs=lambda rng: (rng.standard_normal((9, 3)), rng.standard_normal(9), 0.3),
    mistakes={
        "N forgotten: the error is a mean, the penalty is not": _ridge,
        "penalty forgotten: these are the weights of plain least squares": lambda X, t, p: _ridge(
            X, t, 0.0
        ),
        "factor two on one side: both terms are squares, so the twos cancel": lambda X, t, p: (
            _ridge(X, t, 2 * len(X) * p)
        ),
        "wrong sign: the penalty is added to XᵀX": lambda X, t, p: _ridge(X, t, -len(X) * p),
        "penalty everywhere: it is added on the diagonal, np.eye": lambda X, t, p: np.linalg.solve(
            X.T @ X + len(X) * p, X.T @ t
        ),
        "D instead of N: the mean is over the examples": lambda X, t, p: _ridge(
            X, t, X.shape[1] * p
        ),
        "divided once: X.T @ t has to be divided by N as well": lambda X, t, p: (
            len(X) * _ridge(X, t, len(X) * p)
        ),
    },
)
