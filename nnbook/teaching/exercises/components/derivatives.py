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


def _second(f: Callable, x: float, h: float = 2e-4, middle: float = 2, power: int = 2) -> float:
    return (f(x + h) - middle * f(x) + f(x - h)) / h**power


def _wave(x: float) -> float:
    return np.exp(x) * np.sin(x)


_SMALL = "too small a step: rounding is divided by h² here, so h must be larger"
_LARGE = "too large a step: the error goes like h² f'''' / 12"


def _watched(answer: Callable, x: float) -> tuple | None:
    """Return the answer's value at x, and how far from x it asked for the function."""
    far = 0.0

    def wave(place: float) -> float:
        nonlocal far
        far = max(far, abs(place - x))
        return _wave(place)

    value = answer(wave, x)
    return None if value is None else (value, far)


def _is_second(told: tuple, x: float) -> str | None:
    value, far = told
    want = 2 * np.exp(x) * np.cos(x)
    ratio = value / want
    if abs(ratio - 1) < 1e-6:
        return None
    if abs(ratio - 1) < 0.2:  # the formula is right, or nearly
        return _LARGE if far > 1e-3 else _SMALL
    if abs(ratio) > 1e3:
        return "f(x) not subtracted twice: what is left of it is divided by h²"
    for wrong, told in (
        (-1, "wrong sign: the values on both sides count positive, the middle negative"),
        (1 / 4, "divided by (2h)²: the two slopes are those of steps of h"),
        (1 / 2, "half of it: divide by h², not by 2h²"),
    ):
        if abs(ratio - wrong) < 1e-4:
            return told
    return f"for eˣ sin x at {x:.3f} it gives {value:.9g}, not {want:.9g}"


exercise(
    "components.second-difference",
    asks="a function second_derivative(f, x) that returns f''(x), right to six digits",
    solution=_second,
    inputs=lambda rng: (float(rng.uniform(0.4, 1.2)),),
    probe=_watched,
    accept=_is_second,
    mistakes={
        _SMALL: lambda f, x: _second(f, x, h=6e-6),
        _LARGE: lambda f, x: _second(f, x, h=2e-2),
        "divided by h once: the differences of slopes are divided by h twice": lambda f, x: _second(
            f, x, power=1
        ),
        "the first derivative: a difference of slopes is asked for": lambda f, x: _central(
            f, x, 1e-5
        ),
        "f(x) not subtracted twice: what is left of it is divided by h²": lambda f, x: _second(
            f, x, middle=1
        ),
        "divided by (2h)²: the two slopes are those of steps of h": lambda f, x: _second(f, x) / 4,
    },
)


def _central(f: Callable, x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


exercise(
    "components.richardson",
    asks="a function extrapolated(f, x, h) that returns a slope whose error goes like h⁴",
    solution=lambda f, x, h: (4 * _central(f, x, h / 2) - _central(f, x, h)) / 3,
    inputs=lambda rng: (float(rng.uniform(0.4, 1.2)),),
    probe=lambda answer, x: answer(_wave, x, 0.1),
    tolerance=1e-9,
    mistakes={
        "plain central difference: two steps must be combined": lambda f, x, h: _central(
            f, x, h / 2
        ),
        "mean of the two: both errors have the same sign, so a mean keeps them": lambda f, x, h: (
            (_central(f, x, h / 2) + _central(f, x, h)) / 2
        ),
        "not divided by 3: four slopes less one slope are three": lambda f, x, h: (
            4 * _central(f, x, h / 2) - _central(f, x, h)
        ),
        "weights for an error like h: half the step has a quarter of the error": lambda f, x, h: (
            2 * _central(f, x, h / 2) - _central(f, x, h)
        ),
        "no step halved: take a second slope, with h/2": lambda f, x, h: _central(f, x, h),
        "the wrong one times 4: the slope of the smaller step is the better one": lambda f, x, h: (
            (4 * _central(f, x, h) - _central(f, x, h / 2)) / 3
        ),
        "step doubled: halve it": lambda f, x, h: (
            (4 * _central(f, x, h) - _central(f, x, 2 * h)) / 3
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
    },
)
