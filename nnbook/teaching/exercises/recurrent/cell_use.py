"""Exercises of *Sequences and the recurrent cell*: stretches, going on alone, a cell that counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _cell(W: Array, U: Array, b: Array) -> Callable:
    """Return a cell that reads a batch of sequences from a state, None for zeros."""

    def cell(x: Array, h: Array | None) -> tuple[Array, Array]:
        h = np.zeros((len(x), len(U))) if h is None else np.asarray(h)
        states = []
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ W + h @ U + b)
            states.append(h)
        return np.stack(states, axis=1), h

    return cell


def _stretches(
    cell: Callable, x: Array, length: int, *, pass_on: Callable = lambda t, first, states, h: h
) -> Array:
    h = first = None
    parts = []
    for t in range(0, x.shape[1], length):
        states, h = cell(x[:, t : t + length], h)
        first = h if first is None else first
        parts.append(states)
        h = pass_on(t, first, states, h)
    return np.concatenate(parts, axis=1)


def _read_in_parts(answer: Callable, x: Array, length: int, W: Array, U: Array, b: Array) -> Any:
    return answer(_cell(W, U, b), x, length)


exercise(
    "recurrent.cell-stretches",
    asks="a function stretches(cell, x, length) that returns all states, (B, T, H)",
    solution=_stretches,
    inputs=lambda rng: (
        rng.standard_normal((5, 17, 3)),
        int(rng.integers(4, 8)),
        rng.standard_normal((3, 7)),
        0.5 * rng.standard_normal((7, 7)),
        rng.standard_normal(7),
    ),
    probe=_read_in_parts,
    mistakes={
        "state reset: a stretch goes on from the last state of the one before": (
            lambda cell, x, length: _stretches(cell, x, length, pass_on=lambda *a: None)
        ),
        "rest left out: the last stretch may be shorter": lambda cell, x, length: _stretches(
            cell, x[:, : x.shape[1] // length * length], length
        ),
        "always the first: each stretch begins where the one before it ended": (
            lambda cell, x, length: _stretches(
                cell, x, length, pass_on=lambda t, first, states, h: first
            )
        ),
        "first state passed on: it is the last one of a stretch that goes on": (
            lambda cell, x, length: _stretches(
                cell, x, length, pass_on=lambda t, first, states, h: states[:, 0]
            )
        ),
        "mean passed on: the state after the last step goes on": (
            lambda cell, x, length: _stretches(
                cell, x, length, pass_on=lambda t, first, states, h: states.mean(axis=1)
            )
        ),
    },
)


def _go_on(
    step: Callable, x: Array, n: int, *, again: bool = False, skip: int = 0, how: str = "right"
) -> Array:
    h = None
    for value in x[-1:] if how == "last" else x:
        forecast, h = step(value, h)
    if again:
        forecast, h = step(x[-1], h)
    ahead = [forecast]
    while len(ahead) < n + skip:
        read = x[-1] if how == "truth" else ahead[-1]
        forecast, new = step(read, None if how == "reset" else h)
        h = h if how == "frozen" else new
        ahead.append(forecast)
    return np.array(ahead[skip:])


def _alone(answer: Callable, x: Array, n: int, W: Array, U: Array, V: Array) -> Any:
    """Let the answer use a cell of random weights that reads and forecasts one value at a time."""

    def step(value: Any, h: Array | None) -> tuple[float, Array]:
        read = np.asarray(value, float).reshape(1)
        new = np.tanh(read @ W if h is None else read @ W + np.asarray(h) @ U)
        return float(new @ V), new

    return answer(step, x, n)


exercise(
    "recurrent.cell-free-run",
    asks="a function go_on(step, x, n) that returns an array (n,)",
    solution=_go_on,
    inputs=lambda rng: (
        rng.standard_normal(11),
        7,
        1.5 * rng.standard_normal((1, 5)),
        1.2 * np.linalg.qr(rng.standard_normal((5, 5)))[0],
        rng.standard_normal(5),
    ),
    probe=_alone,
    mistakes={
        "last value read twice: when it has been read, the first forecast is there": (
            lambda step, x, n: _go_on(step, x, n, again=True)
        ),
        "first forecast left out: it is the one made from the last true value": (
            lambda step, x, n: _go_on(step, x, n, skip=1)
        ),
        "state dropped: each step needs the state of the one before": lambda step, x, n: _go_on(
            step, x, n, how="reset"
        ),
        "state kept back: it goes on while forecasts are read, too": lambda step, x, n: _go_on(
            step, x, n, how="frozen"
        ),
        "last value for all: the forecast is read as if it were the next value": lambda step, x, n: (
            _go_on(step, x, n, how="truth")
        ),
        "last value alone: the state comes from the whole series": lambda step, x, n: _go_on(
            step, x, n, how="last"
        ),
    },
)


def _counter(
    m: int,
    *,
    k: float | None = None,
    last: float | None = None,
    shift: float = 0.5,
    kept: float = 1.0,
    scale: float = 1.0,
) -> tuple:
    k, v = 20.0 + 5 * m if k is None else k, np.ones(m) / 2
    v[-1] = (1 - m) / 2 if last is None else last
    c = v.sum()
    v = scale * v
    W, U = k * np.ones((1, m)), kept * k * np.outer(v, np.ones(m))
    return W, U, k * (c - np.arange(m) - shift), v, c


SHAPES = {"W": "(1, H)", "U": "(H, H)", "b": "(H,)", "V": "(H,)", "c": "()"}


def _counts(answer: Callable, m: int, bits: Array) -> Any:
    """Run the cell on the bits; a read-out within a tenth of the count is taken for it."""
    made = answer(m)
    if made is None or made is ...:
        return made
    if not isinstance(made, (tuple, list)) or len(made) != 5:
        raise AnswerError(f"expected five things, W, U, b, V and c, got {kind(made)}")
    try:
        W, U, b, V, c = (np.asarray(part, float) for part in made)
    except (TypeError, ValueError) as error:
        raise AnswerError("expected arrays of numbers for W, U, b and V, and a number c") from error
    H = U.shape[0] if U.ndim == 2 else 0
    wanted = ((1, H), (H, H), (H,), (H,), ())
    for (name, shape), part, want in zip(SHAPES.items(), (W, U, b, V, c), wanted):
        if part.shape != want or not H:
            raise AnswerError(
                f"expected {name} of shape {shape}, got {part.shape} beside U {U.shape}"
            )
    h, read = np.zeros(H), []
    for bit in bits:
        h = np.tanh(bit * W[0] + h @ U + b)
        read.append(h @ V + c)
    count = np.cumsum(bits) % m
    return np.where(np.abs(np.array(read) - count) < 0.1, count, read)


exercise(
    "recurrent.cell-modulo",
    asks="a function counter(m) that returns W, U, b, V and c",
    solution=_counter,
    inputs=lambda rng: (
        int(rng.integers(3, 8)),
        np.r_[rng.integers(0, 2, 300), np.zeros(50, int), np.ones(50, int)],
    ),
    probe=_counts,
    mistakes={
        "no way back: at m the count begins at 0 again": lambda m: _counter(m, last=0.5),
        "not steep: each step has to make a clean decision": lambda m: _counter(m, k=1.0),
        "thresholds at whole numbers: they lie half-way between two sums": lambda m: _counter(
            m, shift=0.0
        ),
        "old count left out: what is compared is the bit and the count before it": lambda m: (
            _counter(m, kept=0.0)
        ),
        "one too many subtracted: the other units add up to m - 1": lambda m: _counter(
            m, last=-m / 2
        ),
        "read-out twice as large: a unit goes from -1 to 1, which is a step of 2": lambda m: (
            _counter(m, scale=2.0)
        ),
    },
)
