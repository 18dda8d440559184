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
        "ln 2 forgotten: for a half the logarithm is that of n / ln 2, not of n": (
            lambda n: math.log(n)
        ),
    },
)


def step(
    x: Array, h: Array, c: Array, W: Array, U: Array, b: Array, order: str = "ifgo"
) -> tuple[Array, Array]:
    """One step of an LSTM with its gates in the given order: the new h and c, each (B, H)."""
    H = h.shape[1]
    z = x @ W + h @ U + b
    part = {name: z[:, n * H : (n + 1) * H] for n, name in enumerate(order)}
    i, f, o = (_sigmoid(part[name]) for name in "ifo")
    c = f * c + i * np.tanh(part["g"])
    return o * np.tanh(c), c


def _old_cell(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    H, new = h.shape[1], step(x, h, c, W, U, b)[1]
    o = _sigmoid((x @ W + h @ U + b)[:, 3 * H :])
    return o * np.tanh(c), new


def _no_tanh(x: Array, h: Array, c: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    h, c = step(x, h, c, W, U, b)
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
    solution=step,
    inputs=_step_inputs,
    mistakes={
        "candidate and output gate swapped: the third block is g, the fourth is o": (
            lambda *a: step(*a, order="ifog")
        ),
        "input and forget gate swapped: the first block is i": lambda *a: step(*a, order="figo"),
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
        "old cell short of h: what came through h goes on to the old cell too": lambda *a: (
            _back(*a)[0],
            a[1] * a[3],
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
