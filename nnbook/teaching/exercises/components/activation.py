"""Exercises of the chapter *Activation functions*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _hat(answer: Any) -> str | None:
    biases, weights = (np.asarray(v, float).reshape(3) for v in answer)
    for x, want in ((0, 0), (1, 0), (1.5, 0.5), (2, 1), (2.5, 0.5), (3, 0), (4, 0), (7, 0)):
        got = np.maximum(0, x + biases) @ weights
        if abs(got - want) > 1e-9:
            return f"at x = {x:g} the sum is {got:g}, and should be {want:g}"
    return None


exercise(
    "components.relu-hat",
    asks="two triples: (three biases, three weights out)",
    solution=((-1, -2, -3), (1, -2, 1)),
    accept=_hat,
    mistakes={
        "the roof is missing: the slope goes from 1 to -1, a change of -2": (
            (-1, -2, -3),
            (1, -1, 0),
        ),
        "slopes in place of changes: each weight is what the slope changes by": (
            (-1, -2, -3),
            (1, -1, 1),
        ),
        "sign of the biases: a corner at x = 1 needs the bias -1": ((1, 2, 3), (1, -2, 1)),
    },
)

exercise(
    "components.pieces-needed",
    asks="a whole number",
    solution=71,
    mistakes={
        "rounded down: with 70 pieces the bound is just above one thousandth": 70,
        "the factor 8 is missing: the bound is h²/8": 199,
        "an interval of length 1: this one is 2π long": 12,
    },
)


def _leaky(Z: Array, slope: float) -> tuple:
    factor = np.where(Z > 0, 1.0, slope)
    return Z * factor, lambda G: (G * factor,)


exercise(
    "components.leaky-pullback",
    asks="a function leaky(Z, slope) that returns the value and a pullback, which returns (dZ,)",
    solution=_leaky,
    inputs=lambda rng: (rng.standard_normal((5, 3)), 0.2, rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "a plain ReLU on the way back: below zero the slope is `slope`, not 0": lambda Z, slope: (
            _leaky(Z, slope)[0],
            lambda G: (G * (Z > 0),),
        ),
        "the sign of G decides: the side is that of Z, on the way forward": lambda Z, slope: (
            _leaky(Z, slope)[0],
            lambda G: (np.where(G > 0, G, slope * G),),
        ),
        "cotangent forgotten: the slope has to be multiplied by G": lambda Z, slope: (
            _leaky(Z, slope)[0],
            lambda G: (np.where(Z > 0, 1.0, slope),),
        ),
    },
)


def _softplus(Z: Array) -> tuple:
    slope = 0.5 * (1 + np.tanh(0.5 * Z))
    return np.maximum(0, Z) + np.log1p(np.exp(-np.abs(Z))), lambda G: (G * slope,)


exercise(
    "components.stable-softplus",
    asks="a function of Z that returns the value and a pullback, finite for all |z| ≤ 1000",
    solution=_softplus,
    inputs=lambda rng: (
        np.r_[-1000.0, 1000.0, rng.standard_normal(5)],
        rng.standard_normal(7),
    ),
    probe=there_and_back,
    mistakes={
        "overflow: ln(1 + exp z) as written is infinite at z = 1000": lambda Z: (
            np.log(1 + np.exp(Z)),
            _softplus(Z)[1],
        ),
        "the slope overflows: exp z / (1 + exp z) is not a number at z = 1000": lambda Z: (
            _softplus(Z)[0],
            lambda G: (G * np.exp(Z) / (1 + np.exp(Z)),),
        ),
        "the slope of ReLU: softplus has a rounded corner, and the slope σ(z)": lambda Z: (
            _softplus(Z)[0],
            lambda G: (G * (Z > 0),),
        ),
    },
)


def _gate(Z: Array) -> tuple:
    A = np.tanh(Z)
    return Z * A, lambda G: (G * (A + Z * (1 - A * A)),)


exercise(
    "components.gate-pullback",
    asks="a function gate(Z) that returns z tanh z and a pullback, which returns (dZ,)",
    solution=_gate,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "half of the product rule: z is a factor too, and its slope is 1": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * Z * (1 - np.tanh(Z) ** 2),),
        ),
        "the other half: tanh is a factor too, and its slope is 1 - tanh²": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * np.tanh(Z),),
        ),
        "cotangent forgotten: the slope has to be multiplied by G": lambda Z: (
            _gate(Z)[0],
            lambda G: _gate(Z)[1](np.ones_like(Z)),
        ),
    },
)


def _sums(rng: np.random.Generator) -> tuple:
    """Draw sums (5, 9) with two dead units, one of which once touches zero."""
    Z = rng.standard_normal((5, 9))
    Z[0] = np.abs(Z[0])
    Z[:, 1:3] = -np.abs(Z[:, 1:3])
    Z[3, 2] = 0.0
    return (Z,)


exercise(
    "components.dead-share",
    asks="a function dead_share(Z) that returns one number between 0 and 1",
    solution=lambda Z: (Z <= 0).all(axis=0).mean(),
    inputs=_sums,
    mistakes={
        "closed, but not dead: a unit is dead only if it is closed for all examples": lambda Z: (
            Z <= 0
        ).mean(),
        "wrong axis: `all` has to run over the examples, axis 0": lambda Z: (
            (Z <= 0).all(axis=1).mean()
        ),
        "a sum of 0 is closed: the slope of ReLU at 0 is 0": lambda Z: (Z < 0).all(axis=0).mean(),
        "a count: divide by the number of units": lambda Z: (Z <= 0).all(axis=0).sum(),
    },
)


def _tempered(Z: Array, T: float) -> Array:
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / T)
    return E / E.sum(axis=1, keepdims=True)


def _each_temperature(function: Callable, Z: Array) -> list:
    return [function(Z, T) for T in (0.001, 0.5, 3.0)]


exercise(
    "components.softmax-temperature",
    asks="a function tempered(Z, T) that returns probabilities (B, V)",
    solution=_tempered,
    inputs=lambda rng: (rng.standard_normal((5, 3)),),
    probe=_each_temperature,
    mistakes={
        "multiplied by T: a high temperature makes the probabilities more equal": lambda Z, T: (
            _tempered(Z, 1 / T)
        ),
        "wrong axis: the classes lie along the last axis": lambda Z, T: _tempered(Z.T, T).T,
        "overflow: subtract the largest score of each row first": lambda Z, T: (
            np.exp(Z / T) / np.exp(Z / T).sum(axis=1, keepdims=True)
        ),
        "divided afterwards: the temperature belongs to the scores": lambda Z, T: (
            _tempered(Z, 1.0) / T
        ),
    },
)
