"""Exercises of the chapter *LeNet, today*: parameters, shifts, and asking several times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _parameters(C: int, V: int, dense: int = 400, bias: int = 1) -> int:
    convolutions = 6 * (25 * C + bias) + 16 * (6 * 25 + bias)
    return convolutions + 120 * (dense + bias) + 84 * (120 + bias) + V * (84 + bias)


exercise(
    "convolution.lenet-today-parameters",
    asks="a function parameters(C, V) that returns a whole number",
    solution=_parameters,
    inputs=lambda rng: (int(rng.integers(2, 6)), int(rng.integers(12, 50))),
    mistakes={
        "grey and ten: C and V are to be free": lambda C, V: 61_706,
        "biases forgotten: each map and each unit has one": lambda C, V: _parameters(C, V, bias=0),
        "channels ignored: a kernel has a slice for each channel that it reads": lambda C, V: (
            _parameters(1, V)
        ),
        "a bias for each slice: a map has one bias, whatever the number of channels": (
            lambda C, V: _parameters(C, V) + 6 * (C - 1)
        ),
        "as in 1998: there are no drawings, the last layer has weights": lambda C, V: _parameters(
            C, 0
        ),
        "no padding: with a padding of 2 the maps before the dense layers are 5 × 5": (
            lambda C, V: _parameters(C, V, dense=16 * 4 * 4)
        ),
    },
)


def _shift(x: Array, down: int, right: int, mode: str = "constant") -> Array:
    H, W = x.shape
    sheet = np.pad(x, ((H, H), (W, W)), mode=mode)  # type: ignore[call-overload]
    return sheet[H - down : 2 * H - down, W - right : 2 * W - right]


exercise(
    "convolution.lenet-today-shift",
    asks="a function shift(x, down, right) that returns an array (H, W)",
    solution=_shift,
    inputs=lambda rng: (
        rng.standard_normal((7, 9)),
        *(int(n) for n in rng.permutation([-3, -2, 1, 4])[:2]),
    ),
    mistakes={
        "round the corner: what leaves the image does not come in on the other side": (
            lambda x, down, right: np.roll(x, (down, right), (0, 1))
        ),
        "the other way: a positive number moves the image down and to the right": (
            lambda x, down, right: _shift(x, -down, -right)
        ),
        "axes exchanged: rows are moved by `down`, columns by `right`": lambda x, down, right: (
            _shift(x, right, down)
        ),
        "edge repeated: what comes in is 0": lambda x, down, right: _shift(x, down, right, "edge"),
        "down alone: columns move too": lambda x, down, right: _shift(x, down, 0),
    },
)


FIVE = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))


def _ask(
    probabilities: Callable, image: Array, moves: tuple = FIVE, mode: str = "constant"
) -> Array:
    return probabilities(np.array([_shift(image, *by, mode) for by in moves])).mean(axis=0)


def _network(W: Array) -> Callable:
    """Give probabilities (B, V) of images (B, H, W), as a network with weights W (H·W, V)."""

    def probabilities(x: Array) -> Array:
        z = np.tanh(np.asarray(x).reshape(len(x), -1)) @ W
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return probabilities


def _asked(answer: Callable, W: Array, image: Array) -> Any:
    return answer(_network(W), image)


def _ask_logs(probabilities: Callable, image: Array) -> Array:
    p = np.exp(_ask(lambda x: np.log(probabilities(x)), image))
    return p / p.sum()


exercise(
    "convolution.lenet-today-ask",
    asks="a function ask(probabilities, image) that returns an array (V,)",
    solution=_ask,
    inputs=lambda rng: (rng.standard_normal((30, 4)), rng.standard_normal((6, 5))),
    probe=_asked,
    mistakes={
        "asked once: the four shifts have a voice too": lambda probabilities, image: _ask(
            probabilities, image, FIVE[:1]
        ),
        "without the image itself: it is the fifth": lambda probabilities, image: _ask(
            probabilities, image, FIVE[1:]
        ),
        "round the corner: zeros come in": lambda probabilities, image: _ask(
            probabilities, image, mode="wrap"
        ),
        "added up: five probabilities have to be divided by five": lambda probabilities, image: (
            5 * _ask(probabilities, image)
        ),
        "mean of logarithms: take the mean of the probabilities": _ask_logs,
        "mean picture: the network is asked about each, then the answers are averaged": (
            lambda probabilities, image: probabilities(
                np.mean([[_shift(image, *by)] for by in FIVE], axis=0)
            )[0]
        ),
        "diagonal: the shifts go up, down, left and right": lambda probabilities, image: _ask(
            probabilities, image, ((0, 0), (1, 1), (-1, -1), (1, -1), (-1, 1))
        ),
    },
)
