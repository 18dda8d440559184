"""Exercises of the chapter *Recurrence against attention*: costs, states, linear attention, limits."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "attention.versus-crossing",
    asks="an array of two numbers, the length for the LSTM and that for the GRU",
    solution=np.array([96.0, 48.0]),
    mistakes={
        "swapped: the LSTM comes first": np.array([48.0, 96.0]),
        "four matrices left out: attention has four products of D² for each token, too": np.array(
            [192.0, 144.0]
        ),
        "scores alone: the means of the values take T²D as well": np.array([192.0, 96.0]),
        "in widths: the answers are numbers of tokens": np.array([2.0, 1.0]),
    },
)


def _kept(T: int, D: int, H: int, layers: int) -> tuple[int, int, int]:
    return layers * H, 2 * layers * H, 2 * layers * T * D


exercise(
    "attention.versus-state",
    asks="a function kept_in_writing(T, D, H, layers) that returns three whole numbers",
    solution=_kept,
    inputs=lambda rng: (
        int(rng.integers(50, 90)),
        int(rng.integers(20, 30)),
        int(rng.integers(31, 45)),
        int(rng.integers(3, 7)),
    ),
    mistakes={
        "cell forgotten: an LSTM carries its state and its cell": lambda T, D, H, layers: (
            layers * H,
            layers * H,
            2 * layers * T * D,
        ),
        "values forgotten: a cache has a key and a value for each token": lambda T, D, H, layers: (
            layers * H,
            2 * layers * H,
            layers * T * D,
        ),
        "one layer: each layer has a state or a cache of its own": lambda T, D, H, layers: _kept(
            T, D, H, 1
        ),
        "weights kept: old weights are not needed for the next token": lambda T, D, H, layers: (
            layers * H,
            2 * layers * H,
            2 * layers * T * D + layers * T * T,
        ),
        "a state for each token: only the last one is needed to go on": lambda T, D, H, layers: (
            T * layers * H,
            2 * T * layers * H,
            2 * layers * T * D,
        ),
    },
)


def _linear(q: Array, k: Array, v: Array, *, own: bool = True) -> tuple[Array, Array]:
    scores = np.tril(q @ k.T, 0 if own else -1)
    return scores @ v, k.T @ v


exercise(
    "attention.versus-linear",
    asks="a function linear_attention(q, k, v) that returns answers (T, E) and the state (D, E)",
    solution=_linear,
    inputs=lambda rng: (*rng.standard_normal((2, 9, 4)), rng.standard_normal((9, 6))),
    mistakes={
        "read before written: the state that is read has the token's own pair in it": (
            lambda q, k, v: _linear(q, k, v, own=False)
        ),
        "future seen: token t reads the state after t, not the last one": lambda q, k, v: (
            q @ (k.T @ v),
            k.T @ v,
        ),
        "state replaced: each pair is added to what was there": lambda q, k, v: (
            (q * k).sum(axis=1, keepdims=True) * v,
            np.outer(k[-1], v[-1]),
        ),
        "divided: there is no denominator here": lambda q, k, v: (
            _linear(q, k, v)[0] / np.arange(1, len(q) + 1)[:, None],
            k.T @ v,
        ),
        "turned: the state is (D, E), a key's column times a value's row": lambda q, k, v: (
            _linear(q, k, v)[0],
            v.T @ k,
        ),
    },
)


def _keys(rng: np.random.Generator) -> Array:
    rank = int(rng.integers(2, 5))
    return rng.standard_normal((11, rank)) @ rng.standard_normal((rank, 7))


exercise(
    "attention.versus-rank",
    asks="a function least_error(K) that returns a number",
    solution=lambda K: 1 - np.linalg.matrix_rank(K) / len(K),
    inputs=lambda rng: (_keys(rng),),
    mistakes={
        "width for rank: keys may lie in a smaller space than their width allows": lambda K: (
            1 - K.shape[1] / len(K)
        ),
        "sum for mean: the error is divided by the number of pairs": lambda K: (
            len(K) - np.linalg.matrix_rank(K)
        ),
        "what is recalled: the error is the rest": lambda K: np.linalg.matrix_rank(K) / len(K),
        "root: the error is squared": lambda K: math.sqrt(1 - np.linalg.matrix_rank(K) / len(K)),
        "sum of the pairs: the best matrix is not the sum of key times value": lambda K: float(
            np.mean(((K @ K.T - np.eye(len(K))) ** 2).sum(axis=1))
        ),
    },
)
