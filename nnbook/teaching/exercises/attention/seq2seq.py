"""Exercises of the chapter *Sequence to sequence*: writing until the end, exact answers, a beam."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "attention.seq2seq-by-hand",
    asks="an array of three probabilities: greedy, a beam of two, the likeliest",
    solution=np.array([0.2, 0.21, 0.24]),
    mistakes={
        "end forgotten: a sequence counts with the probability that it ends": np.array(
            [0.2, 0.35, 0.25]
        ),
        "first steps only: the probabilities along a path are multiplied": np.array(
            [0.4, 0.4, 0.4]
        ),
        "beam of three: two places hold a and b, and c is dropped at the first step": np.array(
            [0.2, 0.24, 0.24]
        ),
        "beam taken for greedy: it may leave the path of the likeliest first word": np.array(
            [0.2, 0.2, 0.24]
        ),
        "last steps only: the probabilities along a path are multiplied": np.array(
            [0.5, 0.6, 0.96]
        ),
    },
)


def _greedy(step: Callable, state: int, begin: int, end: int, steps: int) -> list[int]:
    token, written = begin, []
    for _ in range(steps):
        scores, state = step(token, state)
        token = int(np.argmax(scores))
        if token == end:
            break
        written.append(token)
    return written


def _end_kept(step: Callable, state: int, begin: int, end: int, steps: int) -> list[int]:
    written = _greedy(step, state, begin, end, steps)
    return written + [end] * (len(written) < steps)


def _same_token(step: Callable, state: int, begin: int, end: int, steps: int) -> list[int]:
    def forgetful(_: int, state: int) -> tuple:
        return step(begin, state)

    return _greedy(forgetful, state, begin, end, steps)


def _old_state(step: Callable, state: int, begin: int, end: int, steps: int) -> list[int]:
    def frozen(token: int, _: int) -> tuple:
        return step(token, state)[0], state

    return _greedy(frozen, state, begin, end, steps)


def _never_ends(step: Callable, state: int, begin: int, end: int, steps: int) -> list[int]:
    return _greedy(step, state, begin, -1, steps)


def _steps(rng: np.random.Generator) -> tuple:
    """Draw a model: the scores depend on the token before and on a state that counts."""
    table = rng.standard_normal((3, 7, 6))  # (state, token before, next token)
    path = [0, *(int(n) for n in rng.permutation([2, 3, 4, 5])), 1]  # begin, four tokens, end
    for n, (before, after) in enumerate(pairwise(path)):
        table[n % 3, before, after] = 9

    def step(token: int, state: int) -> tuple:
        return table[state % 3, token].copy(), state + 1

    return step, 0, 0, 1, 6


exercise(
    "attention.greedy",
    asks="a function greedy(step, state, begin, end, steps) that returns a list of tokens",
    solution=_greedy,
    inputs=_steps,
    mistakes={
        "end token kept: it is not part of the answer": _end_kept,
        "not fed back: each step is given the token written before, not the first one": _same_token,
        "state not passed on: each step begins with the state of the step before": _old_state,
        "never ends: stop at the end token": _never_ends,
    },
)


def _exact(scores: Array, wanted: Array, pad: int) -> float:
    right = scores.argmax(axis=2) == wanted
    return float((right | (wanted == pad)).all(axis=1).mean())


def _forced(rng: np.random.Generator) -> tuple:
    lengths = rng.permutation([7, 3, 5, 2, 6, 7, 4, 3, 5])
    wanted = rng.integers(1, 5, (9, 7))
    scores = rng.standard_normal((9, 7, 5))
    sure = rng.random((9, 7)) < 0.93
    rows, steps = np.nonzero(sure)
    scores[rows, steps, wanted[rows, steps]] += 9  # most steps are right
    scores[0], scores[1, 1:] = rng.standard_normal((7, 5)), 9 * np.eye(5)[wanted[1, 1:]]
    scores[1, 0] = -9 * np.eye(5)[wanted[1, 0]]  # the first step is wrong, the last is right
    filled = np.arange(7) >= lengths[:, None]
    wanted[filled] = 0  # padding, of which some scores say something else
    filled[::2] = False
    scores[filled] = 9 * np.eye(5)[0]
    return scores, wanted, 0


exercise(
    "attention.seq2seq-exact",
    asks="a function exact(scores, wanted, pad) that returns a share",
    solution=_exact,
    inputs=_forced,
    mistakes={
        "padding counted: what the network says at padded steps does not matter": lambda scores, wanted, pad: (
            (scores.argmax(axis=2) == wanted).all(axis=1).mean()
        ),
        "tokens counted: a sequence is right if all of its tokens are": lambda scores, wanted, pad: (
            (scores.argmax(axis=2) == wanted)[wanted != pad].mean()
        ),
        "padding and tokens: only whole sequences count, and padding does not": (
            lambda scores, wanted, pad: (scores.argmax(axis=2) == wanted).mean()
        ),
        "padding taken for wrong: a sequence that ends early can be right": (
            lambda scores, wanted, pad: (
                ((scores.argmax(axis=2) == wanted) & (wanted != pad)).all(axis=1).mean()
            )
        ),
        "one is enough: all steps have to be right, not any of them": lambda scores, wanted, pad: (
            ((scores.argmax(axis=2) == wanted) & (wanted != pad)).any(axis=1).mean()
        ),
    },
)


def _step(total: Array, log_p: Array, width: int) -> tuple[Array, ...]:
    candidates = (total[:, None] + log_p).ravel()
    best = np.argsort(-candidates, kind="stable")[:width]
    V = log_p.shape[1]
    return best // V, best % V, candidates[best]


def _best_of_each(total: Array, log_p: Array, width: int) -> tuple[Array, ...]:
    """Return the likeliest continuation of each row, the best rows first."""
    tokens = log_p.argmax(axis=1)
    new = total + log_p.max(axis=1)
    rows = np.argsort(-new, kind="stable")[:width]
    return rows, tokens[rows], new[rows]


def _beginnings(rng: np.random.Generator) -> tuple:
    log_p = np.log(rng.dirichlet(np.ones(7), 5))
    total = np.array([-0.5, -3.0, -1.0, -2.5, -1.5]) + 0.1 * rng.random(5)
    return total, log_p, 4


exercise(
    "attention.seq2seq-beam-step",
    asks="a function that returns (rows, tokens, log-probabilities), three arrays (width,)",
    solution=_step,
    inputs=_beginnings,
    mistakes={
        "past forgotten: what a beginning has cost so far counts as well": (
            lambda total, log_p, width: _step(np.zeros_like(total), log_p, width)
        ),
        "worst first: the largest log-probability is the best": lambda total, log_p, width: (
            *_step(-total, -log_p, width)[:2],
            -_step(-total, -log_p, width)[2],
        ),
        "one from each row: several continuations of one beginning may be kept": _best_of_each,
        "probability of the step: return that of the whole beginning": lambda total, log_p, width: (
            *_step(total, log_p, width)[:2],
            log_p[_step(total, log_p, width)[:2]],
        ),
        "flat numbers: divide by V for the row, and take the remainder for the token": (
            lambda total, log_p, width: (
                _step(total, log_p, width)[0] * log_p.shape[1] + _step(total, log_p, width)[1],
                *_step(total, log_p, width)[1:],
            )
        ),
    },
)
