"""Exercises of the page *A tour of nnbook*."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import nn
from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array, Tensor

exercise(
    "start.parameter-count",
    asks="a whole number",
    solution=266_610,
    mistakes={
        "biases forgotten: every unit has one": 266_200,
        "the outputs have no biases: they do, 10 of them": 266_600,
    },
)

exercise(
    "start.slope-of-a-cubic",
    asks="a number",
    solution=4.75,
    mistakes={
        "the value and not the slope: ask for x.grad": 0.375,
        "the factor of 2x forgotten: its slope is 2": 5.75,
    },
)


class _Shift(nn.Module):
    def __init__(self, features: int) -> None:
        self.b = nn.Parameter(np.zeros(features, np.float32))

    def forward(self, x: Any) -> Tensor:
        return x + self.b


class _Fixed(_Shift):
    def __init__(self, features: int) -> None:
        self.b = np.zeros(features, np.float32)

    def forward(self, x: Any) -> Tensor:
        return Tensor(x) + self.b


class _Single(_Shift):
    def __init__(self, features: int) -> None:
        super().__init__(1)


class _Random(_Shift):
    def __init__(self, features: int) -> None:
        self.b = nn.Parameter(np.ones(features, np.float32))


def _use(layer: Any, x: Array) -> tuple:
    made = layer(x.shape[1])
    y = made(x)
    shapes = [p.shape for p in made.parameters()]
    if shapes:
        y.sum().backward()
    return y.data, shapes, [p.grad for p in made.parameters()]


exercise(
    "start.shift-layer",
    asks="a class Shift(features), a Module with one parameter",
    solution=_Shift,
    inputs=lambda rng: (rng.standard_normal((5, 3)).astype(np.float32),),
    probe=_use,
    mistakes={
        "nothing to learn: wrap the array in nn.Parameter": _Fixed,
        "one number for all: every feature has its own": _Single,
        "not zero at the start: a new layer should change nothing": _Random,
    },
)
