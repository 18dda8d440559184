"""Exercises of the chapter *The same networks in PyTorch*."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "practice.torch-linear",
    asks="a function to_torch_linear(W, b) that returns the pair (weight, bias)",
    solution=lambda W, b: (W.T.copy(), b),
    inputs=lambda rng: (rng.standard_normal((3, 7)), rng.standard_normal(7)),
    mistakes={
        "not transposed: PyTorch keeps a row for each output, (O, I)": lambda W, b: (W, b),
        "reshaped instead of transposed: the shape is right, the numbers lie elsewhere": (
            lambda W, b: (W.reshape(W.shape[::-1]), b)
        ),
        "bias as a column: it stays a vector (O,)": lambda W, b: (W.T, b[:, None]),
        "exchanged: the weight comes first": lambda W, b: (b, W.T),
    },
)


def _lstm_count(D: int, H: int, layers: int, biases: int = 2) -> int:
    inputs = [D] + [H] * (layers - 1)
    return sum(4 * H * (I + H + biases) for I in inputs)


exercise(
    "practice.torch-lstm-count",
    asks="a function lstm_count(D, H, layers) that returns a whole number",
    solution=_lstm_count,
    inputs=lambda rng: (int(rng.integers(11, 20)), int(rng.integers(3, 9)), 3),
    mistakes={
        "one bias: PyTorch has two for each gate": lambda D, H, layers: _lstm_count(
            D, H, layers, biases=1
        ),
        "D in every layer: the upper layers read the H hidden states": lambda D, H, layers: (
            layers * _lstm_count(D, H, 1)
        ),
        "one gate: there are four, each with all of this": lambda D, H, layers: (
            _lstm_count(D, H, layers) // 4
        ),
        "candidate forgotten: there are three gates and a candidate, four in all": (
            lambda D, H, layers: _lstm_count(D, H, layers) * 3 // 4
        ),
    },
)


def _run_state(state: dict, x: Array, *, transposed: bool = True, order: type = int) -> Array:
    numbers = sorted({name.split(".")[0] for name in state}, key=order)
    for i in numbers:
        W = state[f"{i}.weight"]
        x = x @ (W.T if transposed else W.reshape(W.shape[::-1])) + state[f"{i}.bias"]
        if i != numbers[-1]:
            x = np.maximum(x, 0)
    return x


def _no_relu(state: dict, x: Array) -> Array:
    for i in sorted({int(name.split(".")[0]) for name in state}):
        x = x @ state[f"{i}.weight"].T + state[f"{i}.bias"]
    return x


def _state(rng: np.random.Generator) -> tuple:
    sizes = [5, *[4] * 5, 3]  # layers 0, 2, 4, 6, 8, 10
    state = {}
    for i, (I, O) in enumerate(pairwise(sizes)):
        state[f"{2 * i}.weight"] = rng.standard_normal((O, I))
        state[f"{2 * i}.bias"] = 1 + rng.standard_normal(O)
    names = [list(state)[i] for i in rng.permutation(len(state))]
    return {name: state[name] for name in names}, rng.standard_normal((7, 5))


exercise(
    "practice.torch-run-state",
    asks="a function run_state(state, x) that returns the outputs (B, O)",
    solution=_run_state,
    inputs=_state,
    mistakes={
        "ReLU after the last layer: scores may be negative": lambda state, x: np.maximum(
            _run_state(state, x), 0
        ),
        "no ReLU: there is one between each two layers": _no_relu,
        "reshaped instead of transposed: the weight is (O, I), its transpose is needed": (
            lambda state, x: _run_state(state, x, transposed=False)
        ),
        "sorted as text: layer 10 comes after layer 8, so compare numbers": lambda state, x: (
            _run_state(state, x, order=str)
        ),
        "no biases: each layer adds one": lambda state, x: _run_state(
            {k: v * k.endswith("weight") for k, v in state.items()}, x
        ),
    },
)


def _deepest(smallest: float, factor: float = 6**0.5) -> int:
    return int(np.floor(-np.log(smallest) / np.log(factor)))


exercise(
    "practice.torch-deepest",
    asks="a function deepest(smallest) that returns a whole number",
    solution=_deepest,
    inputs=lambda rng: (float(10 ** -rng.uniform(4.2, 9)),),
    mistakes={
        "variance instead of spread: the differences shrink by the root of six": lambda s: _deepest(
            s, 6.0
        ),
        "one too many: after that layer less than `smallest` is left": lambda s: _deepest(s) + 1,
        "not a whole number: there are no half layers": lambda s: -2 * np.log(s) / np.log(6),
        "one too few: that layer still has more than `smallest`": lambda s: _deepest(s) - 1,
    },
)

exercise(
    "practice.torch-accumulated",
    asks="a function forgotten(theta, gradients, lr) that returns an array (D,)",
    solution=lambda theta, gradients, lr: theta - lr * np.cumsum(gradients, axis=0).sum(axis=0),
    inputs=lambda rng: (rng.standard_normal(5), rng.standard_normal((7, 5)), 0.1),
    mistakes={
        "as if zero_grad were called: each step sees the sum of all gradients so far": (
            lambda theta, gradients, lr: theta - lr * gradients.sum(axis=0)
        ),
        "the last sum only: the optimizer has moved after every step before it, too": (
            lambda theta, gradients, lr: theta - lr * gradients[::-1].cumsum(axis=0)[0]
        ),
        "uphill: SGD subtracts": lambda theta, gradients, lr: (
            theta + lr * np.cumsum(gradients, axis=0).sum(axis=0)
        ),
        "rate forgotten: each step is lr times the sum": lambda theta, gradients, lr: (
            theta - np.cumsum(gradients, axis=0).sum(axis=0)
        ),
    },
)
