"""Exercises of the chapter *Derivatives*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

exercise(
    "components.derivative-of-one-over-x",
    asks="an array of two numbers: the slope for h = 2, and the derivative",
    solution=np.array([-1 / 8, -1 / 4]),
    mistakes={
        "wrong sign: 1/x falls as x grows": np.array([1 / 8, 1 / 4]),
        "the rise only: a slope is the rise divided by the step": np.array([-1 / 4, -1 / 4]),
        "the value instead of the slope: 1/x at 2 is a half": np.array([-1 / 8, 1 / 2]),
        "square forgotten: the derivative is -1/x²": np.array([-1 / 8, -1 / 2]),
        "the same number twice: for the derivative h goes to zero": np.array([-1 / 8, -1 / 8]),
    },
)

exercise(
    "components.chain-of-three",
    asks="a function slope(w, x) that returns dL/dw",
    solution=lambda w, x: -3 * x / (1 + np.exp(3 * w * x)),
    inputs=lambda rng: (float(rng.normal()), float(rng.normal())),
    mistakes={
        "inner slope forgotten: the exponent -3wx has the slope -3x": lambda w, x: (
            1 / (1 + np.exp(3 * w * x))
        ),
        "wrong sign: the exponent falls as w grows": lambda w, x: 3 * x / (1 + np.exp(3 * w * x)),
        "slope for x: this is dL/dx, which has w where x should be": lambda w, x: (
            -3 * w / (1 + np.exp(3 * w * x))
        ),
        "the 3 forgotten: it belongs to the inner slope": lambda w, x: -x / (1 + np.exp(3 * w * x)),
        "sign in the exponent: the slope of ln(1 + e^z) is e^z / (1 + e^z)": lambda w, x: (
            -3 * x / (1 + np.exp(-3 * w * x))
        ),
        "logarithm forgotten: its slope divides by what is inside it": lambda w, x: (
            -3 * x * np.exp(-3 * w * x)
        ),
        "the value: its slope is asked for": lambda w, x: np.log1p(np.exp(-3 * w * x)),
    },
)


def _bend(x: Array) -> float:
    """Mix all entries, so that every slope is another one."""
    return float(np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(x.shape)) + np.prod(x))


def _numerical(
    f: Callable, x: Array, h: float = 6e-6, ahead: float = 1, behind: float = 1
) -> Array:
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        slopes[i] = (f(x + ahead * step) - f(x - behind * step)) / (2 * h)
    return slopes


def _forgetful(f: Callable, x: Array, h: float = 6e-6) -> Array:
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = f(x)
        x[i] -= 2 * h
        slopes[i] = (ahead - f(x)) / (2 * h)
    return slopes


def _gradient(answer: Callable, x: Array) -> Array:
    before = x.copy()
    slopes = answer(_bend, x)
    if not np.array_equal(x, before):
        raise AnswerError("x has changed: it must be as it was when the function returns")
    return slopes


exercise(
    "components.numerical-gradient",
    asks="a function numerical_gradient(f, x) that returns an array of the shape of x",
    solution=_numerical,
    inputs=lambda rng: (rng.uniform(0.5, 1.5, size=(3, 5)),),
    probe=_gradient,
    tolerance=5e-9,
    mistakes={
        "divided by h: the two ends of a central difference are 2h apart": lambda f, x: (
            2 * _numerical(f, x)
        ),
        "not put back: x must be as it was when the function returns": _forgetful,
        "a flat answer: the gradient has the shape of x": lambda f, x: _numerical(f, x).ravel(),
        "forward difference: it has too few right digits, look to both sides": lambda f, x: (
            2 * _numerical(f, x, behind=0)
        ),
    },
)


def _analytic(x: Array) -> Any:
    return np.sum(np.exp(x) * np.tanh(x)) / np.sqrt(np.sum(x * x))


exercise(
    "components.complex-direction",
    asks="a function slope_along(f, x, v) that returns one number, right to the last digits",
    solution=lambda f, x, v: f(x + 1e-100j * v).imag / 1e-100,
    inputs=lambda rng: (rng.normal(size=(3, 5)), rng.normal(size=(3, 5))),
    probe=lambda answer, x, v: answer(_analytic, x, v),
    tolerance=1e-12,
    mistakes={
        "real difference: a real step leaves two thirds of the digits": lambda f, x, v: (
            (f(x + 6e-6 * v) - f(x - 6e-6 * v)) / 1.2e-5
        ),
        "direction forgotten: the step is v, not one in every entry": lambda f, x, v: (
            f(x + 1e-100j).imag / 1e-100
        ),
        "real part: the slope sits in the imaginary part": lambda f, x, v: f(x + 1e-100j * v).real,
        "not divided by h: the imaginary part is h times the slope": lambda f, x, v: (
            f(x + 1e-100j * v).imag
        ),
        "v scaled to length 1: the slope along v itself is asked for": lambda f, x, v: (
            f(x + 1e-100j * v).imag / 1e-100 / np.linalg.norm(v)
        ),
    },
)

_H1, _H2 = np.sqrt(0.02), np.cbrt(0.01)
exercise(
    "components.noisy-slope",
    asks="an array of four numbers: step and error forward, step and error central",
    solution=np.array([_H1, 2 * _H1, _H2, 1.5 * _H2**2]),
    tolerance=5e-3,
    mistakes={
        "one reading: a difference has two of them, each off by up to 0.01": np.array(
            [0.1, 0.2, np.cbrt(0.005), 1.5 * np.cbrt(0.005) ** 2]
        ),
        "truncation only: at the best step both terms of the error count": np.array(
            [_H1, _H1, _H2, 0.5 * _H2**2]
        ),
        "the other order: the forward difference comes first": np.array(
            [_H2, 1.5 * _H2**2, _H1, 2 * _H1]
        ),
        "noise only: at the best step both terms of the error count": np.array(
            [_H1, _H1, _H2, _H2**2]
        ),
        "one step for both: the central difference has a best step of its own": np.array(
            [_H1, 2 * _H1, _H1, 0.5 * _H1**2 + _H2**3 / _H1]
        ),
    },
)
