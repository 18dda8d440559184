"""Exercises of the chapter *Going deeper: residual networks*: what happens over many blocks."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _longest(weights: Callable, before: int = 0) -> Callable:
    """The smallest k whose shares, from the shortest path on, reach what is asked for."""

    def longest(L: int, a2: float, share: float) -> int:
        parts = np.array([weights(L, a2, k) for k in range(L + 1)])
        return int(np.argmax(np.cumsum(parts) / parts.sum() >= share)) + before

    return longest


def _all_at_once(answer: Callable, settings: list) -> Any:
    """Values for several settings, so that no wrong formula hides behind a whole number."""
    values = [answer(*setting) for setting in settings]
    return None if None in values or ... in values else np.array(values, float)


_SETTINGS = [(24, 0.25, 0.5), (54, 0.25, 0.95), (17, 1.3, 0.8), (40, 0.6, 0.99), (9, 3.0, 0.3)]

exercise(
    "convolution.residual-quantile",
    asks="a function longest(L, a2, share) that returns a whole number",
    solution=_longest(lambda L, a2, k: comb(L, k) * a2**k),
    inputs=lambda rng: (_SETTINGS,),
    probe=_all_at_once,
    mistakes={
        "all paths alike: a path through k blocks brings a²ᵏ": _longest(
            lambda L, a2, k: comb(L, k)
        ),
        "one path of each length: there are L over k of them": _longest(lambda L, a2, k: a2**k),
        "a instead of a²: a2 is squared already": _longest(
            lambda L, a2, k: comb(L, k) * a2 ** (k / 2)
        ),
        "squared twice: a2 is squared already": _longest(
            lambda L, a2, k: comb(L, k) * a2 ** (2 * k)
        ),
        "one too many: paths through no block come first, k = 0": _longest(
            lambda L, a2, k: comb(L, k) * a2**k, before=1
        ),
        "one too few: with that k the share is not reached yet": _longest(
            lambda L, a2, k: comb(L, k) * a2**k, before=-1
        ),
        "the mean: that is L a² / (1 + a²), whatever the share": lambda L, a2, share: (
            L * a2 / (1 + a2)
        ),
    },
)

exercise(
    "convolution.residual-scale",
    asks="a function scale(L, growth) that returns one number",
    solution=lambda L, growth: np.sqrt((growth ** (1 / L) - 1) / 2),
    inputs=lambda rng: (int(rng.integers(5, 9)), rng.uniform(3, 6)),
    mistakes={
        "α not squared: the mean square takes the square of the factor": lambda L, growth: (
            (growth ** (1 / L) - 1) / 2
        ),
        "a branch of the size of the stream: its mean square is 2 q": lambda L, growth: np.sqrt(
            growth ** (1 / L) - 1
        ),
        "added: each block multiplies what the last one left": lambda L, growth: np.sqrt(
            (growth - 1) / (2 * L)
        ),
        "for many blocks: that holds in the limit, here it is not exact": lambda L, growth: np.sqrt(
            np.log(growth) / (2 * L)
        ),
        "one block: the growth is that of all L together": lambda L, growth: np.sqrt(
            (growth - 1) / 2
        ),
        "the root forgotten to subtract from: the shortcut brings the 1": lambda L, growth: np.sqrt(
            growth ** (1 / L) / 2
        ),
    },
)


def _relu(x: Array) -> Array:
    return np.maximum(x, 0)


def _pre(x: Array, norm1: Callable, conv1: Callable, norm2: Callable, conv2: Callable) -> Array:
    return x + conv2(_relu(norm2(conv1(_relu(norm1(x))))))


def _lines(rng: np.random.Generator) -> tuple:
    """An array, and four functions of which no two commute."""
    W1, W2 = rng.standard_normal((5, 7)), rng.standard_normal((7, 5))
    shift = rng.standard_normal(5)
    return (
        rng.standard_normal((3, 5)),
        lambda x: 2.3 * x + shift,
        lambda x: x @ W1,
        lambda x: 0.7 * x - 0.4,
        lambda x: x @ W2,
    )


exercise(
    "convolution.residual-pre",
    asks="a function pre(x, norm1, conv1, norm2, conv2) that returns an array like x",
    solution=_pre,
    inputs=_lines,
    mistakes={
        "a ReLU behind the sum: here nothing follows it": lambda x, n1, c1, n2, c2: _relu(
            _pre(x, n1, c1, n2, c2)
        ),
        "the shortcut forgotten: the input is added to the branch": lambda x, n1, c1, n2, c2: (
            _pre(x, n1, c1, n2, c2) - x
        ),
        "the shortcut behind the norm: x itself is added": lambda x, n1, c1, n2, c2: (
            n1(x) + c2(_relu(n2(c1(_relu(n1(x))))))
        ),
        "the shortcut behind the ReLU: x itself is added": lambda x, n1, c1, n2, c2: (
            _relu(n1(x)) + c2(_relu(n2(c1(_relu(n1(x))))))
        ),
        "ReLU before norm: the norm comes first": lambda x, n1, c1, n2, c2: (
            x + c2(n2(_relu(c1(n1(_relu(x))))))
        ),
        "one ReLU: there is one behind each norm": lambda x, n1, c1, n2, c2: (
            x + c2(_relu(n2(c1(n1(x)))))
        ),
    },
)
