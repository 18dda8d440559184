"""Exercises of the chapter *Attention*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "attention.by-hand",
    asks="an array of two numbers",
    solution=np.array([4.5, 4.0]),
    mistakes={
        "scores taken as weights: the softmax comes first, so exponentials are divided by their sum": (
            np.array([2.0, 2.0])
        ),
        "masked after the softmax: the weights that are left must add up to one again": (
            np.array([4.5, 3.0])
        ),
        "plain mean: the second score is higher, so its value counts twice": np.array(
            [14 / 3, 5.0]
        ),
        "masked with a score of zero: its exponential is one, so a masked score is minus infinity": (
            np.array([4.5, 4.5])
        ),
        "not divided: the weights add up to one": np.array([18.0, 12.0]),
    },
)


def _pairs(rng: np.random.Generator) -> tuple:
    return rng.standard_normal((5, 3)), rng.standard_normal((7, 3)), rng.standard_normal(3)


exercise(
    "attention.additive-scores",
    asks="a function scores(q, k, w) that returns an array (T, S)",
    solution=lambda q, k, w: np.tanh(q[:, None] + k) @ w,
    inputs=_pairs,
    mistakes={
        "no tanh: without it the query adds the same to all scores and could be left out": (
            lambda q, k, w: (q[:, None] + k) @ w
        ),
        "transposed: a row for each query, a column for each key": lambda q, k, w: (
            np.tanh(q + k[:, None]) @ w
        ),
        "product inside: query and key are added before the tanh": lambda q, k, w: (
            np.tanh(q[:, None] * k) @ w
        ),
        "w inside: it weighs the features after the tanh": lambda q, k, w: np.tanh(
            (q[:, None] + k) @ w
        ),
        "w forgotten: it weighs the features before they are added": lambda q, k, w: np.tanh(
            q[:, None] + k
        ).sum(axis=2),
    },
)


def _weights(a: Array, mask: Array) -> Array:
    top = np.where(mask, a, -np.inf).max(axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    e = np.where(mask, np.exp(np.where(mask, a - top, 0)), 0)
    total = e.sum(axis=1, keepdims=True)
    return e / np.where(total == 0, 1, total)


def _softmax(a: Array) -> Array:
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _even_when_blocked(a: Array, mask: Array) -> Array:
    p = _weights(a, mask)
    p[~mask.any(axis=1)] = 1 / a.shape[1]
    return p


def _nan_when_blocked(a: Array, mask: Array) -> Array:
    p = _weights(a, mask)
    p[~mask.any(axis=1)] = np.nan
    return p


def _masked(rng: np.random.Generator) -> tuple:
    a = rng.standard_normal((5, 7))
    a[1] += 1000  # a softmax without care overflows
    mask = rng.random((5, 7)) < 0.6
    mask[3] = False
    mask[0, :2] = True, False
    return a, mask


exercise(
    "attention.masked-weights",
    asks="a function weights(a, mask) that returns an array (T, S)",
    solution=_weights,
    inputs=_masked,
    mistakes={
        "wrong axis: each query shares out its weights among the keys": lambda a, mask: (
            _weights(a.T, mask.T).T
        ),
        "masked after the softmax: the weights that are left must add up to one again": (
            lambda a, mask: _softmax(a) * mask
        ),
        "score zero: a forbidden score must be minus infinity, and zero is a score like any other": (
            lambda a, mask: _softmax(a * mask)
        ),
        "mask upside down: True means may attend": lambda a, mask: _weights(a, ~mask),
        "not a number: a query that may look at nothing gets zeros": _nan_when_blocked,
        "uniform: a query that may look at nothing gets zeros": _even_when_blocked,
    },
)


def _score_gradient(p: Array, v: Array, g: Array) -> Array:
    dp = g @ v.T
    return p * (dp - (p * dp).sum(axis=1, keepdims=True))


def _wrong_sum(p: Array, v: Array, g: Array) -> Array:
    dp = g @ v.T
    return p * (dp - (p * dp).sum(axis=0, keepdims=True))


exercise(
    "attention.score-gradient",
    asks="a function score_gradient(p, v, g) that returns an array (T, S)",
    solution=_score_gradient,
    inputs=lambda rng: (
        _softmax(rng.standard_normal((5, 7))),
        rng.standard_normal((7, 3)),
        rng.standard_normal((5, 3)),
    ),
    mistakes={
        "stopped at the weights: go on through the softmax": lambda p, v, g: g @ v.T,
        "no mean: a higher score lowers the other weights": lambda p, v, g: p * (g @ v.T),
        "wrong axis: the weights of one query share a softmax, so sum over the keys": _wrong_sum,
        "one weight alone: a score also lowers the other weights of its row": lambda p, v, g: (
            p * (1 - p) * (g @ v.T)
        ),
    },
)

exercise(
    "attention.product-backward",
    asks="a function that returns (dq, dk, dW) with the shapes of q, k and W",
    solution=lambda q, k, W, da: (da @ k @ W.T, da.T @ q @ W, q.T @ da @ k),
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal((7, 3)),
        rng.standard_normal((3, 3)),
        rng.standard_normal((5, 7)),
    ),
    mistakes={
        "W not turned over: dq needs the transpose of W": lambda q, k, W, da: (
            da @ k @ W,
            da.T @ q @ W,
            q.T @ da @ k,
        ),
        "W on the wrong side: dq needs the transpose of W, and dk does not": lambda q, k, W, da: (
            da @ k @ W,
            da.T @ q @ W.T,
            q.T @ da @ k,
        ),
        "dW transposed: its rows belong to the query": lambda q, k, W, da: (
            da @ k @ W.T,
            da.T @ q @ W,
            k.T @ da.T @ q,
        ),
        "W forgotten: the slope of each factor is the product of the other two": (
            lambda q, k, W, da: (da @ k, da.T @ q, q.T @ da @ k)
        ),
    },
)


def _window(T: int, S: int, r: int) -> Array:
    return np.abs(np.arange(T)[:, None] - np.arange(S)) <= r


exercise(
    "attention.window",
    asks="a function window(T, S, r) that returns a boolean array (T, S)",
    solution=_window,
    inputs=lambda rng: (int(rng.integers(5, 9)), int(rng.integers(9, 13)), int(rng.integers(1, 4))),
    mistakes={
        "edge left out: a distance of r is allowed": lambda T, S, r: _window(T, S, r - 1),
        "upside down: True means may attend": lambda T, S, r: ~_window(T, S, r),
        "transposed: a row for each step of the target": lambda T, S, r: _window(S, T, r),
        "one side only: later positions within r are allowed too": lambda T, S, r: (
            _window(T, S, r) & np.tri(T, S, dtype=bool)
        ),
    },
)
