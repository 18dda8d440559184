"""Exercises of the chapter *Loss* on losses and their pullbacks."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _pair(rng: np.random.Generator) -> tuple:
    return rng.standard_normal((5, 3)) * 2, rng.standard_normal((5, 3))


def _huber(Y: Array, T: Array, delta: float, *, half: float = 0.5, slope: Any = None) -> tuple:
    D = Y - T
    far = np.abs(D) > delta
    losses = np.where(far, delta * (np.abs(D) - half * delta), 0.5 * D * D)
    dD = np.clip(D, -delta, delta) if slope is None else slope(D, far)
    return losses.mean(), lambda g: (g * dD / D.size,)


exercise(
    "components.huber-pullback",
    asks="a function my_huber(Y, T, delta) that returns the mean loss and a pullback, giving (dY,)",
    solution=_huber,
    inputs=lambda rng: (*_pair(rng), 0.8, 0.7),
    probe=there_and_back,
    mistakes={
        "the pieces do not meet: the straight part is δ (|d| - δ/2)": lambda Y, T, delta: _huber(
            Y, T, delta, half=0.0
        ),
        "no pull from afar: beyond δ the slope is ± δ, not 0": lambda Y, T, delta: _huber(
            Y, T, delta, slope=lambda D, far: np.where(far, 0, D)
        ),
        "slope ± 1 beyond δ: it has to join the middle, at ± δ": lambda Y, T, delta: _huber(
            Y, T, delta, slope=lambda D, far: np.where(far, np.sign(D), D)
        ),
        "not divided by the number of entries: the loss is a mean": lambda Y, T, delta: (
            _huber(Y, T, delta)[0],
            lambda g: (g * np.clip(Y - T, -delta, delta),),
        ),
        "half forgotten: near zero the loss is d²/2": lambda Y, T, delta: (
            np.where(
                np.abs(Y - T) > delta, delta * (np.abs(Y - T) - delta / 2), (Y - T) ** 2
            ).mean(),
            _huber(Y, T, delta)[1],
        ),
        "δ forgotten: the straight part has the slope δ": lambda Y, T, delta: (
            np.where(np.abs(Y - T) > delta, np.abs(Y - T) - delta / 2, (Y - T) ** 2 / 2).mean(),
            _huber(Y, T, delta)[1],
        ),
        "sign lost: far off, the loss grows on both sides, with |d|": lambda Y, T, delta: (
            np.where(np.abs(Y - T) > delta, delta * (Y - T - delta / 2), (Y - T) ** 2 / 2).mean(),
            _huber(Y, T, delta)[1],
        ),
        "one side only: d is far below -δ, too": lambda Y, T, delta: (
            np.where(delta < Y - T, delta * (Y - T - delta / 2), (Y - T) ** 2 / 2).mean(),
            _huber(Y, T, delta)[1],
        ),
        "slope of the square: beyond δ it stays at ± δ": lambda Y, T, delta: _huber(
            Y, T, delta, slope=lambda D, far: D
        ),
        "cotangent forgotten: the slope has to be multiplied by g": lambda Y, T, delta: (
            _huber(Y, T, delta)[0],
            lambda g: _huber(Y, T, delta)[1](1.0),
        ),
    },
)


def _pinball(Y: Array, T: Array, tau: float, *, sign: int = 1) -> tuple:
    D = T - Y
    slope = sign * np.where(D > 0, -tau, 1 - tau)
    return np.maximum(tau * D, (tau - 1) * D).mean(), lambda g: (g * slope / D.size,)


exercise(
    "components.pinball-loss",
    asks="a function pinball(Y, T, tau) that returns the mean loss and a pullback, giving (dY,)",
    solution=_pinball,
    inputs=lambda rng: (*_pair(rng), 0.8, 0.7),
    probe=there_and_back,
    mistakes={
        "the two sides exchanged: an answer that is too low costs τ": lambda Y, T, tau: _pinball(
            Y, T, 1 - tau
        ),
        "wrong sign: an answer below its target has to rise, so its slope is -τ": lambda Y, T, tau: (
            _pinball(Y, T, tau, sign=-1)
        ),
        "not divided by the number of entries: the loss is a mean": lambda Y, T, tau: (
            _pinball(Y, T, tau)[0],
            lambda g: (g * np.where(T > Y, -tau, 1 - tau),),
        ),
        "the same on both sides: an answer that is too high costs 1 - τ": lambda Y, T, tau: (
            tau * np.abs(T - Y).mean(),
            _pinball(Y, T, tau)[1],
        ),
        "negative cost: an answer that is too high has d < 0, which costs (τ - 1) d": (
            lambda Y, T, tau: (
                np.maximum(tau * (T - Y), (1 - tau) * (T - Y)).mean(),
                _pinball(Y, T, tau)[1],
            )
        ),
        "the smaller of the two: the loss is the larger, which is positive": lambda Y, T, tau: (
            np.minimum(tau * (T - Y), (tau - 1) * (T - Y)).mean(),
            _pinball(Y, T, tau)[1],
        ),
        "the loss instead of its slope: the slope is a number for each side": lambda Y, T, tau: (
            _pinball(Y, T, tau)[0],
            lambda g: (g * np.where(T > Y, -tau, 1 - tau) * np.abs(T - Y) / Y.size,),
        ),
        "cotangent forgotten: the slope has to be multiplied by g": lambda Y, T, tau: (
            _pinball(Y, T, tau)[0],
            lambda g: _pinball(Y, T, tau)[1](1.0),
        ),
    },
)


def _poisson(Z: Array, T: Array) -> tuple:
    rate = np.exp(Z)
    return np.mean(rate - T * Z), lambda g: (g * (rate - T) / Z.size,)


exercise(
    "components.poisson-loss",
    asks="a function poisson(Z, T) that returns the mean loss and a pullback, giving (dZ,)",
    solution=_poisson,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.poisson(2.0, (5, 3)).astype(float), 0.7),
    probe=there_and_back,
    mistakes={
        "z taken for the rate: the rate is e^z": lambda Z, T: (
            np.mean(Z - T * np.log(np.abs(Z))),
            lambda g: (g * (1 - T / Z) / Z.size,),
        ),
        "the likelihood, not its negative: the loss has to be small when it is large": lambda Z, T: (
            -_poisson(Z, T)[0],
            lambda g: (-_poisson(Z, T)[1](g)[0],),
        ),
        "not divided by the number of entries: the loss is a mean": lambda Z, T: (
            _poisson(Z, T)[0],
            lambda g: (g * (np.exp(Z) - T),),
        ),
        "T forgotten: the slope is e^z - t": lambda Z, T: (
            _poisson(Z, T)[0],
            lambda g: (g * np.exp(Z) / Z.size,),
        ),
        "slope for the rate: e^z is a function of z, too": lambda Z, T: (
            _poisson(Z, T)[0],
            lambda g: (g * (1 - T / np.exp(Z)) / Z.size,),
        ),
        "rate for its logarithm: t is multiplied by z": lambda Z, T: (
            np.mean(np.exp(Z) - T * np.exp(Z)),
            _poisson(Z, T)[1],
        ),
        "cotangent forgotten: the slope has to be multiplied by g": lambda Z, T: (
            _poisson(Z, T)[0],
            lambda g: _poisson(Z, T)[1](1.0),
        ),
    },
)
