"""Exercises of the chapter *Self-attention and heads*: what is known of order, and positions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _ceiling(tokens: Array, *, own: int = 1, out_of: int = 1) -> float:
    tokens = np.asarray(tokens)
    T, found = len(tokens), 0.0
    for x in tokens:
        kinds, n = np.unique(tokens, return_counts=True)
        found += (n - own * (kinds == x)).max() / (T - out_of)
    return found / T


exercise(
    "attention.self-bag",
    asks="a function most(tokens) that returns a number between 0 and 1",
    solution=_ceiling,
    inputs=lambda rng: (np.r_[np.zeros(4, int), rng.integers(0, 5, 7)],),
    mistakes={
        "own token counted: the answer stands at another place": lambda tokens: _ceiling(
            tokens, own=0
        ),
        "own place counted: T - 1 other places are left": lambda tokens: _ceiling(tokens, out_of=0),
        "any kind alike: the most frequent of the others is right more often": lambda tokens: (
            1 / len(np.unique(tokens))
        ),
        "any place alike: a token that occurs at many places may be named": lambda tokens: (
            1 / (len(tokens) - 1)
        ),
    },
)


def _similarity(
    n: int, D: int, *, step: int = 2, wave: Callable = np.cos, mean: bool = False
) -> float:
    terms = wave(n * 10000.0 ** (-np.arange(0, D, step) / D))
    return float(terms.mean() if mean else terms.sum())


exercise(
    "attention.self-similarity",
    asks="a function similarity(n, D) that returns a number",
    solution=_similarity,
    inputs=lambda rng: (int(rng.integers(2, 40)), 2 * int(rng.integers(5, 20))),
    mistakes={
        "mean for the sum: a dot product adds the pairs up": lambda n, D: _similarity(
            n, D, mean=True
        ),
        "D terms: a sine and a cosine together make one, so there are D / 2": lambda n, D: (
            _similarity(n, D, step=1)
        ),
        "sine of the distance: sin sin + cos cos is the cosine of the difference": (
            lambda n, D: _similarity(n, D, wave=np.sin)
        ),
        "speeds too high: pair i turns by 10000 to the power of -2i/D a step": lambda n, D: float(
            np.cos(n * 10000.0 ** (-np.arange(D // 2) / D)).sum()
        ),
        "one speed: each pair has its own": lambda n, D: D / 2 * float(np.cos(n)),
    },
)


def _turned(q: Array, n: int, *, sign: int = -1, power: float = 1.0, halves: bool = False) -> Array:
    q = np.asarray(q)
    E = len(q)
    angle = sign * n * 10000.0 ** (-power * np.arange(0, E, 2) / E)
    first, second = (
        (slice(0, E // 2), slice(E // 2, E)) if halves else (slice(0, E, 2), slice(1, E, 2))
    )
    y = np.empty(E)
    y[first] = q[first] * np.cos(angle) - q[second] * np.sin(angle)
    y[second] = q[first] * np.sin(angle) + q[second] * np.cos(angle)
    return y


exercise(
    "attention.self-look-back",
    asks="a function look_back(q, n) that returns an array (E,)",
    solution=_turned,
    inputs=lambda rng: (rng.standard_normal(10), int(rng.integers(2, 9))),
    mistakes={
        "other way round: this query looks n places ahead": lambda q, n: _turned(q, n, sign=1),
        "halves paired: features 2i and 2i + 1 are a pair": lambda q, n: _turned(q, n, halves=True),
        "one speed: pair i turns by 10000 to the power of -2i/E a step": lambda q, n: _turned(
            q, n, power=0
        ),
        "speeds too high: the exponent is 2i/E, counted over pairs": lambda q, n: _turned(
            q, n, power=0.5
        ),
        "one place: n places are n turns": lambda q, n: _turned(q, 1),
    },
)
