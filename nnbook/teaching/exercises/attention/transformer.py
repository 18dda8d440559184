"""Exercises of the chapter *The transformer*: norms and sums, shifted targets, counting, the table."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "attention.transformer-by-hand",
    asks="an array of four numbers, the two of post-norm and the two of pre-norm",
    solution=np.array([1.0, -1.0, 5.0, -1.0]),
    mistakes={
        "swapped: post-norm comes first": np.array([5.0, -1.0, 1.0, -1.0]),
        "shortcut forgotten: x itself is added to what the sublayer gives": np.array(
            [1.0, -1.0, 2.0, -2.0]
        ),
        "shortcut normed: with pre-norm x is added as it is, only the branch is normed": np.array(
            [1.0, -1.0, 3.0, -3.0]
        ),
        "no norm before: with pre-norm the sublayer reads norm(x), which is (1, -1)": np.array(
            [1.0, -1.0, 9.0, 3.0]
        ),
        "no norm after: with post-norm the sum is normed": np.array([9.0, 3.0, 5.0, -1.0]),
    },
)


def _shifted(tokens: Array, begin: int, end: int) -> tuple[Array, Array]:
    return np.r_[begin, tokens], np.r_[tokens, end]


exercise(
    "attention.transformer-shift",
    asks="a function shifted(tokens, begin, end) that returns two integer arrays (T + 1,)",
    solution=_shifted,
    inputs=lambda rng: (rng.integers(3, 40, int(rng.integers(5, 9))), 1, 2),
    mistakes={
        "not shifted: the token to be guessed is the one that follows what is given": (
            lambda tokens, begin, end: (np.r_[begin, tokens, end],) * 2
        ),
        "order: what is given comes first, what is to be guessed second": (
            lambda tokens, begin, end: _shifted(tokens, begin, end)[::-1]
        ),
        "no end: the network has to learn where to stop": lambda tokens, begin, end: (
            np.r_[begin, tokens[:-1]],
            tokens,
        ),
        "no beginning: the first token has to be guessed, too": lambda tokens, begin, end: (
            tokens,
            np.r_[tokens[1:], end],
        ),
        "end given: nothing is to be guessed after the end": lambda tokens, begin, end: (
            np.r_[begin, tokens, end],
            np.r_[tokens, end],
        ),
    },
)


def _count(Vs: int, Vt: int, D: int, H: int, M: int, *, last: int = 4) -> int:
    block = 12 * D * D + 12 * D + 2 * (2 * D * H + H + D) + 10 * D
    return (Vs + 2 * Vt) * D + M * block + last * D


exercise(
    "attention.transformer-count",
    asks="a function count(Vs, Vt, D, H, M) that returns a whole number",
    solution=_count,
    inputs=lambda rng: (
        int(rng.integers(50, 70)),
        int(rng.integers(71, 90)),
        int(rng.integers(11, 20)),
        int(rng.integers(30, 45)),
        int(rng.integers(3, 7)),
    ),
    mistakes={
        "one table: without tying, source, target and scores have one each": (
            lambda Vs, Vt, D, H, M: _count(Vs, Vt, D, H, M) - 2 * Vt * D
        ),
        "no table for the scores: without tying they have a matrix of their own": (
            lambda Vs, Vt, D, H, M: _count(Vs, Vt, D, H, M) - Vt * D
        ),
        "source's words in the scores: what is written is in the target's vocabulary": (
            lambda Vs, Vt, D, H, M: _count(Vs, Vt, D, H, M) + (Vs - Vt) * D
        ),
        "cross-attention forgotten: a block of the decoder attends twice": (
            lambda Vs, Vt, D, H, M: _count(Vs, Vt, D, H, M) - M * (4 * D * D + 6 * D)
        ),
        "biases forgotten: every linear layer of a block has one": lambda Vs, Vt, D, H, M: (
            _count(Vs, Vt, D, H, M) - M * (12 * D + 2 * (H + D))
        ),
        "last norms forgotten: with pre-norm one follows the last block of either side": (
            lambda Vs, Vt, D, H, M: _count(Vs, Vt, D, H, M, last=0)
        ),
    },
)


def _around(G: Array, Jf: Array, Jn: Array) -> tuple[Array, Array]:
    return G @ Jn + G @ Jn @ Jf, G + G @ Jf @ Jn


exercise(
    "attention.transformer-around",
    asks="a function around(G, Jf, Jn) that returns two arrays of the shape of G",
    solution=_around,
    inputs=lambda rng: (
        rng.standard_normal((5, 7)),
        rng.standard_normal((7, 7)),
        rng.standard_normal((7, 7)),
    ),
    mistakes={
        "post-norm's shortcut: it leads through the norm, too": lambda G, Jf, Jn: (
            G + G @ Jn @ Jf,
            _around(G, Jf, Jn)[1],
        ),
        "pre-norm's shortcut: it leads around the norm": lambda G, Jf, Jn: (
            _around(G, Jf, Jn)[0],
            G @ Jn + G @ Jf @ Jn,
        ),
        "order: the way back meets the last layer first": lambda G, Jf, Jn: (
            G @ Jn + G @ Jf @ Jn,
            G + G @ Jn @ Jf,
        ),
        "no shortcut: x reaches the sum by itself as well": lambda G, Jf, Jn: (
            G @ Jn @ Jf,
            G @ Jf @ Jn,
        ),
        "swapped: post-norm comes first": lambda G, Jf, Jn: _around(G, Jf, Jn)[::-1],
    },
)


def _table(
    tokens: Array,
    dx: Array,
    y: Array,
    dz: Array,
    *,
    root: bool = True,
    scores: bool = True,
    lookup: bool = True,
    adds: bool = True,
) -> Array:
    dE = dz.T @ y if scores else np.zeros((dz.shape[1], y.shape[1]))
    step = (math.sqrt(dx.shape[1]) if root else 1) * dx
    if lookup and adds:
        np.add.at(dE, tokens, step)
    elif lookup:
        dE[tokens] += step
    return dE


exercise(
    "attention.transformer-table",
    asks="a function table_gradient(tokens, dx, y, dz) that returns an array (V, D)",
    solution=_table,
    inputs=lambda rng: (
        np.r_[rng.integers(0, 11, 7), 4, 4],
        rng.standard_normal((9, 5)),
        rng.standard_normal((6, 5)),
        rng.standard_normal((6, 11)),
    ),
    mistakes={
        "root forgotten: the looked-up rows were multiplied by the root of D": lambda *a: _table(
            *a, root=False
        ),
        "scores forgotten: the table makes the scores, too": lambda *a: _table(*a, scores=False),
        "look-up forgotten: the table makes the inputs, too": lambda *a: _table(*a, lookup=False),
        "last one counts: a token that occurs twice gets both cotangents": lambda *a: _table(
            *a, adds=False
        ),
        "root on both: only the inputs are multiplied by it": lambda tokens, dx, y, dz: _table(
            tokens, dx, y * math.sqrt(y.shape[1]), dz
        ),
    },
)
