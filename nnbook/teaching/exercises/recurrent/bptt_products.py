"""Exercises of *Backpropagation through time*: long products, a radius, and states computed twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.teaching.exercises.recurrent.bptt import _back, _sequence, _states
from nnbook.tensor import Array


def _growth(factors: Array, *, base: float = np.e, per: bool = False, last: bool = True) -> float:
    P, log = np.eye(factors.shape[1]), 0.0
    for A in factors:
        P = P @ A
        length = np.linalg.norm(P)
        P, log = P / length, log + np.log(length)
    log += np.log(np.linalg.norm(P, 2)) if last else 0.0
    return log / np.log(base) / (len(factors) if per else 1)


def _at_once(factors: Array) -> float:
    """Multiply first and take the logarithm then: no number format is large enough."""
    P = np.eye(factors.shape[1])
    with np.errstate(all="ignore"):
        for A in factors:
            P = P @ A
    return float(np.log(np.abs(P).max()))


def _factors(rng: np.random.Generator) -> Array:
    """Mostly multiples of orthogonal matrices: a random product would soon have rank 1."""
    made = np.linalg.qr(rng.standard_normal((450, 5, 5)))[0]
    made[::90] = rng.standard_normal((5, 5, 5))
    return rng.uniform(6.0, 8.0) * made


exercise(
    "recurrent.bptt-growth",
    asks="a function growth(factors) that returns a number",
    solution=_growth,
    inputs=lambda rng: (_factors(rng),),
    mistakes={
        "overflow: make the product short again after each factor": _at_once,
        "norms multiplied: the norm of a product is smaller than that": lambda factors: sum(
            np.log(np.linalg.norm(A, 2)) for A in factors
        ),
        "Frobenius norm: the largest singular value was asked for": lambda factors: _growth(
            factors, last=False
        ),
        "eigenvalues: radii do not multiply": lambda factors: sum(
            np.log(np.abs(np.linalg.eigvals(A)).max()) for A in factors
        ),
        "decimal logarithm: the natural one was asked for": lambda factors: _growth(
            factors, base=10.0
        ),
        "per step: the whole product was asked for": lambda factors: _growth(factors, per=True),
    },
)


def _judge(U: Any) -> str | None:
    U = np.asarray(U, float)
    if U.ndim != 2 or U.shape[0] != U.shape[1]:
        raise AnswerError(f"expected a square matrix, got {kind(U)}")
    radius = np.abs(np.linalg.eigvals(U)).max()
    if radius > 0.5:
        return f"radius: no eigenvalue may be larger than 0.5, the largest is {radius:.3g}"
    norm = np.linalg.norm(np.linalg.matrix_power(U, 5), 2)
    if norm < 100:
        return f"norm: that of the fifth power should be 100 or more, it is {norm:.3g}"
    return None


exercise(
    "recurrent.bptt-radius",
    asks="a square matrix U",
    solution=np.array([[0.4, 1000.0], [0.0, 0.4]]),
    accept=_judge,
    mistakes={
        "large radius: one eigenvalue is above 0.5": np.array([[3.0, 0.0], [0.0, 0.1]]),
        "symmetric: norm and radius are the same then": np.array([[0.1, 0.4], [0.4, 0.1]]),
        "nothing left: a power of this matrix is zero": np.array([[0.0, 1000.0], [0.0, 0.0]]),
        "too small an entry: it has to make up for four small factors": np.array(
            [[0.4, 10.0], [0.0, 0.4]]
        ),
    },
)


def _checkpoints(
    run: Callable,
    back: Callable,
    h: Array,
    T: int,
    k: int,
    *,
    passed: bool = True,
    first: bool = False,
    rest: bool = True,
) -> Any:
    kept, ends = [h], []
    for a in range(0, T if rest else T // k * k, k):
        ends.append((a, min(a + k, T)))
        kept.append(run(kept[-1], *ends[-1])[-1])
    total, dh = 0.0, np.zeros_like(h)
    for n in reversed(range(len(ends))):
        states = run(kept[0] if first else kept[n], *ends[n])
        share, before = back(states, *ends[n], dh)
        total = total + share
        dh = before if passed else dh
    return total


def _twice(
    answer: Callable, gy: Array, x: Array, h: Array, W: Array, U: Array, b: Array, k: int
) -> Any:
    """Let the answer run and go back in pieces of at most k steps."""

    def run(state: Array, a: int, end: int) -> Array:
        if end - a > k:
            raise AnswerError(f"expected pieces of at most {k} steps, got one of {end - a}")
        return _states(x[:, a:end], np.asarray(state), W, U, b)

    def back(states: Array, a: int, end: int, dh: Array) -> tuple[Array, Array]:
        return _back(gy[:, a:end], np.asarray(states), U, dh)

    return answer(run, back, h, x.shape[1], k)


def _forwards(run: Callable, back: Callable, h: Array, T: int, k: int) -> Any:
    total, dh = 0.0, np.zeros_like(h)
    for a in range(0, T, k):
        states = run(h, a, min(a + k, T))
        share, dh = back(states, a, min(a + k, T), dh)
        total, h = total + share, states[-1]
    return total


exercise(
    "recurrent.bptt-checkpoints",
    asks="a function checkpoints(run, back, h, T, k) that returns the gradient of U, (H, H)",
    solution=_checkpoints,
    inputs=_sequence,
    probe=_twice,
    mistakes={
        "truncated: the cotangent goes on into the piece before": lambda *a: _checkpoints(
            *a, passed=False
        ),
        "always from the start: a piece begins with the state that was kept": lambda *a: (
            _checkpoints(*a, first=True)
        ),
        "rest left out: the last piece may be shorter": lambda *a: _checkpoints(*a, rest=False),
        "front to back: the way back begins with the last piece": _forwards,
    },
)
