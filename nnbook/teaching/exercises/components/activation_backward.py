"""Exercises of the chapter *Activation functions* on their pullbacks."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


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
        "a plain ReLU on the way forward: below zero the value is slope times z": lambda Z, slope: (
            np.maximum(Z, 0),
            lambda G: (G * (Z > 0),),
        ),
        "sides exchanged: positive sums pass as they are": lambda Z, slope: (
            np.where(Z < 0, 1.0, slope) * Z,
            lambda G: (np.where(Z < 0, 1.0, slope) * G,),
        ),
        "the slope instead of the value: below zero the value is slope times z": lambda Z, slope: (
            np.where(Z > 0, Z, slope),
            _leaky(Z, slope)[1],
        ),
        "the same slope everywhere: above zero it is 1": lambda Z, slope: (
            _leaky(Z, slope)[0],
            lambda G: (G * slope,),
        ),
        "cotangent forgotten below zero: there it is slope times G": lambda Z, slope: (
            _leaky(Z, slope)[0],
            lambda G: (np.where(Z > 0, G, slope),),
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
        "the linear part forgotten: max(z, 0) has to be added": lambda Z: (
            np.log1p(np.exp(-np.abs(Z))),
            _softplus(Z)[1],
        ),
        "overflow: z + ln(1 + e^-z) is infinite at z = -1000, use |z|": lambda Z: (
            Z + np.log1p(np.exp(-Z)),
            _softplus(Z)[1],
        ),
        "|z| added: for negative z nothing is added, max(z, 0)": lambda Z: (
            np.abs(Z) + np.log1p(np.exp(-np.abs(Z))),
            _softplus(Z)[1],
        ),
        "wrong side: the slope is σ(z), not σ(-z)": lambda Z: (
            _softplus(Z)[0],
            lambda G: (G - _softplus(Z)[1](G)[0],),
        ),
        "slope of the slope: softplus has the slope σ itself": lambda Z: (
            _softplus(Z)[0],
            lambda G: (G * (1 - np.tanh(0.5 * Z) ** 2) / 4,),
        ),
        "cotangent forgotten: the slope has to be multiplied by G": lambda Z: (
            _softplus(Z)[0],
            lambda G: _softplus(Z)[1](np.ones_like(G)),
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
        "z forgotten: the second part is z (1 - tanh²)": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * (np.tanh(Z) + 1 - np.tanh(Z) ** 2),),
        ),
        "wrong sign: both parts of the product rule are added": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * (np.tanh(Z) - Z * (1 - np.tanh(Z) ** 2)),),
        ),
        "parts multiplied: the product rule adds them": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * np.tanh(Z) * Z * (1 - np.tanh(Z) ** 2),),
        ),
        "square forgotten: the slope of tanh is 1 - tanh²": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * (np.tanh(Z) + Z * (1 - np.tanh(Z))),),
        ),
        "slope at the wrong place: 1 - tanh², not 1 - z²": lambda Z: (
            _gate(Z)[0],
            lambda G: (G * (np.tanh(Z) + Z * (1 - Z * Z)),),
        ),
        "tanh alone: it has to be multiplied by z": lambda Z: (np.tanh(Z), _gate(Z)[1]),
    },
)
