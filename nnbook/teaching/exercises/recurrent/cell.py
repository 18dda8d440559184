"""Exercises of the chapter *Sequences and the recurrent cell*: one step, and what one unit keeps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "recurrent.cell-count",
    asks="a function count(D, H, O) that returns a whole number",
    solution=lambda D, H, O: H * (D + H + 1) + O * (H + 1),
    inputs=lambda rng: (
        int(rng.integers(3, 20)),
        int(rng.integers(21, 60)),
        int(rng.integers(61, 90)),
    ),
    mistakes={
        "state without weights: it has a matrix of its own, (H, H)": lambda D, H, O: (
            H * (D + 1) + O * (H + 1)
        ),
        "biases forgotten: each unit and each output has one": lambda D, H, O: H * (D + H) + O * H,
        "two biases: PyTorch has two, and their sum is one here": lambda D, H, O: (
            H * (D + H + 2) + O * (H + 1)
        ),
        "cell alone: the layer that reads the state has parameters too": lambda D, H, O: (
            H * (D + H + 1)
        ),
        "reading the input: the outputs are read off the state": lambda D, H, O: (
            H * (D + H + 1) + O * (D + 1)
        ),
    },
)


def _step_back(
    g: Array,
    x: Array,
    old: Array,
    new: Array,
    W: Array,
    U: Array,
    *,
    slope: Callable[[Array, Array], Any] = lambda old, new: 1 - new**2,
    turned: bool = False,
    multiplied: int = 0,
) -> tuple[Array, ...]:
    dz = g * slope(old, new)
    state = (old, new)[multiplied]
    return dz @ W.T, dz @ (U if turned else U.T), x.T @ dz, state.T @ dz, dz.sum(axis=0)


def _step_inputs(rng: np.random.Generator) -> tuple[Array, ...]:
    B, D, H = 5, 3, 7
    x, old = rng.standard_normal((B, D)), rng.uniform(-1, 1, (B, H))
    W, U = rng.standard_normal((D, H)), rng.standard_normal((H, H))
    new = np.tanh(x @ W + old @ U)
    return rng.standard_normal((B, H)), x, old, new, W, U


exercise(
    "recurrent.cell-step-back",
    asks="a function that returns the cotangents of x and of the old state, and dW, dU and db",
    solution=_step_back,
    inputs=_step_inputs,
    mistakes={
        "slope forgotten: the new state went through a tanh": lambda *a: _step_back(
            *a, slope=lambda old, new: 1.0
        ),
        "slope of the old state: the tanh of this step made the new one": lambda *a: _step_back(
            *a, slope=lambda old, new: 1 - old**2
        ),
        "tanh twice: the new state is a tanh already": lambda *a: _step_back(
            *a, slope=lambda old, new: 1 - np.tanh(new) ** 2
        ),
        "U as on the way forward: on the way back it is transposed": lambda *a: _step_back(
            *a, turned=True
        ),
        "new state for the old: U was multiplied by the state before the step": (
            lambda *a: _step_back(*a, multiplied=1)
        ),
    },
)


def _margin(u: float) -> float:
    return math.sqrt(u * (u - 1)) - math.atanh(math.sqrt(1 - 1 / u)) if u > 1 else 0.0


def _beyond(formula: Callable[[float], float]) -> Callable[[float], float]:
    """Use a formula for u > 1 and the right answer, 0, below."""
    return lambda u: formula(u) if u > 1 else 0.0


def _for_all(answer: Callable, us: Array) -> Any:
    margins = [answer(float(u)) for u in us]
    return next((m for m in margins if m is None or m is ...), margins)


exercise(
    "recurrent.cell-margin",
    asks="a function margin(u) that returns a number",
    solution=_margin,
    inputs=lambda rng: (np.r_[rng.uniform(0.6, 0.9), 1.0, rng.uniform(1.3, 4, 3)],),
    probe=_for_all,
    mistakes={
        "u of 1 or less: the smallest noise can erase the sign there": lambda u: (
            math.sqrt(abs(u * (u - 1))) - math.atanh(math.sqrt(abs(1 - 1 / u)))
        ),
        "sum alone: what tanh needs to give c again is subtracted": _beyond(
            lambda u: math.sqrt(u * (u - 1))
        ),
        "tanh for artanh: the inverse of tanh says what sum gives c": _beyond(
            lambda u: math.sqrt(u * (u - 1)) - math.tanh(math.sqrt(1 - 1 / u))
        ),
        "state without its weight: the sum has u c, not c": _beyond(
            lambda u: math.sqrt(1 - 1 / u) - math.atanh(math.sqrt(1 - 1 / u))
        ),
        "slope at zero: the worst place is where the distance is largest": _beyond(lambda u: u - 1),
    },
)
