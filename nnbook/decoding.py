"""From scores to sequences: sampling, greedy decoding and beam search, for any model.

A model is seen as a step: `step(tokens, state)` takes the last token of each of N sequences (N,)
and what it remembers of them, and returns the scores of the next token (N, V) and the new state.
A score of -inf forbids a token. NaN, +inf and a row of nothing else than -inf raise ValueError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray
Step = Callable[[Array, Any], tuple[Array, Any]]


def _checked(logits: Array) -> Array:
    """Return the scores (..., V) as an array: finite, but for tokens that -inf forbids."""
    logits = np.asarray(logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"decoding expected scores (..., V) with V ≥ 1, got {logits.shape}")
    if not np.isfinite(logits.max(axis=-1)).all():
        raise ValueError(f"decoding expected finite scores, got NaN or infinity in {logits.shape}")
    return logits


def _check_end(end: int | None, V: int) -> None:
    if end is not None and not 0 <= end < V:
        raise ValueError(f"expected the end to be one of the tokens from 0 to {V - 1}, got {end}")


def log_probabilities(logits: Array) -> Array:
    """Return ln softmax of the scores (..., V), in float64."""
    z = np.asarray(logits, np.float64)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def probabilities(
    logits: Array,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Return the probabilities to sample from: softmax(z / τ), cut to the likeliest and scaled to
    sum 1. Book: :eq:`eq-temperature`.

    Parameters
    ----------
    logits : array (..., V)
        z, the scores.
    temperature : float, positive
        τ. Below 1 the likely becomes likelier, above 1 all become more alike.
    top_k : int, optional
        Keep the k likeliest tokens. Source: Fan, Lewis and Dauphin (2018).
    top_p : float in (0, 1], optional
        Keep the fewest tokens, the likeliest first, whose probabilities sum to at least p (of what
        top_k has left). Source: Holtzman et al. (2020).

    Returns
    -------
    p : float64 array (..., V)
    """
    logits = np.asarray(_checked(logits), np.float64)
    if not temperature > 0:
        raise ValueError(
            f"expected a temperature above 0, got {temperature}; `greedy` is its limit"
        )
    if top_k is not None and (not isinstance(top_k, (int, np.integer)) or top_k < 1):
        raise ValueError(f"expected an integer top_k of at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"expected top_p in (0, 1], got {top_p}")

    p = np.exp(log_probabilities(logits / temperature))
    if top_k is None and top_p is None:
        return p
    order = np.argsort(-p, axis=-1, kind="stable")  # likeliest first, of equals the lower number
    ranked = np.take_along_axis(p, order, axis=-1)
    if top_k is not None:
        ranked[..., top_k:] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    if top_p is not None:
        before = np.cumsum(ranked, axis=-1) - ranked
        # A sum that misses p by rounding alone has reached it; of p = 1 nothing may be missing.
        reached = before >= (top_p * (1 - 1e-12) if top_p < 1 else 1)
        ranked[reached] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    np.put_along_axis(p, order, ranked, axis=-1)
    return p


def sample(
    logits: Array,
    *,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Draw a token for each row of scores (..., V) -> (...). Options: see `probabilities`."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"sample expected rng to be a numpy Generator, got {type(rng).__name__}")
    p = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    upto = np.cumsum(p, axis=-1)
    drawn = rng.random(p.shape[:-1])[..., None]
    # The last sum is 1 but for rounding. A draw above it is not for a token that was cut.
    return ((upto <= drawn) & (upto < upto[..., -1:])).sum(axis=-1)


def likeliest(logits: Array) -> Array:
    """Return the highest score's token for each row of (..., V) -> (...), of equals the first."""
    return _checked(logits).argmax(axis=-1)


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
    """Keep the `width` likeliest beginnings at every step. Width 1 is greedy decoding.

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
    select : callable
        `select(state, rows)` returns the state of the sequences `rows` (N,), in that order.
    length_penalty : float
        α. The score of a sequence of n tokens (the end among them) is ln P / ((5 + n) / 6)^α, of
        Wu et al. (2016); with 0 it is ln P, which prefers short sequences.

    Returns
    -------
    list of Hypothesis, the best first
    """
    if width < 1 or steps < 1:
        raise ValueError(
            f"beam_search expected width and steps of at least 1, got {width}, {steps}"
        )
    done: list[Hypothesis] = []
    beam = np.zeros((1, 0), np.int64)  # (N, n) the tokens so far
    total = np.zeros(1)  # (N,) their log-probabilities
    last = np.array([start])

    def finish(row: Array, log_p: float, n: int) -> None:
        done.append(Hypothesis(row, float(log_p / ((5 + n) / 6) ** length_penalty)))

    for n in range(1, steps + 1):
        logits, state = step(last, state)
        candidates = total[:, None] + log_probabilities(_checked(logits))  # (N, V)
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
