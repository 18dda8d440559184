"""Exercises of the chapter *LSTM*."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _sigmoid(z: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * z))


def _numbers(f_z: float = 1.0, squash: bool = True, swap: bool = False) -> Array:
    i, f, g, o = _sigmoid(-1.0), _sigmoid(f_z), np.tanh(2.0), _sigmoid(0.0)
    if swap:
        g, o = np.tanh(0.0), _sigmoid(2.0)
    c = f * -1.0 + i * g
    return np.array([c, o * (np.tanh(c) if squash else c)])


exercise(
    "recurrent.lstm-by-hand",
    asks="an array of two numbers, the new cell and the new hidden state",
    solution=_numbers(),
    tolerance=2e-3,
    mistakes={
        "tanh forgotten: the hidden state is o tanh c, not o c": _numbers(squash=False),
        "gates out of order: the columns are i, f, g, o": _numbers(swap=True),
        "old cell kept whole: it is multiplied by the forget gate": (
            _numbers() + np.array([_sigmoid(1.0) - 1, 0])
        ),
        "hidden state first: the cell was asked for first": _numbers()[::-1],
    },
)

exercise(
    "recurrent.lstm-count",
    asks="a function count(D, H) that returns a whole number",
    solution=lambda D, H: 4 * H * (D + H + 1),
    inputs=lambda rng: (int(rng.integers(3, 40)), int(rng.integers(41, 90))),
    mistakes={
        "one gate only: there are four blocks of columns": lambda D, H: H * (D + H + 1),
        "biases forgotten: each of the 4H sums has one": lambda D, H: 4 * H * (D + H),
        "two biases: PyTorch has two, their sum is one here": lambda D, H: 4 * H * (D + H + 2),
        "cell counted as a gate: c has no weights of its own": lambda D, H: 5 * H * (D + H + 1),
    },
)


def _half_life(n: float) -> float:
    f = 0.5 ** (1 / n)
    return math.log(f / (1 - f))


exercise(
    "recurrent.lstm-half-life",
    asks="a function forget_bias(n) that returns a number",
    solution=_half_life,
    inputs=lambda rng: (int(rng.integers(5, 400)),),
    mistakes={
        "the gate, not its bias: the bias goes through a sigmoid": lambda n: 0.5 ** (1 / n),
        "upside down: a longer memory needs a larger bias": lambda n: -_half_life(n),
        "a factor of e: the cell is to fall to a half, not to 1/e": lambda n: (
            -math.log(math.exp(1 / n) - 1)
        ),
    },
)


def _step(
    x: Array, h: Array, c: Array, W: Array, U: Array, b: Array, order: str = "ifgo"
) -> tuple[Array, Array]:
    H = h.shape[1]
    z = x @ W + h @ U + b
    part = {name: z[:, n * H : (n + 1) * H] for n, name in enumerate(order)}
    i, f, o = (_sigmoid(part[name]) for name in "ifo")
    c = f * c + i * np.tanh(part["g"])
    return o * np.tanh(c), c


def _old_cell(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    H, new = h.shape[1], _step(x, h, c, W, U, b)[1]
    o = _sigmoid((x @ W + h @ U + b)[:, 3 * H :])
    return o * np.tanh(c), new


def _no_tanh(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    h, c = _step(x, h, c, W, U, b)
    return h / np.tanh(c) * c, c


def _step_inputs(rng: np.random.Generator) -> tuple:
    B, D, H = 5, 3, 7
    return (
        rng.standard_normal((B, D)),
        rng.standard_normal((B, H)),
        rng.standard_normal((B, H)),
        rng.standard_normal((D, 4 * H)),
        rng.standard_normal((H, 4 * H)),
        rng.standard_normal(4 * H),
    )


exercise(
    "recurrent.lstm-step",
    asks="a function step(x, h, c, W, U, b) that returns the new h and the new c, each (B, H)",
    solution=_step,
    inputs=_step_inputs,
    mistakes={
        "candidate and output gate swapped: the third block is g, the fourth is o": (
            lambda *a: _step(*a, order="ifog")
        ),
        "input and forget gate swapped: the first block is i": lambda *a: _step(*a, order="figo"),
        "old cell shown: the hidden state is made from the new cell": _old_cell,
        "tanh forgotten: the hidden state is o tanh c": _no_tanh,
    },
)


def _back(
    dh: Array,
    dc: Array,
    i: Array,
    f: Array,
    g: Array,
    o: Array,
    c_old: Array,
    c_new: Array,
    through: bool = True,
    cell: Array | None = None,
) -> tuple[Array, Array]:
    tanh_c = np.tanh(c_new)
    if through:
        dc = dc + dh * o * (1 - tanh_c**2)
    seen = c_old if cell is None else cell
    dz = [dc * g * i * (1 - i), dc * seen * f * (1 - f), dc * i * (1 - g**2)]
    dz.append(dh * tanh_c * o * (1 - o))
    return np.concatenate(dz, axis=1), dc * f


def _back_inputs(rng: np.random.Generator) -> tuple:
    shape = (5, 3)
    i, f, o = (rng.uniform(0.1, 0.9, shape) for _ in range(3))
    g, c = rng.uniform(-0.9, 0.9, shape), rng.standard_normal(shape)
    return (
        rng.standard_normal(shape),
        rng.standard_normal(shape),
        *(i, f, g, o),
        c,
        f * c + i * g,
    )


def _unsloped(*a: Array) -> tuple[Array, Array]:
    dh, dc, i, f, g, o, c_old, c_new = a
    tanh_c = np.tanh(c_new)
    dc = dc + dh * o * (1 - tanh_c**2)
    return np.concatenate([dc * g, dc * c_old, dc * i, dh * tanh_c], axis=1), dc * f


exercise(
    "recurrent.lstm-step-back",
    asks="a function that returns dz (B, 4H) and the cotangent of the old cell (B, H)",
    solution=_back,
    inputs=_back_inputs,
    mistakes={
        "one way only: the cell reaches the loss through h as well": lambda *a: _back(
            *a, through=False
        ),
        "new cell for the old: the forget gate multiplies the old one": lambda *a: _back(
            *a, cell=a[-1]
        ),
        "not through the forget gate: the old cell was multiplied by f": lambda *a: (
            _back(*a)[0],
            _back(*a)[1] / a[3],
        ),
        "slopes forgotten: each gate went through a sigmoid, the candidate through a tanh": (
            _unsloped
        ),
    },
)


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
        h, c = _step(x[:, t], h, c, W, U, b)
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
    },
)
