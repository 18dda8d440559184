"""Exercises of the chapter *Stacking layers*."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _relu(z: Array) -> Array:
    return np.maximum(z, 0)


exercise(
    "components.stack-count",
    asks="a function count(sizes) that returns a whole number",
    solution=lambda sizes: sum(i * o + o for i, o in pairwise(sizes)),
    inputs=lambda rng: (tuple(int(n) for n in rng.permutation([784, 31, 17, 10])),),
    mistakes={
        "biases forgotten: each output of a layer has one": lambda sizes: sum(
            i * o for i, o in pairwise(sizes)
        ),
        "a bias for every input: the biases belong to the outputs": lambda sizes: sum(
            i * o + i for i, o in pairwise(sizes)
        ),
        "a bias for the data: the inputs are not a layer and have none": lambda sizes: (
            sum(i * o + o for i, o in pairwise(sizes)) + sizes[0]
        ),
        "one bias for a layer: each of its outputs has one": lambda sizes: sum(
            i * o + 1 for i, o in pairwise(sizes)
        ),
        "the last layer forgotten: it has weights and biases, too": lambda sizes: sum(
            i * o + o for i, o in pairwise(sizes[:-1])
        ),
        "all in one: the layers' parameters are added, not multiplied": lambda sizes: int(
            np.prod(sizes)
        ),
    },
)


def _collapse(parameters: list, through: bool = True) -> tuple:
    W, b = parameters[0]
    for W_next, b_next in parameters[1:]:
        b = b @ W_next + b_next if through else b_next
        W = W @ W_next
    return W, b


def _square_layers(rng: np.random.Generator) -> tuple:
    return ([(rng.standard_normal((3, 3)), rng.standard_normal(3)) for _ in range(3)],)


exercise(
    "components.stack-collapse",
    asks="a function collapse(parameters) that returns one pair (W, b)",
    solution=_collapse,
    inputs=_square_layers,
    mistakes={
        "biases of the lower layers lost: they go through the weights above": lambda p: _collapse(
            p, through=False
        ),
        "biases only added: the bias of a lower layer is multiplied by the weights above": lambda p: (
            _collapse(p)[0],
            sum(b for _, b in p),
        ),
        "wrong order: the first layer's weights stand on the left": lambda p: (
            _collapse([(W.T, b) for W, b in p])[0].T,
            _collapse(p)[1],
        ),
        "its own weights: a bias goes through the layers above it, not through its own": lambda p: (
            _collapse(p)[0],
            sum(b @ _collapse(p[max(i, 1) :])[0] for i, (_, b) in enumerate(p)),
        ),
        "entry by entry: matrices are multiplied with @": lambda p: (
            p[0][0] * p[1][0] * p[2][0],
            _collapse(p)[1],
        ),
        "matrices added: one after the other is a product": lambda p: (
            sum(W for W, _ in p),
            sum(b for _, b in p),
        ),
        "two layers only: go through all of them": lambda p: _collapse(p[:2]),
        "biases of the upper layers lost: each is added on the way": lambda p: (
            _collapse(p)[0],
            p[0][1] @ _collapse(p[1:])[0],
        ),
    },
)


def _network_is(network: Any, inputs: int, wanted: Any) -> str | None:
    W1, b1, W2, b2 = (np.asarray(v, float) for v in network)
    x = np.array([[-2.0], [-0.5], [0.0], [1.0], [3.0]])
    if inputs == 2:
        x = np.array([[-2.0, -3.0], [-2.0, 1.0], [4.0, -1.0], [2.0, 5.0], [3.0, 3.0]])
    elif W1.shape != (1, 2):
        return f"two hidden neurons are asked for, W1 of shape (1, 2), got {W1.shape}"
    x = np.r_[x, 1e6 * x]  # for all inputs, those far away too
    y = np.ravel(_relu(x @ W1 + b1) @ W2 + b2)
    for row, got in zip(x, y):
        if abs(got - wanted(row)) > 1e-9 * max(1, np.abs(row).max()):
            where = ", ".join(f"{v:g}" for v in row)
            return f"at ({where}) the network gives {got:g}, and should give {wanted(row):g}"
    return None


exercise(
    "components.stack-absolute",
    asks="four lists or arrays (W1 (1, 2), b1 (2,), W2 (2, 1), b2 (1,))",
    solution=([[1.0, -1.0]], [0.0, 0.0], [[1.0], [1.0]], [0.0]),
    accept=lambda network: _network_is(network, 1, lambda row: abs(row[0])),
    mistakes={
        "this gives x: the part for negative inputs must be added, not subtracted": (
            [[1.0, -1.0]],
            [0.0, 0.0],
            [[1.0], [-1.0]],
            [0.0],
        ),
        "one neuron twice: negative inputs are lost, turn the sign of one of them": (
            [[1.0, 1.0]],
            [0.0, 0.0],
            [[0.5], [0.5]],
            [0.0],
        ),
        "half of it: each of the two slopes is one": (
            [[1.0, -1.0]],
            [0.0, 0.0],
            [[0.5], [0.5]],
            [0.0],
        ),
        "corners apart: both neurons bend at zero": (
            [[1.0, -1.0]],
            [-1.0, -1.0],
            [[1.0], [1.0]],
            [0.0],
        ),
    },
)

exercise(
    "components.stack-maximum",
    asks="four lists or arrays (W1 (2, H), b1 (H,), W2 (H, 1), b2 (1,))",
    solution=([[1.0, -1.0, -1.0], [0.0, 0.0, 1.0]], [0.0] * 3, [[1.0], [-1.0], [1.0]], [0.0]),
    accept=lambda network: _network_is(network, 2, max),
    mistakes={
        "right only for positive x1: its negative part must get past the ReLU as well": (
            [[1.0, -1.0], [0.0, 1.0]],
            [0.0, 0.0],
            [[1.0], [1.0]],
            [0.0],
        ),
        "this is the smaller of the two: the last term is added, not subtracted": (
            [[1.0, -1.0, 1.0], [0.0, 0.0, -1.0]],
            [0.0] * 3,
            [[1.0], [-1.0], [-1.0]],
            [0.0],
        ),
        "x1 and the positive part of x2: what is added is the positive part of x2 - x1": (
            [[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]],
            [0.0] * 3,
            [[1.0], [-1.0], [1.0]],
            [0.0],
        ),
        "difference reversed: x1 is there already, so add how much larger x2 is": (
            [[1.0, -1.0, 1.0], [0.0, 0.0, -1.0]],
            [0.0] * 3,
            [[1.0], [-1.0], [1.0]],
            [0.0],
        ),
    },
)


def _hat(
    x: Array,
    a: float,
    m: float,
    c: float,
    back: bool = True,
    both: bool = True,
    up: float | None = None,
    down: float | None = None,
) -> Array:
    up, down = up or 1 / (m - a), down or 1 / (c - m)
    middle = up + down if both else down
    return up * _relu(x - a) - middle * _relu(x - m) + down * _relu(x - c) * back


exercise(
    "components.stack-hat",
    asks="a function hat(x, a, m, c) that returns an array of x's shape",
    solution=_hat,
    inputs=lambda rng: (np.linspace(-1, 5, 25), *np.cumsum(0.5 + rng.random(3))),
    mistakes={
        "never back to level: at c the slope has to return to 0": lambda *v: _hat(*v, back=False),
        "slope at the top: it changes from up to down, by the sum of both": lambda *v: _hat(
            *v, both=False
        ),
        "height forgotten: the slopes are 1 over the widths": lambda x, a, m, c: (
            _relu(x - a) - 2 * _relu(x - m) + _relu(x - c)
        ),
        "widths instead of slopes: a slope is 1 over the width": lambda x, a, m, c: _hat(
            x, a, m, c, up=m - a, down=c - m
        ),
        "slopes exchanged: the rise goes from a to m": lambda x, a, m, c: _hat(
            x, a, m, c, up=1 / (c - m), down=1 / (m - a)
        ),
        "symmetric: the two sides have their own widths": lambda x, a, m, c: _hat(
            x, a, m, c, up=2 / (c - a), down=2 / (c - a)
        ),
    },
)

exercise(
    "components.stack-regions",
    asks="a whole number",
    solution=5051,
    mistakes={
        "one for each neuron and one more: that is for a single input": 101,
        "the pairs alone: every line adds one region, and every crossing one more": 4950,
        "the first region forgotten: with no line there is one": 5050,
        "two to the 100: lines in a plane do not cut out every pattern": 2**100,
    },
)
