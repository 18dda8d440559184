"""More exercises of *Recurrence against attention*: induction heads, copying, one token replaced."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _score(
    tokens: Array, P: Array, *, step: int = 1, which: int = -1, turned: bool = False
) -> float:
    found = []
    for t in range(len(tokens)):
        before = np.flatnonzero(tokens[:t] == tokens[t])
        if len(before):
            s = before[which] + step
            found.append(P[s, t] if turned else P[t, s])
    return float(np.mean(found))


def _over_all(tokens: Array, P: Array) -> float:
    repeats = sum(int(x in tokens[:t]) for t, x in enumerate(tokens))
    return _score(tokens, P) * repeats / len(tokens)


def _text(rng: np.random.Generator) -> tuple[Array, Array]:
    P = np.tril(rng.uniform(0.1, 1, (23, 23)))
    return rng.integers(0, 5, 23), P / P.sum(axis=1, keepdims=True)


exercise(
    "attention.versus-prefix",
    asks="a function prefix_score(tokens, P) that returns a number",
    solution=_score,
    inputs=_text,
    mistakes={
        "on the token itself: the weight counts on the place after it": lambda tokens, P: _score(
            tokens, P, step=0
        ),
        "first occurrence: the last one before the token counts": lambda tokens, P: _score(
            tokens, P, which=0
        ),
        "rows and columns swapped: the query is the row": lambda tokens, P: _score(
            tokens, P, turned=True
        ),
        "new tokens counted: those that did not occur before are left out": _over_all,
    },
)


def _longest(H: int, b: int, V: int) -> int:
    return math.floor(b * H / math.log2(V))


exercise(
    "attention.versus-bits",
    asks="a function longest(H, b, V) that returns a whole number",
    solution=_longest,
    inputs=lambda rng: (
        int(rng.integers(20, 90)),
        int(rng.choice([8, 16, 32])),
        int(rng.choice([10, 27, 50])),
    ),
    mistakes={
        "bits forgotten: each number has b of them": lambda H, b, V: _longest(H, 1, V),
        "natural logarithm: bits go with the logarithm to the base 2": lambda H, b, V: math.floor(
            b * H / math.log(V)
        ),
        "one bit for a token: a token out of V takes log₂ V bits": lambda H, b, V: b * H,
        "rounded up: the last token must fit in whole": lambda H, b, V: _longest(H, b, V) + 1,
        "V for its logarithm: V tokens can be told apart with log₂ V bits": lambda H, b, V: (
            b * H // V
        ),
    },
)


def _context(a: Array, V: Array) -> Array:
    e = np.exp(a - a.max())
    return e @ V / e.sum()


def _moved(a: Array, V: Array, s: int, a_new: float, v_new: Array) -> Array:
    b, U = a.copy(), V.copy()
    b[s], U[s] = a_new, v_new
    return _context(b, U) - _context(a, V)


def _old_denominator(a: Array, V: Array, s: int, a_new: float, v_new: Array) -> Array:
    e = np.exp(a)
    return (np.exp(a_new) * v_new - e[s] * V[s]) / e.sum()


exercise(
    "attention.versus-flip",
    asks="a function moved_by(a, V, s, a_new, v_new) that returns an array (E,)",
    solution=_moved,
    inputs=lambda rng: (
        rng.standard_normal(8),
        rng.standard_normal((8, 5)),
        int(rng.integers(8)),
        float(rng.uniform(1, 2)),
        rng.standard_normal(5),
    ),
    mistakes={
        "turned round: new minus old": lambda *x: -_moved(*x),
        "old denominator: the new score changes the sum of the exponentials": _old_denominator,
        "score left as it was: both the score and the value are replaced": (
            lambda a, V, s, a_new, v_new: _moved(a, V, s, a[s], v_new)
        ),
        "value left as it was: both the score and the value are replaced": (
            lambda a, V, s, a_new, v_new: _moved(a, V, s, a_new, V[s])
        ),
        "size: the answer is a vector": lambda *x: np.full(5, np.linalg.norm(_moved(*x))),
    },
)
