"""Exercises of the chapter *Pooling and the hierarchy of features*: maxima and their slopes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _largest(x: Array, K: int) -> Array:
    H, W = x.shape
    return x.reshape(H // K, K, W // K, K).max(axis=(1, 3))


exercise(
    "convolution.pool-largest",
    asks="a function largest(x, K) that returns an array (H / K, W / K)",
    solution=_largest,
    inputs=lambda rng: (rng.standard_normal((6, 15)), 3),
    mistakes={
        "the mean: keep the largest of each window": lambda x, K: x.reshape(
            len(x) // K, K, -1, K
        ).mean(axis=(1, 3)),
        "torn: K·K neighbours in memory are no window, they lie in one row": lambda x, K: x.reshape(
            len(x) // K, x.shape[1] // K, K * K
        ).max(axis=2),
        "every K-th pixel: look at the others of the window too": lambda x, K: x[::K, ::K],
        "the largest size: a large negative pixel is small": lambda x, K: _largest(np.abs(x), K),
        "rows alone: the windows cut the columns too": lambda x, K: x.reshape(
            len(x) // K, K, -1
        ).max(axis=1),
        "columns alone: the windows cut the rows too": lambda x, K: x.reshape(len(x), -1, K).max(
            axis=2
        ),
        "overlapping: move on by K, not by one pixel": lambda x, K: (
            np.lib.stride_tricks.sliding_window_view(x, (K, K)).max(axis=(2, 3))
        ),
    },
)


def _pool(share: Callable | None = None, value: Callable = np.max) -> Callable:
    """Max pooling of a row; `share(windows, wins)` says which part of g each entry gets."""

    def pool(x: Array, K: int) -> tuple:
        windows = x.reshape(-1, K)
        wins = windows == windows.max(axis=1, keepdims=True)
        first = wins & (wins.cumsum(axis=1) == 1)
        parts = first if share is None else share(windows, wins)
        return value(windows, axis=1), lambda g: ((g[:, None] * parts).reshape(x.shape),)

    return pool


def _tied_row(rng: np.random.Generator) -> tuple:
    """A row of whole numbers with a tie of two and of three in its first windows."""
    x = rng.permutation(np.arange(-6.0, 6))
    x[0], x[2] = x[:4].max() + 1, x[:4].max() + 1
    x[5:8] = x[4:8].max() + 0.5
    return x, 4, rng.standard_normal(3)


exercise(
    "convolution.pool-row",
    asks="a function pool(x, K) that returns the value (T / K,) and a pullback, "
    "which returns (dx,)",
    solution=_pool(),
    inputs=_tied_row,
    probe=there_and_back,
    mistakes={
        "a whole g for each winner: a window hands on more than it was given": _pool(
            lambda windows, wins: wins
        ),
        "shared among the tied: here the first gets all": _pool(
            lambda windows, wins: wins / wins.sum(axis=1, keepdims=True)
        ),
        "the last of the tied: here the first gets all": _pool(
            lambda windows, wins: wins & (wins[:, ::-1].cumsum(axis=1)[:, ::-1] == 1)
        ),
        "g to every pixel of the window: only the winner moves the maximum": _pool(
            lambda windows, wins: np.ones_like(windows)
        ),
        "g to the smallest: it is the largest that moves the maximum": _pool(
            lambda windows, wins: np.arange(windows.shape[1]) == windows.argmin(axis=1)[:, None]
        ),
        "g times the maximum: the slope at the winner is 1": _pool(
            lambda windows, wins: (
                windows.max(axis=1, keepdims=True) * (wins & (wins.cumsum(axis=1) == 1))
            )
        ),
        "the mean forward: keep the largest of each window": _pool(value=np.mean),
    },
)


def _slope(x: Array, v: Array) -> float:
    return v[x == x.max()].max()


def _tied(rng: np.random.Generator) -> tuple:
    x, v = rng.standard_normal(7), rng.standard_normal(7)
    tied = rng.choice(np.arange(1, 6), 3, replace=False)
    x[tied] = x.max() + 1
    v[np.sort(tied)] = [0.3, 1.1, -0.7]  # neither the first nor the last leads
    v[0], x[6] = 4.0, x.min() - 1  # the fastest of all is no winner
    return x, v


exercise(
    "convolution.pool-slope",
    asks="a function slope(x, v) that returns one number",
    solution=_slope,
    inputs=_tied,
    mistakes={
        "the first of the tied: in this direction another one may be ahead": lambda x, v: v[
            x.argmax()
        ],
        "the slowest of the tied: the largest of the moves is ahead": lambda x, v: v[
            x == x.max()
        ].min(),
        "the fastest of all: an entry that is behind stays behind": lambda x, v: v.max(),
        "the mean of the tied: that is one subgradient, and too little here": lambda x, v: v[
            x == x.max()
        ].mean(),
        "the sum of the tied: each of them would get a whole 1": lambda x, v: v[x == x.max()].sum(),
        "a whole step: the slope is that of a very small one": lambda x, v: (x + v).max() - x.max(),
    },
)
