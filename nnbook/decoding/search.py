"""Whole sequences, token after token: greedy, drawn, or with several beginnings kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from nnbook.decoding.sampling import likeliest, log_probabilities, sample

Array = np.ndarray
Step = Callable[[Array, Any], tuple[Array, Any]]


def greedy(step: Step, state: Any, *, start: Array, end: int | None, steps: int) -> list[Array]:
    """Take the likeliest token at every step, until `end` or for `steps` tokens.

    Book: :eq:`eq-greedy`.

    Parameters
    ----------
    step, state
        The model and the state to begin with.
    start : integer array (B,)
        The token that each sequence begins after.
    end : int, optional
        The token that ends a sequence. It is not part of the answer.
    steps : int
        The most tokens to give.

    Returns
    -------
    list of B integer arrays
    """
    return _roll(step, state, start, end, steps, likeliest)


def generate(
    step: Step,
    state: Any,
    *,
    start: Array,
    end: int | None,
    steps: int,
    rng: np.random.Generator,
    **options: Any,
) -> list[Array]:
    """Draw the token at every step, until `end` or for `steps` tokens: `greedy` with `sample`."""
    return _roll(step, state, start, end, steps, lambda logits: sample(logits, rng=rng, **options))


def _roll(
    step: Step, state: Any, start: Array, end: int | None, steps: int, choose: Callable
) -> list[Array]:
    tokens = np.asarray(start)
    if tokens.ndim != 1:
        raise ValueError(f"expected one first token a sequence, (B,), got {tokens.shape}")
    chosen, running = [], np.ones(len(tokens), bool)
    lengths = np.zeros(len(tokens), int)
    for _ in range(steps):
        logits, state = step(tokens, state)
        tokens = choose(logits)
        _check_end(end, np.shape(logits)[-1])
        if end is not None:
            running &= tokens != end
        if not running.any():
            break
        lengths += running
        chosen.append(tokens)
    rows = np.array(chosen, np.int64).reshape(len(chosen), len(running)).T
    return [row[:length] for row, length in zip(rows, lengths)]


class Hypothesis(NamedTuple):
    """A sequence that beam search found, without the end token, and what it is worth."""

    tokens: Array
    score: float


def beam_search(
    step: Step,
    state: Any,
    *,
    start: int,
    end: int,
    steps: int,
    width: int,
    select: Callable[[Any, Array], Any],
    length_penalty: float = 0.0,
) -> list[Hypothesis]:
    """Keep the `width` likeliest beginnings at every step. Width 1 is greedy decoding. Book:
    :eq:`eq-beam`.

    A beginning that ends leaves the beam, and the beam has one place less, as in Sutskever,
    Vinyals and Le (2014). The search ends when no place is left, or after `steps` tokens.

    Parameters
    ----------
    step, state
        The model and the state to begin with, of one sequence.
    start, end : int
        The token that the sequence begins after, and the one that ends it.
    steps : int
        The most tokens to give, the end token among them.
    width : int
        At least 1.
    select : callable
        `select(state, rows)` returns the state of the sequences `rows` (N,), in that order.
    length_penalty : float
        α, at least 0. The score of a sequence of n tokens (the end among them) is
        ln P / ((5 + n) / 6)^α, of Wu et al. (2016); with 0 it is ln P, which prefers short
        sequences. Book: :eq:`eq-length-penalty`.

    Returns
    -------
    list of Hypothesis, the best first

    Raises
    ------
    TypeError, ValueError
        If `width` or `steps` is not a whole number of at least 1, if `length_penalty` is negative
        or not finite, or if `end` is not one of the tokens.
    """
    for name, value in (("width", width), ("steps", steps)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"beam_search expected {name} to be a whole number, got {value!r}")
    if width < 1 or steps < 1:
        raise ValueError(
            f"beam_search expected width and steps of at least 1, got {width}, {steps}"
        )
    if not 0 <= length_penalty < np.inf:
        raise ValueError(
            f"beam_search expected a length_penalty of at least 0, got {length_penalty}"
        )
    done: list[Hypothesis] = []
    beam = np.zeros((1, 0), np.int64)  # (N, n) the tokens so far
    total = np.zeros(1)  # (N,) their log-probabilities
    last = np.array([start])

    def finish(row: Array, log_p: float, n: int) -> None:
        done.append(Hypothesis(row, float(log_p / ((5 + n) / 6) ** length_penalty)))

    for n in range(1, steps + 1):
        logits, state = step(last, state)
        candidates = total[:, None] + log_probabilities(logits)  # (N, V)
        V = candidates.shape[1]
        _check_end(end, V)
        best = np.argsort(-candidates, axis=None, kind="stable")[: width - len(done)]
        best = best[candidates.ravel()[best] > -np.inf]  # what is forbidden takes no place
        rows, last = best // V, best % V
        total = candidates[rows, last]
        for row, log_p in zip(rows[last == end], total[last == end]):
            finish(beam[row], log_p, n)
        alive = last != end
        rows, last, total = rows[alive], last[alive], total[alive]
        if not len(rows):
            break
        beam, state = np.column_stack([beam[rows], last]), select(state, rows)
    for row, log_p in zip(beam, total):  # cut off: they never ended
        finish(row, log_p, steps)
    return sorted(done, key=lambda hypothesis: -hypothesis.score)


def _check_end(end: int | None, V: int) -> None:
    if end is not None and not 0 <= end < V:
        raise ValueError(f"expected the end to be one of the tokens from 0 to {V - 1}, got {end}")
