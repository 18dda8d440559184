"""Exercises of the chapter *A neuron, a layer*."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])

exercise(
    "components.border-distance",
    asks="a function distance(X, w, b) that returns the signed distances of the rows, of shape (B,)",
    solution=lambda X, w, b: (X @ w + b) / np.linalg.norm(w),
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal(3),
        float(rng.standard_normal()),
    ),
    mistakes={
        "not divided by the length of w: z itself grows when the weights grow": lambda X, w, b: (
            X @ w + b
        ),
        "divided by the square: the distance is z over the length, not over w · w": lambda X, w, b: (
            (X @ w + b) / (w @ w)
        ),
        "bias forgotten: the border does not pass through the origin": lambda X, w, b: (
            X @ w / np.linalg.norm(w)
        ),
        "sign lost: points on the other side have a negative distance": lambda X, w, b: (
            np.abs(X @ w + b) / np.linalg.norm(w)
        ),
        "bias not divided: it is a part of z, so the length divides it as well": lambda X, w, b: (
            X @ w / np.linalg.norm(w) + b
        ),
        "sign of the bias: z is w · x + b": lambda X, w, b: (X @ w - b) / np.linalg.norm(w),
        "length of the inputs: divide by the length of w": lambda X, w, b: (
            (X @ w + b) / np.linalg.norm(X, axis=1)
        ),
        "bias in the length: only w stands at a right angle to the border": lambda X, w, b: (
            (X @ w + b) / np.sqrt(w @ w + b * b)
        ),
        "products not added: w · x is one number for each row": lambda X, w, b: (
            (X * w + b) / np.linalg.norm(w)
        ),
    },
)

exercise(
    "components.layer-shapes",
    asks="three shapes and a count: ((...), (...), (...), number)",
    solution=((784, 10), (10,), (32, 10), 7850),
    mistakes={
        "biases forgotten: every neuron has one parameter more than inputs": (
            (784, 10),
            (10,),
            (32, 10),
            7840,
        ),
        "transposed: a weight leads from a row (input) to a column (neuron)": (
            (10, 784),
            (10,),
            (32, 10),
            7850,
        ),
        "one bias for every example: the bias belongs to the neuron, the batch shares it": (
            (784, 10),
            (32, 10),
            (32, 10),
            7850,
        ),
        "outputs transposed: a row for each example, a column for each neuron": (
            (784, 10),
            (10,),
            (10, 32),
            7850,
        ),
        "inputs and weights mixed up: (32, 784) is the batch": ((32, 784), (10,), (32, 10), 7850),
        "a bias for each input: a neuron has one": ((784, 10), (784,), (32, 10), 8624),
        "bias as a row: it is a vector, with one axis": ((784, 10), (1, 10), (32, 10), 7850),
        "one example: a batch of 32 has 32 rows of outputs": ((784, 10), (10,), (10,), 7850),
        "counted for each example: the batch shares the parameters": (
            (784, 10),
            (10,),
            (32, 10),
            32 * 7850,
        ),
    },
)


def _fires_like(wanted: Array, answer: Any) -> str | None:
    w1, w2, b = (float(v) for v in answer)
    for (x1, x2), target in zip(CORNERS, wanted):
        z = x1 * w1 + x2 * w2 + b
        if (z > 0) != target:
            side = "above 0" if target else "0 or below"
            return f"for ({x1:.0f}, {x2:.0f}) the sum is {z:g}, and should be {side}"
    return None


exercise(
    "components.and-weights",
    asks="three numbers (w1, w2, b)",
    solution=(1.0, 1.0, -1.5),
    accept=lambda answer: _fires_like([False, False, False, True], answer),
    mistakes={
        "this is OR: the threshold is so low that one input is enough": (1.0, 1.0, -0.5),
        "this is NAND: all signs are the other way round": (-1.0, -1.0, 1.5),
        "never above zero: for (1, 1) the sum has to be above 0, not at it": (1.0, 1.0, -2.0),
        "one input only: the second one has no say": (1.0, 0.0, -0.5),
    },
)


def _absorbed(joined: tuple, X: Array, W: Array, b: Array) -> str | None:
    if len(joined) != 2:
        return f"expected two matrices, got {len(joined)} values"
    wide, tall = (np.asarray(v) for v in joined)
    if wide.shape != (len(X), X.shape[1] + 1) or tall.shape != (W.shape[0] + 1, W.shape[1]):
        return (
            f"expected shapes {(len(X), X.shape[1] + 1)} and {(W.shape[0] + 1, W.shape[1])}, "
            f"got {wide.shape} and {tall.shape}"
        )
    if not np.allclose(wide @ tall, X @ W + b):
        return "the product of the two is not X W + b"
    return None


exercise(
    "components.absorb-bias",
    asks="a function absorb(X, W, b) that returns two matrices, of shapes (B, I + 1) and (I + 1, O)",
    solution=lambda X, W, b: (np.c_[X, np.ones(len(X))], np.r_[W, b[None]]),
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal((3, 7)),
        rng.standard_normal(7),
    ),
    accept=_absorbed,
    mistakes={
        "a column of zeros: the bias needs an input that is always 1": lambda X, W, b: (
            np.c_[X, np.zeros(len(X))],
            np.r_[W, b[None]],
        ),
        "different places: the new column and the new row must stand at the same index": lambda X, W, b: (
            np.c_[np.ones(len(X)), X],
            np.r_[W, b[None]],
        ),
        "a row of zeros: the new row of W holds the biases": lambda X, W, b: (
            np.c_[X, np.ones(len(X))],
            np.r_[W, 0 * b[None]],
        ),
        "added to the weights: a bias does not depend on the inputs": lambda X, W, b: (
            np.c_[X, np.ones(len(X))],
            np.r_[W + b, b[None]],
        ),
    },
)


def _xnor(answer: Any) -> str | None:
    W1, b1, w2, b2 = (np.asarray(v, float) for v in answer)
    hidden = (CORNERS @ W1 + b1 > 0).astype(float)
    z = hidden @ w2 + b2
    for (x1, x2), h, total, target in zip(CORNERS, hidden, z, [True, False, False, True]):
        if (total > 0) != target:
            return f"for ({x1:.0f}, {x2:.0f}) the hidden neurons give {h}, the last sum {total:g}"
    return None


exercise(
    "components.xnor-network",
    asks="four values (W_hidden (2, 2), b_hidden (2,), w_out (2,), b_out)",
    solution=([[1.0, 1.0], [1.0, 1.0]], [-0.5, -1.5], [-1.0, 1.0], 0.5),
    accept=_xnor,
    mistakes={
        "this is XOR: the answer should be yes when the inputs are equal": (
            [[1.0, 1.0], [1.0, 1.0]],
            [-0.5, -1.5],
            [1.0, -1.0],
            -0.5,
        ),
        "this is AND: two zeros are equal as well": (
            [[1.0, 1.0], [1.0, 1.0]],
            [-0.5, -1.5],
            [0.0, 1.0],
            -0.5,
        ),
        "this is NOR: two ones are equal as well": (
            [[1.0, 1.0], [1.0, 1.0]],
            [-0.5, -1.5],
            [-1.0, 0.0],
            0.5,
        ),
        "always yes: the last bias is so large that no -1 can bring the sum down": (
            [[1.0, 1.0], [1.0, 1.0]],
            [-0.5, -1.5],
            [-1.0, 1.0],
            1.5,
        ),
    },
)
