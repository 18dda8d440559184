"""Exercises of the chapter *Loss*."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _bce(z: Array, t: Array) -> float:
    return np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))


def _clipped(z: Array, t: Array, least: float) -> float:
    p = np.clip(0.5 * (1 + np.tanh(0.5 * z)), least, 1 - least)
    return -np.mean(t * np.log(p) + (1 - t) * np.log1p(-p))


def _logits(rng: np.random.Generator) -> tuple:
    far = rng.uniform(500, 1000, size=2)  # in each draw another one, else a clip looks like a shift
    return np.r_[-far[0], far[1], rng.standard_normal(5)], np.r_[1.0, 0.0, rng.uniform(size=5)]


exercise(
    "components.bce-logits",
    asks="a function bce(z, t) that returns one number",
    solution=_bce,
    inputs=_logits,
    mistakes={
        "overflow: the exponent has to be -|z|": lambda z, t: np.mean(
            z - z * t + np.log(1 + np.exp(-z))
        ),
        **{
            f"clipped at {least:g}: then no example can cost more than {-math.log(least):.0f}, "
            "put the sigmoid into the loss and simplify": (
                lambda z, t, least=least: _clipped(z, t, least)
            )
            for least in (1e-7, 1e-8, 1e-10, 1e-12, 1e-15)
        },
        "a sum: the loss is the mean over the entries": lambda z, t: _bce(z, t) * z.size,
        "targets reversed: t multiplies ln σ(z)": lambda z, t: _bce(z, 1 - t),
        "the linear part forgotten: max(z, 0) - z t has to be added": lambda z, t: np.mean(
            np.log1p(np.exp(-np.abs(z)))
        ),
        "z t forgotten: it has to be subtracted": lambda z, t: _bce(z, np.zeros_like(t)),
        "max(z, 0) forgotten: without it the loss is not positive": lambda z, t: (
            _bce(z, t) - np.mean(np.maximum(z, 0))
        ),
        "sign of z t: it is subtracted": lambda z, t: _bce(z, -t),
        "t without z: the middle term is z t": lambda z, t: _bce(z, np.zeros_like(t)) - np.mean(t),
        "|z| for max(z, 0): negative sums have no linear part": lambda z, t: (
            _bce(z, t) + np.mean(np.maximum(-z, 0))
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
        "this is the entropy of q: p has to come in": lambda q, p: (
            -np.sum(q[q > 0] * np.log2(q[q > 0]))
        ),
        "weight forgotten: each logarithm is multiplied by q": lambda q, p: np.sum(
            np.log2(q[q > 0] / p[q > 0])
        ),
        "a mean: the weights q make it one already, so sum": lambda q, p: np.mean(
            q[q > 0] * np.log2(q[q > 0] / p[q > 0])
        ),
    },
)

exercise(
    "components.smoothed-floor",
    asks="one number, in nats",
    solution=-(0.91 * math.log(0.91) + 0.09 * math.log(0.01)),
    tolerance=3e-4,
    mistakes={
        "zero: with smoothed labels no answer is free, the entropy of q is left": 0.0,
        "the right class gets ε/V too: its share is 0.91": -(
            0.9 * math.log(0.9) + 0.09 * math.log(0.01)
        ),
        "ε shared among nine: it is spread over all ten classes": -(
            0.9 * math.log(0.9) + 0.1 * math.log(0.1 / 9)
        ),
        "bits: the question asks for nats": -(0.91 * math.log2(0.91) + 0.09 * math.log2(0.01)),
        "the right class alone: the nine others have a term each": -math.log(0.91),
        "one wrong class: there are nine with 0.01 each": -(
            0.91 * math.log(0.91) + 0.01 * math.log(0.01)
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
        "not divided: D has a length of its own, divide by it": lambda D, W: (
            D * np.linalg.norm(W, axis=0)
        ),
        "lengths exchanged: divide by the length of D": lambda D, W: (
            D * np.linalg.norm(D, axis=0) / np.linalg.norm(W, axis=0)
        ),
        "W scaled: the answer points along D": lambda D, W: (
            W * np.linalg.norm(D, axis=0) / np.linalg.norm(W, axis=0)
        ),
        "squares: a length is the root of the sum of squares": lambda D, W: (
            D * (W**2).sum(axis=0) / (D**2).sum(axis=0)
        ),
        "wrong axis: a column's length runs over the rows, axis 0": lambda D, W: (
            D * np.linalg.norm(W, axis=1) / np.linalg.norm(D, axis=1)
        ),
    },
)
