"""The open exercise of the chapter *Searching for weights*: a better search, judged by running it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook import data
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

SEEDS = (0, 1, 2)
HIDDEN = 16
EVALUATIONS = 5000
WITHIN_REACH = 0.3


def _loss(theta: Array, X: Array, t: Array) -> float:
    """Return the chapter's loss: two inputs, 16 hidden units with ReLU, three classes."""
    H = HIDDEN
    W1, b1 = theta[: 2 * H].reshape(2, H), theta[2 * H : 3 * H]
    W2, b2 = theta[3 * H : 6 * H].reshape(H, 3), theta[6 * H :]
    Z = np.maximum(X @ W1 + b1, 0) @ W2 + b2  # (B, 3)
    Z = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t]))


def _losses(search: Callable) -> list[float] | None:
    """Run the search on three spirals, count what it evaluates, and return the losses it reached."""
    if not callable(search):
        raise AnswerError(f"expected the function search itself, not {kind(search)}")
    reached = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X, t = data.spiral(100, rng=rng)
        start = 0.3 * rng.standard_normal(6 * HIDDEN + 3)
        calls = 0

        def f(theta: Array, X: Array = X, t: Array = t) -> float:
            nonlocal calls
            calls += 1
            if calls > EVALUATIONS:
                raise AnswerError(f"f was called more than {EVALUATIONS} times")
            return _loss(np.asarray(theta, dtype=float), X, t)

        found = search(f, start.copy(), rng)
        if found is None:  # the stub
            return None
        if np.shape(found) != start.shape:
            raise AnswerError(f"expected the weights, {start.shape}, got {kind(found)}")
        reached.append(_loss(np.asarray(found, dtype=float), X, t))
    return reached


def _low(losses: list[float]) -> str | None:
    mean = float(np.mean(losses))
    return (
        None
        if mean < WITHIN_REACH
        else f"the mean loss is {mean:.3f}, {WITHIN_REACH} is within reach"
    )


def _search(
    f: Callable, theta: Array, rng: np.random.Generator, evaluations: int = EVALUATIONS
) -> Array:
    best, size, memory = f(theta), 0.05, np.zeros_like(theta)
    for _ in range(evaluations - 1):
        nudge = memory + size * rng.standard_normal(len(theta))
        value = f(theta + nudge)
        if value < best:
            theta, best = theta + nudge, value
            memory, size = 0.6 * (memory + nudge), size * 1.07
        else:
            memory, size = 0.9 * memory, size * 1.07**-0.25
    return theta


exercise(
    "components.search-beat",
    asks="a function search(f, theta, rng) that returns the weights it found, (d,)",
    solution=_search,
    probe=_losses,
    accept=_low,
    mistakes={
        "one evaluation too many: the start is evaluated too": lambda f, theta, rng: _search(
            f, theta, rng, EVALUATIONS + 1
        ),
        "the loss instead of the weights: return what f is called with": lambda f, theta, rng: f(
            _search(f, theta, rng, EVALUATIONS - 1)
        ),
        "the start: a search that moves nothing reaches nothing": lambda f, theta, rng: theta,
        "nothing remembered: independent draws do not get lower by staying near the best": (
            lambda f, theta, rng: min((rng.standard_normal(len(theta)) for _ in range(900)), key=f)
        ),
        "a number: the search is run here, so give the function": 0.12,
    },
)
