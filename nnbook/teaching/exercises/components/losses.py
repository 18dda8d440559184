"""Exercises of the chapter *Loss*."""

from __future__ import annotations

import math
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
    },
)


def _bce(z: Array, t: Array) -> float:
    return np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))


def _logits(rng: np.random.Generator) -> tuple:
    return np.r_[-1000.0, 1000.0, rng.standard_normal(5)], np.r_[1.0, 0.0, rng.uniform(size=5)]


exercise(
    "components.bce-logits",
    asks="a function bce(z, t) that returns one number",
    solution=_bce,
    inputs=_logits,
    mistakes={
        "overflow: the exponent has to be -|z|": lambda z, t: np.mean(
            z - z * t + np.log(1 + np.exp(-z))
        ),
        "a sum: the loss is the mean over the entries": lambda z, t: _bce(z, t) * z.size,
        "targets turned round: t multiplies ln σ(z)": lambda z, t: _bce(z, 1 - t),
        "the linear part forgotten: max(z, 0) - z t has to be added": lambda z, t: np.mean(
            np.log1p(np.exp(-np.abs(z)))
        ),
    },
)


def _kl(q: Array, p: Array, log: Any = np.log2) -> float:
    some = q > 0
    return np.sum(q[some] * log(q[some] / p[some]))


def _two_distributions(rng: np.random.Generator) -> tuple:
    q, p = rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(5))
    q[2] = 0.0
    return q / q.sum(), p


exercise(
    "components.kl-bits",
    asks="a function kl_bits(q, p) that returns one number",
    solution=_kl,
    inputs=_two_distributions,
    mistakes={
        "nats: bits need the logarithm to base 2": lambda q, p: _kl(q, p, np.log),
        "the other way round: q is the truth and weighs the terms": lambda q, p: np.sum(
            p[q > 0] * np.log2(p[q > 0] / q[q > 0])
        ),
        "zero times infinity: leave out the classes with q = 0": lambda q, p: np.sum(
            q * np.log2(q / p)
        ),
        "this is the cross-entropy: the entropy of q has to be taken off": lambda q, p: (
            -np.sum(q * np.log2(p))
        ),
    },
)

exercise(
    "components.smoothed-floor",
    asks="one number, in nats",
    solution=-(0.91 * math.log(0.91) + 0.09 * math.log(0.01)),
    mistakes={
        "zero: with smoothed labels no answer is free, the entropy of q is left": 0.0,
        "the right class gets ε/V too: its share is 0.91": -(
            0.9 * math.log(0.9) + 0.09 * math.log(0.01)
        ),
        "ε shared among nine: it is spread over all ten classes": -(
            0.9 * math.log(0.9) + 0.1 * math.log(0.1 / 9)
        ),
        "bits: the question asks for nats": -(0.91 * math.log2(0.91) + 0.09 * math.log2(0.01)),
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
    },
)

exercise(
    "components.filter-normalize",
    asks="a function normalize(D, W) that returns a direction of the shape of W, (I, O)",
    solution=lambda D, W: D * np.linalg.norm(W, axis=0) / np.linalg.norm(D, axis=0),
    inputs=lambda rng: (rng.standard_normal((5, 3)), 2 * rng.standard_normal((5, 3))),
    mistakes={
        "wrong axis: the weights into neuron o are column o": lambda D, W: (
            D * np.linalg.norm(W, axis=1, keepdims=True) / np.linalg.norm(D, axis=1, keepdims=True)
        ),
        "one length for the whole matrix: each column gets its own": lambda D, W: (
            D * np.linalg.norm(W) / np.linalg.norm(D)
        ),
        "unit length: each column has to get the length of its weights": lambda D, W: (
            D / np.linalg.norm(D, axis=0)
        ),
    },
)
