"""Exercises of the page *A tour of nnbook*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array, Tensor

exercise(
    "start.parameter-count",
    asks="a whole number",
    solution=266_610,
    mistakes={
        "biases forgotten: every unit has one": 266_200,
        "the outputs have no biases: they do, 10 of them": 266_600,
        "a layer forgotten: there are two hidden layers, so three matrices": 238_510,
        "biases of the inputs: the inputs are not a layer and have none": 267_394,
    },
)

exercise(
    "start.fit-steps",
    asks="a whole number",
    solution=4220,
    mistakes={
        "one epoch only: there are five": 844,
        "the last batch forgotten: it is smaller, but it is a step too": 4215,
        "rounded only at the end: every epoch has a last batch of its own": 4219,
        "rows counted: a step is made for a batch, not for an image": 270_000,
    },
)


def _accuracy(scores: Array, labels: Array) -> float:
    return float(np.mean(scores.argmax(axis=1) == labels))


def _scores(rng: np.random.Generator) -> tuple[Array, Array]:
    scores = rng.standard_normal((35, 7))
    labels = np.where(rng.random(35) < 0.6, scores.argmax(axis=1), rng.integers(0, 7, 35))
    return scores, labels


exercise(
    "start.accuracy",
    asks="a function accuracy(scores, labels) that returns a number from 0 to 1",
    solution=_accuracy,
    inputs=_scores,
    mistakes={
        "wrong axis: the classes lie along axis 1": lambda scores, labels: float(
            np.mean(scores.argmax(axis=0) == labels[: scores.shape[1]])
        ),
        "a count: divide by the number of rows": lambda scores, labels: int(
            np.sum(scores.argmax(axis=1) == labels)
        ),
        "the wrong ones: this is the error, not the accuracy": lambda scores, labels: (
            1 - _accuracy(scores, labels)
        ),
        "percent: a share lies between 0 and 1": lambda scores, labels: (
            100 * _accuracy(scores, labels)
        ),
    },
)

exercise(
    "start.slope-of-a-cubic",
    asks="a number",
    solution=4.75,
    mistakes={
        "the value and not the slope: ask for x.grad": 0.375,
        "the factor of 2x forgotten: its slope is 2": 5.75,
        "the factor of x³ forgotten: its slope is 3x²": 0.25,
        "the slope of the second term forgotten: it is -2": 6.75,
        "sign of the second term: it is subtracted, and so is its slope": 8.75,
    },
)


def _bend(v: float) -> float:
    return v**3 - 2 * v


def _trying(step: float, away: float) -> Callable:
    return lambda f, x: (f(x + step) - f(x - step)) / away


exercise(
    "start.slope-by-trying",
    asks="a function slope(f, x) that returns a number, right to three digits",
    solution=_trying(1e-4, 2e-4),
    inputs=lambda rng: (float(rng.uniform(1, 2)),),
    probe=lambda answer, x: answer(_bend, x),
    tolerance=2e-3,
    mistakes={
        "divided by one step: the two places are two steps apart": _trying(1e-4, 1e-4),
        "not divided: the change is divided by the distance": _trying(1e-4, 1),
        "wrong way round: from the value above, take the one below": _trying(1e-4, -2e-4),
        "upside down: the change is divided by the distance": lambda f, x: (
            2e-4 / (f(x + 1e-4) - f(x - 1e-4))
        ),
        "too large a step: the function bends on the way": _trying(1.0, 2.0),
        "too rough: look to both sides, or take a smaller step": lambda f, x: (
            (f(x + 0.1) - f(x)) / 0.1
        ),
        "the value and not its change: compare two values of f": lambda f, x: f(x),
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


class _Minus(_Shift):
    def forward(self, x: Any) -> Tensor:
        return x - self.b


class _Scale(_Random):
    def forward(self, x: Any) -> Tensor:
        return x * self.b


class _Silent(_Shift):
    def forward(self, x: Any) -> None:
        _ = x + self.b


def _use(layer: Any, x: Array) -> tuple:
    if not isinstance(layer, type):
        raise AnswerError(
            f"expected the class itself, without brackets behind it, got {kind(layer)}"
        )
    made = layer(x.shape[1])
    if not isinstance(made, nn.Module):
        raise AnswerError("not a Module: the class has to be derived from nn.Module")
    parameters = list(made.parameters())
    y = made(x.astype(parameters[0].dtype) if parameters else x)
    if y is None:
        raise AnswerError("nothing returned: forward has to end with return")
    if len(parameters) > 1:
        raise AnswerError(f"expected one parameter, got {len(parameters)}")
    if parameters:
        y.sum().backward()
    return y.data, [p.data for p in parameters], [p.grad for p in parameters]


exercise(
    "start.shift-layer",
    asks="a class Shift(features), a Module with one parameter",
    solution=_Shift,
    inputs=lambda rng: (rng.standard_normal((5, 3)).astype(np.float32),),
    probe=_use,
    mistakes={
        "nothing returned: forward has to end with return": _Silent,
        "subtracted: the layer adds b": _Minus,
        "scaled: the layer adds b, and does not multiply": _Scale,
        "nothing to learn: wrap the array in nn.Parameter": _Fixed,
        "one number for all: every feature has its own": _Single,
        "not zero at the start: a new layer should change nothing": _Random,
    },
)
