"""Exercises of the chapter *LSTM* on its weights: PyTorch's, and weights set by hand."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.exercises.recurrent.lstm import step
from nnbook.tensor import Array


def _torch_state(rng: np.random.Generator) -> tuple:
    D, H = 3, 5
    return (
        rng.standard_normal((4 * H, D)),
        rng.standard_normal((4 * H, H)),
        rng.standard_normal(4 * H),
        rng.standard_normal(4 * H),
    )


def _reordered(w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array) -> tuple:
    H = w_hh.shape[1]
    order = np.r_[0 : 2 * H, 3 * H : 4 * H, 2 * H : 3 * H]
    return w_ih.T[:, order], w_hh.T[:, order], (b_ih + b_hh)[order]


exercise(
    "recurrent.lstm-from-torch",
    asks="a function that returns W (D, 4H), U (H, 4H) and b (4H,)",
    solution=lambda w_ih, w_hh, b_ih, b_hh: (w_ih.T, w_hh.T, b_ih + b_hh),
    inputs=_torch_state,
    mistakes={
        "not transposed: PyTorch keeps (4H, D), because it writes W x": (
            lambda w_ih, w_hh, b_ih, b_hh: (w_ih, w_hh, b_ih + b_hh)
        ),
        "one bias lost: both are added in every step": lambda w_ih, w_hh, b_ih, b_hh: (
            w_ih.T,
            w_hh.T,
            b_ih,
        ),
        "gates reordered: the order i, f, g, o is the same": _reordered,
        "biases averaged: they are added": lambda w_ih, w_hh, b_ih, b_hh: (
            w_ih.T,
            w_hh.T,
            (b_ih + b_hh) / 2,
        ),
    },
)


def _adds(weights: tuple, T: int = 300) -> float:
    """Mean squared error of hand-set weights (W, U, b, scale, shift) on the adding problem."""
    W, U, b, scale, shift = weights
    W, U, b = (np.asarray(a, float) for a in (W, U, b))
    if W.shape != (2, 4) or U.shape != (1, 4) or b.shape != (4,):
        raise ValueError(
            "expected W (2, 4), U (1, 4) and b (4,), for one unit and two inputs, "
            f"got {W.shape}, {U.shape} and {b.shape}"
        )
    rng = np.random.default_rng(0)
    number, mark = rng.random((200, T)), np.zeros((200, T))
    rows = np.arange(200)
    mark[rows, rng.integers(0, T // 2, 200)] = 1
    mark[rows, rng.integers(T // 2, T, 200)] = 1
    x, h, c = np.stack([number, mark], axis=2), np.zeros((200, 1)), np.zeros((200, 1))
    for t in range(T):
        h, c = step(x[:, t], h, c, W, U, b)
    return float(np.mean((scale * h[:, 0] + shift - (number * mark).sum(axis=1)) ** 2))


_BY_HAND = (
    np.array([[0.0, 0, 0.1, 0], [60, 0, 0, 0]]),
    np.zeros((1, 4)),
    np.array([-30.0, 40, 0, 40]),
    10.0,
    0.0,
)


def _changed(W: Array | None = None, b: Array | None = None, scale: float = 10.0) -> tuple:
    return (
        _BY_HAND[0] if W is None else np.array(W),
        _BY_HAND[1],
        _BY_HAND[2] if b is None else np.array(b),
        scale,
        0.0,
    )


exercise(
    "recurrent.lstm-adder",
    asks="five things: W (2, 4), U (1, 4), b (4,), the scale and the shift of the output",
    solution=_BY_HAND,
    inputs=lambda rng: (),
    probe=_adds,
    accept=lambda error: (
        None
        if error < 1e-3
        else f"its mean squared error over 300 steps is {error:.3g}, and below 0.001 is possible"
    ),
    mistakes={
        "forgets: a forget gate at 0.73 keeps nothing over 300 steps": _changed(
            b=[-30.0, 1, 0, 40]
        ),
        "always open: the input gate has to ask for the mark": _changed(b=[40.0, 40, 0, 40]),
        "bent: a candidate far from zero is bent by the tanh": _changed(
            W=[[0.0, 0, 2, 0], [60, 0, 0, 0]], scale=0.5
        ),
        "shut: nothing gets out of the cell while the output gate is closed": _changed(
            b=[-30.0, 40, 0, -40]
        ),
    },
)
