"""Exercises of the chapter *Starting well: initialization*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _fans(shape: tuple, area: bool = True, swap: bool = False) -> tuple:
    field = int(np.prod(shape[2:])) if area else 1
    fan = (shape[1] * field, shape[0] * field) if len(shape) > 2 else shape
    return fan[::-1] if swap else fan


exercise(
    "dense.init-fans",
    asks="a function fans(shape) that returns two whole numbers",
    solution=_fans,
    inputs=lambda rng: (),
    probe=lambda fans: [fans(shape) for shape in ((3, 7), (8, 4, 5, 5), (2, 9, 3, 7))],
    mistakes={
        "area forgotten: a unit of a convolution sees K by K pixels of each channel": lambda shape: (
            _fans(shape, area=False)
        ),
        "wrong way round: fan-in first": lambda shape: _fans(shape, swap=True),
        "dense layers turned round: W is (I, O), so fan-in comes first": lambda shape: _fans(
            shape, swap=len(shape) == 2
        ),
        "no case for a dense layer: its shape has two axes, and no area": lambda shape: (
            shape[1] * shape[2] * shape[3],
            shape[0] * shape[2] * shape[3],
        ),
        "fan-out without the area: each input meets K by K places of every output": lambda shape: (
            _fans(shape)[0],
            _fans(shape, area=False)[1],
        ),
        "one side of the kernel: the area has K times K pixels": lambda shape: _fans(shape[:3]),
    },
)

exercise(
    "dense.init-bound",
    asks="a function he_bound(fan_in) that returns a number",
    solution=lambda fan_in: np.sqrt(6 / fan_in),
    inputs=lambda rng: (int(rng.integers(10, 1000)),),
    mistakes={
        "a deviation is not a bound: the variance of a uniform number is c²/3": lambda fan_in: (
            np.sqrt(2 / fan_in)
        ),
        "Glorot's variance: He's has the factor two for the ReLU": lambda fan_in: np.sqrt(
            3 / fan_in
        ),
        "the square of it: take the root of 6 / fan-in": lambda fan_in: 6 / fan_in,
        "root of the 6 alone: fan-in stands under the root": lambda fan_in: np.sqrt(6) / fan_in,
        "LeCun's deviation: a bound is asked for, with He's factor two": lambda fan_in: (
            1 / np.sqrt(fan_in)
        ),
        "both ends: give the upper one": lambda fan_in: (-np.sqrt(6 / fan_in), np.sqrt(6 / fan_in)),
    },
)

exercise(
    "dense.init-leaky",
    asks="a function leaky_variance(fan_in, alpha) that returns a number",
    solution=lambda fan_in, alpha: 2 / ((1 + alpha**2) * fan_in),
    inputs=lambda rng: (int(rng.integers(10, 1000)), 0.1 + 0.6 * float(rng.random())),
    mistakes={
        "slope not squared: the mean square is multiplied by the square of the slope": (
            lambda fan_in, alpha: 2 / ((1 + alpha) * fan_in)
        ),
        "the leak left out: negative sums pass with a factor": lambda fan_in, alpha: 2 / fan_in,
        "the deviation and not the variance: leave out the root": lambda fan_in, alpha: np.sqrt(
            2 / ((1 + alpha**2) * fan_in)
        ),
        "multiplied: the leak lets more through, so the weights must be smaller": (
            lambda fan_in, alpha: 2 * (1 + alpha**2) / fan_in
        ),
        "wrong sign: what leaks is added": lambda fan_in, alpha: 2 / ((1 - alpha**2) * fan_in),
        "fan-in forgotten: a sum has so many terms": lambda fan_in, alpha: 2 / (1 + alpha**2),
        "the factor two forgotten: half of the sums are positive": lambda fan_in, alpha: (
            1 / ((1 + alpha**2) * fan_in)
        ),
    },
)

exercise(
    "dense.init-depth",
    asks="a whole number of layers",
    solution=299,
    mistakes={
        "the mean square in place of the size: the size falls by the root of one half": 150,
        "ReLU forgotten: without it nothing would be lost, and with it one half a layer": 0,
        "rounded down: after one layer less the signal is still a number": 298,
        "natural logarithm: ten to the power of -45 asks for the logarithm to the base 10": 130,
    },
)


def _factor(W: Array, f: Callable, rng: np.random.Generator, root: bool = False) -> float:
    X = rng.standard_normal((1000, len(W)))
    ratio = float(np.mean(f(X @ W) ** 2) / np.mean(X**2))
    return np.sqrt(ratio) if root else ratio


exercise(
    "dense.init-measure",
    asks="a function factor(W, f, rng) that returns a number",
    solution=_factor,
    inputs=lambda rng: (
        rng.standard_normal((30, 50)),
        lambda z: np.maximum(z, 0),
        np.random.default_rng(3),
    ),
    mistakes={
        "root taken: the ratio of the mean squares is asked for": lambda W, f, rng: _factor(
            W, f, rng, root=True
        ),
        "before the bend: measure what the activation function gives": lambda W, f, rng: _factor(
            W, lambda z: z, rng
        ),
        "a variance: after a ReLU the mean is not zero, take the mean square": lambda W, f, rng: (
            lambda X: float(np.var(f(X @ W)) / np.var(X))
        )(rng.standard_normal((1000, len(W)))),
        "deviations: take mean squares, not deviations": lambda W, f, rng: (
            lambda X: float(np.std(f(X @ W)) / np.std(X))
        )(rng.standard_normal((1000, len(W)))),
        "upside down: what comes out is divided by what went in": lambda W, f, rng: (
            1 / _factor(W, f, rng)
        ),
        "not squared: take the means of the squares": lambda W, f, rng: (
            lambda X: float(np.mean(f(X @ W)) / np.mean(X))
        )(rng.standard_normal((1000, len(W)))),
        "not divided: the signal that goes in has a mean square, too": lambda W, f, rng: float(
            np.mean(f(rng.standard_normal((1000, len(W))) @ W) ** 2)
        ),
        "sums in place of means: X W has more entries than X": lambda W, f, rng: (
            _factor(W, f, rng) * W.shape[1] / W.shape[0]
        ),
    },
)


def _repair(
    weights: list,
    f: Callable,
    X: Array,
    follow: bool = True,
    root: bool = True,
    measure: Callable | None = None,
) -> list:
    repaired = []
    for W in weights:
        A = f(X @ W)
        size = np.mean(A**2) ** (0.5 if root else 1.0) if measure is None else measure(X @ W, A)
        repaired.append(W / size)
        X = A / size if follow else A
    return repaired


exercise(
    "dense.init-repair",
    asks="a function repair(weights, f, X) that returns a list of arrays",
    solution=_repair,
    inputs=lambda rng: (
        [rng.standard_normal(s) for s in ((5, 9), (9, 7), (7, 3))],
        lambda z: np.maximum(z, 0),
        rng.standard_normal((31, 5)),
    ),
    mistakes={
        "measured on the old signal: the next layer gets the repaired one": lambda w, f, X: _repair(
            w, f, X, follow=False
        ),
        "mean square in place of its root: the weights are divided by a size": lambda w, f, X: (
            _repair(w, f, X, root=False)
        ),
        "multiplied: a signal that is too large needs smaller weights": lambda w, f, X: _repair(
            w, f, X, measure=lambda Z, A: 1 / np.sqrt(np.mean(A**2))
        ),
        "before the bend: measure what the activation function gives": lambda w, f, X: _repair(
            w, f, X, measure=lambda Z, A: np.sqrt(np.mean(Z**2))
        ),
        "deviation: after a ReLU the mean is not zero, take the mean square": lambda w, f, X: (
            _repair(w, f, X, measure=lambda Z, A: A.std())
        ),
        "weights measured: it is the signal that should have the size 1": lambda w, f, X: [
            W / np.sqrt(np.mean(W**2)) for W in w
        ],
        "nothing changed: each matrix has to be divided by a size": lambda w, f, X: w,
    },
)
