"""Exercises of the chapter *Backpropagation through convolution* on its transpose as a layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _grown(H: int, K: int, s: int, p: int, extra: int) -> int:
    return (H - 1) * s - 2 * p + K + extra


exercise(
    "convolution.grown",
    asks="a function grown(H, K, s, p, extra) that returns a whole number",
    solution=_grown,
    inputs=lambda rng: (
        int(rng.integers(5, 12)),
        int(rng.integers(5, 8)),
        3,
        1,
        int(rng.integers(1, 3)),
    ),
    mistakes={
        "padding added: here it cuts pixels off": lambda H, K, s, p, extra: (
            (H - 1) * s + 2 * p + K + extra
        ),
        "padding on one side: it is cut off on both": lambda H, K, s, p, extra: (
            (H - 1) * s - p + K + extra
        ),
        "H strides: the last kernel begins after H - 1 of them": lambda H, K, s, p, extra: (
            H * s - 2 * p + K + extra
        ),
        "extra forgotten: it says which of the possible sizes is meant": lambda H, K, s, p, extra: (
            (H - 1) * s - 2 * p + K
        ),
        "the other direction: this layer makes images larger": lambda H, K, s, p, extra: (
            (H + 2 * p - K) // s + 1
        ),
    },
)


def _gap(f: Callable, h: Callable, x: Array, y: Array) -> float:
    return abs(np.vdot(f(x), y) - np.vdot(x, h(y)))


def _probe_gap(answer: Callable, x: Array, y: Array, A: Array) -> tuple | None:
    """Apply the reader's test to a pair that belongs together, and to one that does not."""
    right = answer(lambda v: A @ v, lambda v: A.T @ v, x, y)
    if right is None:  # the stub
        return None
    wrong = answer(lambda v: A @ v, lambda v: np.abs(A).T @ v, x, y)
    return np.round(right, 9), wrong


exercise(
    "convolution.adjoint",
    asks="a function gap(f, h, x, y) that returns one number",
    solution=_gap,
    inputs=lambda rng: (
        rng.standard_normal(7),
        rng.standard_normal(5),
        rng.standard_normal((5, 7)),
    ),
    probe=_probe_gap,
    mistakes={
        "signed: return the size of the difference": lambda f, h, x, y: (
            -np.abs(np.vdot(f(x), y) - np.vdot(x, h(y)))
        ),
        "an inverse: the transpose does not undo f": lambda f, h, x, y: np.abs(h(f(x)) - x).max(),
        "lengths compared: each product is that of one vector with its partner": (
            lambda f, h, x, y: abs(np.vdot(f(x), f(x)) - np.vdot(h(y), h(y)))
        ),
        "the same product twice: h has not been asked": lambda f, h, x, y: 0.0,
        "added: the two products are to be equal": lambda f, h, x, y: abs(
            np.vdot(f(x), y) + np.vdot(x, h(y))
        ),
    },
)
