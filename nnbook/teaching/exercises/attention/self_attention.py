"""Exercises of the chapter *Self-attention and heads*: scores, masks, the way back, heads, cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "attention.self-by-hand",
    asks="an array of two numbers, the context with the division and without it",
    solution=np.array([7.0, 7.6]),
    mistakes={
        "swapped: the context with the division comes first": np.array([7.6, 7.0]),
        "divided by D: the scores are divided by its root, which is 2": np.array(
            [4 + 4 * math.sqrt(3) / (1 + math.sqrt(3)), 7.6]
        ),
        "scores taken as weights: exponentials, divided by their sum, are the weights": np.array(
            [8 * math.log(3), 16 * math.log(3)]
        ),
        "weights swapped: the first key fits better, so its value counts more": np.array(
            [5.0, 4.4]
        ),
        "plain mean: the two keys do not fit equally well": np.array([6.0, 6.0]),
    },
)


def _variance(D: int, m_q: float, v_q: float, m_k: float, v_k: float) -> float:
    return D * (v_q * v_k + v_q * m_k**2 + v_k * m_q**2)


exercise(
    "attention.self-variance",
    asks="a function variance(D, m_q, v_q, m_k, v_k) that returns a number",
    solution=_variance,
    inputs=lambda rng: (
        int(rng.integers(5, 30)),
        float(rng.uniform(0.5, 2)),
        float(rng.uniform(0.3, 0.9)),
        float(rng.uniform(2.1, 3)),
        float(rng.uniform(1.1, 1.9)),
    ),
    mistakes={
        "means left out: with a mean of its own, one factor scales the variance of the other": (
            lambda D, m_q, v_q, m_k, v_k: D * v_q * v_k
        ),
        "mean square alone: the square of the mean product is subtracted from it": (
            lambda D, m_q, v_q, m_k, v_k: D * (v_q + m_q**2) * (v_k + m_k**2)
        ),
        "one product: the variances of D independent products add": (
            lambda D, m_q, v_q, m_k, v_k: _variance(1, m_q, v_q, m_k, v_k)
        ),
        "deviation: the variance is its square": lambda *a: math.sqrt(_variance(*a)),
        "means crossed: the mean of the query goes with the variance of the key": (
            lambda D, m_q, v_q, m_k, v_k: D * (v_q * v_k + v_q * m_q**2 + v_k * m_k**2)
        ),
    },
)


def _mask(lengths: Array, T: int) -> Array:
    return np.tri(T, dtype=bool) & (np.arange(T) < np.asarray(lengths)[:, None])[:, None]


exercise(
    "attention.self-mask",
    asks="a function mask(lengths, T) that returns a boolean array (B, T, T)",
    solution=_mask,
    inputs=lambda rng: (rng.permutation([3, 7, 5, 2]), 7),
    mistakes={
        "padding visible: a key beyond the length of its sequence is forbidden": lambda lengths, T: (
            np.repeat(np.tri(T, dtype=bool)[None], len(lengths), axis=0)
        ),
        "future visible: a query sees keys up to its own place": lambda lengths, T: np.repeat(
            (np.arange(T) < lengths[:, None])[:, None], T, axis=1
        ),
        "upside down: True means that the query may look": lambda lengths, T: ~_mask(lengths, T),
        "rows and columns swapped: the query is the row, the key the column": (
            lambda lengths, T: _mask(lengths, T).swapaxes(1, 2)
        ),
        "padded queries: the columns are forbidden, not the rows": lambda lengths, T: (
            np.tri(T, dtype=bool) & (np.arange(T) < lengths[:, None])[:, :, None]
        ),
        "one too many: a sequence of length n has the places 0 to n - 1": lambda lengths, T: _mask(
            lengths + 1, T
        ),
    },
)


def _softmax(a: Array) -> Array:
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _back(
    x: Array,
    Wq: Array,
    Wk: Array,
    Wv: Array,
    g: Array,
    *,
    roles: str = "qkv",
    centred: bool = True,
    softmax: bool = True,
    scale: bool = True,
    turned: bool = True,
) -> tuple[Array, ...]:
    root = math.sqrt(Wq.shape[1])
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    p = _softmax(q @ k.T / root)
    dp = g @ v.T
    da = dp - (p * dp).sum(axis=1, keepdims=True) if centred else dp
    da = (p * da if softmax else da) / (root if scale else 1)
    dq, dk, dv = da @ k, (da.T if turned else da) @ q, p.T @ g
    shares = {"q": dq @ Wq.T, "k": dk @ Wk.T, "v": dv @ Wv.T}
    return sum(shares[r] for r in roles), x.T @ dq, x.T @ dk, x.T @ dv


exercise(
    "attention.self-backward",
    asks="a function that returns (dx, dWq, dWk, dWv) with the shapes of x and of the matrices",
    solution=_back,
    inputs=lambda rng: (
        rng.standard_normal((7, 5)),
        *(0.6 * rng.standard_normal((5, n)) for n in (3, 3, 9)),
        rng.standard_normal((7, 9)),
    ),
    mistakes={
        "only as a query: x is a key and a value as well, and three uses add": lambda *a: _back(
            *a, roles="q"
        ),
        "value forgotten: x reaches the contexts through its own value, too": lambda *a: _back(
            *a, roles="qk"
        ),
        "scale forgotten: the scores were divided by the root, so is what comes back": (
            lambda *a: _back(*a, scale=False)
        ),
        "r forgotten: raising one weight of a softmax lowers all others": lambda *a: _back(
            *a, centred=False
        ),
        "softmax forgotten: the slope of the weights begins with the factor p": lambda *a: _back(
            *a, softmax=False
        ),
        "keys as queries: a key adds over the queries, so da is transposed for it": (
            lambda *a: _back(*a, turned=False)
        ),
    },
)


def _split(z: Array, heads: int) -> Array:
    B, T, D = z.shape
    return z.reshape(B, T, 3, heads, D // (3 * heads)).transpose(2, 0, 3, 1, 4)


def _reshaped(z: Array, heads: int) -> Array:
    B, T, D = z.shape
    return z.reshape(B, T, 3, -1).transpose(2, 0, 1, 3).reshape(3, B, heads, T, D // (3 * heads))


def _each(answer: Any, z: Array, heads: int) -> Any:
    """Let an answer be one array or three; compare what was cut."""
    made = answer(z, heads)
    if isinstance(made, (tuple, list)) and len(made) == 3:
        return [np.asarray(part) for part in made]
    return list(made) if isinstance(made, np.ndarray) and made.ndim == 5 else made


exercise(
    "attention.self-split",
    asks="a function split(z, heads) that returns q, k and v, each of shape (B, h, T, E)",
    solution=_split,
    inputs=lambda rng: (rng.standard_normal((3, 7, 60)), 4),
    probe=_each,
    mistakes={
        "steps mixed: cut the features first, then swap the axes": _reshaped,
        "features interleaved: a head has E features that are neighbours": lambda z, heads: (
            z.reshape(*z.shape[:2], 3, -1, heads).transpose(2, 0, 4, 1, 3)
        ),
        "parts interleaved: first come all queries, then all keys, then all values": (
            lambda z, heads: z.reshape(*z.shape[:2], heads, 3, -1).transpose(3, 0, 2, 1, 4)
        ),
        "order of the parts: queries, keys, values": lambda z, heads: _split(z, heads)[::-1],
        "heads behind the steps: each head is a matrix (T, E)": lambda z, heads: _split(
            z, heads
        ).swapaxes(2, 3),
    },
)


def _cost(
    T: int, D: int, h: int, *, products: float = 4, pairs: float = 2, kept: float = 1
) -> tuple[int, int]:
    return int(products * T * D * D + pairs * T * T * D), int(kept * h * T * T)


exercise(
    "attention.self-cost",
    asks="a function cost(T, D, h) that returns two whole numbers, multiplications and weights",
    solution=_cost,
    inputs=lambda rng: (
        int(rng.integers(20, 40)),
        8 * int(rng.integers(5, 9)),
        int(rng.choice([4, 8])),
    ),
    mistakes={
        "heads counted twice: h heads of D / h features cost what one of D costs": (
            lambda T, D, h: _cost(T, D, h, pairs=2 * h)
        ),
        "mixing forgotten: the last matrix is (D, D), like the three others": (
            lambda T, D, h: _cost(T, D, h, products=3)
        ),
        "means forgotten: the weights are multiplied with the values, too": (
            lambda T, D, h: _cost(T, D, h, pairs=1)
        ),
        "one head's weights: each head has T² of them": lambda T, D, h: _cost(T, D, h, kept=1 / h),
        "matrices once: each token is multiplied with them": lambda T, D, h: (
            4 * D * D + 2 * T * T * D,
            h * T * T,
        ),
    },
)
