"""Exercises of the chapter *Derivatives* on differences of higher order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise


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
