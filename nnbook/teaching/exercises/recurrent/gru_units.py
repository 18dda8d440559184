"""Exercises of the chapter *GRU*: a unit with a single gate, and a unit that holds a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.ops.activation import logistic
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _step_back(
    g: Array,
    x: Array,
    h: Array,
    Wf: Array,
    Uf: Array,
    Wn: Array,
    Un: Array,
    *,
    difference: Callable[[Array, Array], Array] = lambda n, h: n - h,
    through: float = 1.0,
    kept: Callable[[Array], Any] = lambda f: 1 - f,
    gated: bool = True,
    reached: float = 1.0,
) -> tuple[Array, ...]:
    f = logistic(x @ Wf + h @ Uf)
    n = np.tanh(x @ Wn + (f * h) @ Un)
    sn = g * f * (1 - n * n)
    dp = sn @ Un.T
    sf = (g * difference(n, h) + through * dp * h) * f * (1 - f)
    dx = sf @ Wf.T + sn @ Wn.T
    dh = g * kept(f) + dp * f + reached * (sf @ Uf.T)
    read = f * h if gated else h
    return dx, dh, x.T @ sf, h.T @ sf, x.T @ sn, read.T @ sn


def _inputs(rng: np.random.Generator) -> tuple[Array, ...]:
    B, D, H = 5, 3, 7
    shapes = ((D, H), (H, H)) * 2
    weights = (rng.standard_normal(shape) for shape in shapes)
    g, x = rng.standard_normal((B, H)), rng.standard_normal((B, D))
    return g, x, rng.uniform(-1, 1, (B, H)), *weights


exercise(
    "recurrent.gru-minimal",
    asks="a function that returns the cotangents of x and h, and dWf, dUf, dWn and dUn",
    solution=_step_back,
    inputs=_inputs,
    mistakes={
        "gate in the candidate: it is used there, too": lambda *a: _step_back(*a, through=0.0),
        "meaning of the gate: here it multiplies the new": lambda *a: _step_back(
            *a, difference=lambda n, h: h - n
        ),
        "state kept by f: it is kept by 1 - f": lambda *a: _step_back(*a, kept=lambda f: f),
        "ungated state: the matrix of the candidate was multiplied by f h": lambda *a: _step_back(
            *a, gated=False
        ),
        "gate's way back: the gate reads the old state as well": lambda *a: _step_back(
            *a, reached=0.0
        ),
        "new part alone: what is kept depends on the gate, too": lambda *a: _step_back(
            *a, difference=lambda n, h: n
        ),
    },
)


def _holder(
    *,
    k: float = 30.0,
    shut: float = 2.0,
    scale: float = 0.1,
    gain: float | None = None,
    sign: float = 1.0,
    fed: float = 0.0,
) -> tuple:
    W = np.array([[0.0, 0.0, scale], [0.0, -sign * shut * k, 0.0]])
    U = np.array([[0.0, 0.0, fed]])
    return W, U, np.array([0.0, sign * k, 0.0]), 1 / scale if gain is None else gain, 0.0


SHAPES = {"W": (2, 3), "U": (1, 3), "b": (3,), "a": (), "c": ()}


def _holds(answer: Callable, values: Array, marks: Array) -> Any:
    """Run the unit; a read-out within a hundredth of the value held is taken for it."""
    made = answer()
    if made is None or made is ...:
        return made
    if not isinstance(made, (tuple, list)) or len(made) != 5:
        raise AnswerError(f"expected five things, W, U, b, a and c, got {kind(made)}")
    try:
        W, U, b, a, c = parts = [np.asarray(part, float) for part in made]
    except (TypeError, ValueError) as error:
        raise AnswerError(
            "expected arrays of numbers for W, U and b, and numbers a and c"
        ) from error
    for (name, shape), part in zip(SHAPES.items(), parts):
        if part.shape != shape:
            raise AnswerError(f"expected {name} of shape {shape}, got {part.shape}")
    sums, (ur, uz, un) = np.stack([values, marks], axis=1) @ W + b, U[0].tolist()
    h, states = 0.0, []
    for sr, sz, sn in sums.tolist():  # numbers, since the loop is run for each wrong answer
        r, z = (0.5 + 0.5 * math.tanh(s / 2) for s in (sr + h * ur, sz + h * uz))
        h = (1 - z) * math.tanh(sn + r * h * un) + z * h
        states.append(h)
    read = a * np.array(states) + c
    last = np.maximum.accumulate(np.where(marks > 0, np.arange(len(marks)), 0))
    held = values[last]
    return np.where(np.abs(read - held) < 0.01, held, read)


def _marked(rng: np.random.Generator) -> tuple[Array, Array]:
    marks = np.zeros(1000)
    marks[[0, 5, 40, 41]] = 1
    return rng.choice([-1, 1], 1000) * rng.uniform(0.3, 0.5, 1000), marks


exercise(
    "recurrent.gru-hold",
    asks="a function holder() that returns W, U, b, a and c",
    solution=_holder,
    inputs=_marked,
    probe=_holds,
    mistakes={
        "leak: over a thousand steps the gate has to be very near 1": lambda: _holder(k=5.0),
        "curved: the tanh of a large value is not proportional to it": lambda: _holder(scale=2.0),
        "read as it is: the read-out takes the scale of the candidate back": lambda: _holder(
            gain=1.0
        ),
        "gate the other way: near 1 it keeps, near 0 it takes": lambda: _holder(sign=-1.0),
        "half open: the mark has to outweigh the bias and more": lambda: _holder(shut=1.0),
        "old state in the candidate: what is taken is the value alone": lambda: _holder(fed=1.0),
    },
)
