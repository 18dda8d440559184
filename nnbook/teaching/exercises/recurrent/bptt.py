"""Exercises of *Backpropagation through time*: the gradient of a sequence, whole and cut short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _one_unit(
    w: float, u: float, x: Array, *, late: bool = False, slope: str = "own", way: str = "right"
) -> Array:
    """Return dw and du of the last state of one unit; the keywords are slips."""
    h = [0.0]
    for value in x:
        h.append(float(np.tanh(w * value + u * h[-1])))
    dh, dw, du = 1.0, 0.0, 0.0
    for t in reversed(range(1, len(h))):
        dz = dh * {"own": 1 - h[t] ** 2, "none": 1.0, "old": 1 - h[t - 1] ** 2}[slope]
        share = dz if way != "last" or t == len(h) - 1 else 0.0
        dw += share * x[t - 1]
        du += share * h[t if late else t - 1]
        dh = dz if way == "no u" else dz * u
    return np.array([dw, du])


exercise(
    "recurrent.bptt-one-unit",
    asks="a function one_unit(w, u, x) that returns two numbers, the slopes for w and for u",
    solution=_one_unit,
    inputs=lambda rng: (
        float(rng.uniform(0.5, 0.9)),
        float(rng.uniform(0.6, 1.2)),
        rng.standard_normal(7),
    ),
    probe=lambda answer, *given: _pair(answer(*given)),
    mistakes={
        "one step off: u was multiplied by the state before the step": lambda w, u, x: _one_unit(
            w, u, x, late=True
        ),
        "slope forgotten: every step went through a tanh": lambda w, u, x: _one_unit(
            w, u, x, slope="none"
        ),
        "slope of the old state: the tanh of a step made the new one": lambda w, u, x: _one_unit(
            w, u, x, slope="old"
        ),
        "last step alone: all steps use the same weights, and their shares add": lambda w, u, x: (
            _one_unit(w, u, x, way="last")
        ),
        "u left out on the way back: the step before is reached through u": lambda w, u, x: (
            _one_unit(w, u, x, way="no u")
        ),
    },
)


def _pair(answer: Any) -> Any:
    return answer if answer is None or answer is ... else np.asarray(answer, float)


def _kept(T: int, k: int) -> int:
    whole, rest = divmod(T, k)
    return whole * k * (k + 1) // 2 + rest * (rest + 1) // 2


exercise(
    "recurrent.bptt-kept",
    asks="a function kept(T, k) that returns a whole number",
    solution=_kept,
    inputs=lambda rng: (int(rng.integers(50, 60)) * 7 + 3, 7),
    mistakes={
        "rest forgotten: the last stretch may be shorter": lambda T, k: T // k * k * (k + 1) // 2,
        "pairs of different steps: a step also acts on its own loss": lambda T, k: (
            T // k * k * (k - 1) // 2 + (T % k) * (T % k - 1) // 2
        ),
        "all ordered pairs: an effect does not come before its cause": lambda T, k: (
            T // k * k * k + (T % k) ** 2
        ),
        "a sliding window: stretches do not overlap": lambda T, k: T * k - k * (k - 1) // 2,
        "no boundaries: these are all pairs of the sequence": lambda T, k: T * (T + 1) // 2,
    },
)


def _states(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    states = [h]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W + states[-1] @ U + b))
    return np.stack(states)


def _back(gy: Array, states: Array, U: Array, dh: Any = 0.0) -> tuple[Array, Array]:
    """Return dU and the cotangent of the first of the states."""
    dU = np.zeros_like(U)
    for t in reversed(range(1, len(states))):
        dz = (gy[:, t - 1] + dh) * (1 - states[t] ** 2)
        dU += states[t - 1].T @ dz
        dh = dz @ U.T
    return dU, dh


def _truncated(
    gy: Array,
    x: Array,
    h: Array,
    W: Array,
    U: Array,
    b: Array,
    k: int,
    *,
    reset: bool = False,
    mean: bool = False,
    length: int | None = None,
) -> Array:
    total, parts, k = np.zeros_like(U), 0, length or k
    for t in range(0, x.shape[1], k):
        states = _states(x[:, t : t + k], h, W, U, b)
        total, parts = total + _back(gy[:, t : t + k], states, U)[0], parts + 1
        h = 0 * h if reset else states[-1]
    return total / parts if mean else total


def _last_stretch(gy: Array, x: Array, h: Array, W: Array, U: Array, b: Array, k: int) -> Array:
    states = _states(x, h, W, U, b)
    return _back(gy[:, -k:], states[-k - 1 :], U)[0]


def _sequence(rng: np.random.Generator) -> tuple:
    B, T, D, H, k = 3, 17, 5, 7, 4
    return (
        rng.standard_normal((B, T, H)),
        rng.standard_normal((B, T, D)),
        rng.uniform(-1, 1, (B, H)),
        rng.standard_normal((D, H)),
        0.6 * rng.standard_normal((H, H)),
        rng.standard_normal(H),
        k,
    )


exercise(
    "recurrent.bptt-truncated",
    asks="a function truncated(gy, x, h, W, U, b, k) that returns the gradient of U, (H, H)",
    solution=_truncated,
    inputs=_sequence,
    mistakes={
        "state reset: its value goes on into the next stretch": lambda *a: _truncated(
            *a, reset=True
        ),
        "not cut: the gradient ends where a stretch begins": lambda *a: _truncated(
            *a, length=a[1].shape[1]
        ),
        "mean of the stretches: their gradients add up": lambda *a: _truncated(*a, mean=True),
        "last stretch alone: each stretch has its losses": _last_stretch,
        "stretches of one step more: each has k steps": lambda *a: _truncated(*a, length=a[-1] + 1),
    },
)


def _clip(gradients: list, limit: float) -> list:
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    return [np.asarray(g) * min(1.0, limit / norm) for g in gradients]


def _both(answer: Callable, gradients: list, limit: float) -> Any:
    """Clip long gradients, and short ones, which are to stay as they are."""
    long = answer([g.copy() for g in gradients], limit)
    if long is None or long is ...:
        return long
    short = answer([1e-3 * g for g in gradients], limit)
    return [np.concatenate([np.ravel(g) for g in part]) for part in (long, short)]


exercise(
    "recurrent.bptt-clip",
    asks="a function clip(gradients, limit) that returns a list of arrays",
    solution=_clip,
    inputs=lambda rng: ([3.0 * rng.standard_normal((5, 3)), 0.7 * rng.standard_normal(7)], 0.9),
    probe=_both,
    mistakes={
        "each by itself: one norm for all of them keeps the direction": lambda gradients, limit: [
            g * min(1.0, limit / np.linalg.norm(g)) for g in gradients
        ],
        "entries cut: that turns the gradient": lambda gradients, limit: [
            np.clip(g, -limit, limit) for g in gradients
        ],
        "short ones lengthened: the factor is never above 1": lambda gradients, limit: [
            g * limit / np.sqrt(sum(np.sum(np.square(h)) for h in gradients)) for g in gradients
        ],
        "norms added: lengths add in squares": lambda gradients, limit: [
            g * min(1.0, limit / sum(np.linalg.norm(h) for h in gradients)) for g in gradients
        ],
        "root forgotten: the norm is the root of the sum of squares": lambda gradients, limit: [
            g * min(1.0, limit / sum(np.sum(np.square(h)) for h in gradients)) for g in gradients
        ],
    },
)
