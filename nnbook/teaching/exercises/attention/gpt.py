"""Exercises of the chapter *A small GPT*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _parameters(V: int, D: int, M: int, C: int) -> int:
    return M * (12 * D**2 + 13 * D) + V * D + C * D + 2 * D


exercise(
    "attention.gpt-count",
    asks="a function parameters(V, D, M, C) that returns a whole number",
    solution=_parameters,
    inputs=lambda rng: tuple(int(n) for n in rng.permutation([11, 24, 3, 50])),
    mistakes={
        "head counted: a tied head has no weights of its own": lambda V, D, M, C: (
            _parameters(V, D, M, C) + V * D
        ),
        "positions forgotten: each of the C places has a vector": lambda V, D, M, C: _parameters(
            V, D, M, 0
        ),
        "last norm forgotten: one more follows the last block": lambda V, D, M, C: (
            _parameters(V, D, M, C) - 2 * D
        ),
        "norms of the blocks forgotten: each block has two, with a scale and a shift": (
            lambda V, D, M, C: _parameters(V, D, M, C) - 4 * M * D
        ),
        "biases forgotten: all four products of a block have one": lambda V, D, M, C: (
            _parameters(V, D, M, C) - 9 * M * D
        ),
    },
)

exercise(
    "attention.gpt-mask",
    asks="a function causal_mask(T, S) that returns a boolean array (T, S)",
    solution=lambda T, S: np.arange(S) <= np.arange(S - T, S)[:, None],
    inputs=lambda rng: (int(rng.integers(2, 5)), int(rng.integers(6, 10))),
    mistakes={
        "lined up at the wrong end: the last query stands at the last key": lambda T, S: np.tri(
            T, S, dtype=bool
        ),
        "upside down: True means that the query may look": lambda T, S: (
            ~np.tri(T, S, S - T, dtype=bool)
        ),
        "itself forbidden: a token may look at its own key": lambda T, S: np.tri(
            T, S, S - T - 1, dtype=bool
        ),
        "last key visible to all: only the last query stands there": lambda T, S: np.tri(
            T, S, S - 1, dtype=bool
        ),
    },
)


def _softmax(Z: Array) -> Array:
    e = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _cut(z: Array, k: int, tau: float, *, scaled: bool = True) -> Array:
    p = _softmax(z / tau)
    q = np.zeros_like(p)
    kept = np.argsort(-p, kind="stable")[:k]
    q[kept] = p[kept]
    return q / q.sum() if scaled else q


def _least(z: Array, k: int, tau: float) -> Array:
    p = _softmax(z / tau)
    q = np.zeros_like(p)
    kept = np.argsort(p, kind="stable")[:k]
    q[kept] = p[kept]
    return q / q.sum()


exercise(
    "attention.gpt-top-k",
    asks="a function top_k(z, k, tau) that returns an array (V,)",
    solution=_cut,
    inputs=lambda rng: (2 * rng.standard_normal(9), int(rng.integers(2, 6)), 0.7),
    mistakes={
        "not scaled: what is left has to sum to one": lambda z, k, tau: _cut(
            z, k, tau, scaled=False
        ),
        "temperature upside down: the scores are divided by it": lambda z, k, tau: _cut(
            z, k, 1 / tau
        ),
        "the least likely kept: sort the other way": _least,
        "one too few: k tokens are kept": lambda z, k, tau: _cut(z, k - 1, tau),
    },
)


def _step(q: Array, k: Array, v: Array, keys: Array, values: Array) -> tuple:
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    p = _softmax(keys @ q / np.sqrt(len(q)))
    return p @ values, keys, values


def _without_itself(q: Array, k: Array, v: Array, keys: Array, values: Array) -> tuple:
    p = _softmax(keys @ q / np.sqrt(len(q)))
    return p @ values, np.vstack([keys, k]), np.vstack([values, v])


def _step_unscaled(q: Array, k: Array, v: Array, keys: Array, values: Array) -> tuple:
    return _step(q * np.sqrt(len(q)), k, v, keys, values)


def _in_front(q: Array, k: Array, v: Array, keys: Array, values: Array) -> tuple:
    y, _, _ = _step(q, k, v, keys, values)
    return y, np.vstack([k, keys]), np.vstack([v, values])


exercise(
    "attention.gpt-cache",
    asks="a function that returns (y, keys, values) with the shapes (E,), (t + 1, E), (t + 1, E)",
    solution=_step,
    inputs=lambda rng: (*rng.standard_normal((3, 4)), *rng.standard_normal((2, 6, 4))),
    mistakes={
        "itself forgotten: the new token looks at its own key, too": _without_itself,
        "scale forgotten: divide the scores by the root of E": _step_unscaled,
        "in front: the new key and value come after the old ones": _in_front,
        "keys and values exchanged: the scores come from the keys, the mean is over the values": (
            lambda q, k, v, keys, values: (
                _softmax(np.vstack([values, v]) @ q / np.sqrt(len(q))) @ np.vstack([keys, k]),
                np.vstack([keys, k]),
                np.vstack([values, v]),
            )
        ),
        "cache unchanged: the next step needs the new key and value, too": (
            lambda q, k, v, keys, values: (_step(q, k, v, keys, values)[0], keys, values)
        ),
    },
)

exercise(
    "attention.gpt-mixture",
    asks="a function mixed_bits(a, b, w) that returns an array (N,)",
    solution=lambda a, b, w: -np.log2(w * 2.0**-a + (1 - w) * 2.0**-b),
    inputs=lambda rng: (rng.uniform(0, 9, 7), rng.uniform(0, 9, 7), 0.3),
    mistakes={
        "bits averaged: average the probabilities, then take the logarithm": lambda a, b, w: (
            w * a + (1 - w) * b
        ),
        "wrong base: bits have the base 2": lambda a, b, w: (
            -np.log2(w * np.exp(-a) + (1 - w) * np.exp(-b))
        ),
        "weights swapped: w belongs to the first model": lambda a, b, w: (
            -np.log2((1 - w) * 2.0**-a + w * 2.0**-b)
        ),
        "in nats: bits are logarithms to the base 2": lambda a, b, w: (
            -np.log(w * 2.0**-a + (1 - w) * 2.0**-b)
        ),
        "a probability: bits are minus its logarithm": lambda a, b, w: (
            w * 2.0**-a + (1 - w) * 2.0**-b
        ),
    },
)
