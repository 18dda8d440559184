"""Exercises of *Generating text*: bits, rows that go on, temperature, interpolated counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _bits(losses: Any, lengths: Any) -> tuple[float, float]:
    loss = np.average(losses, weights=lengths)
    return loss / np.log(2), np.exp(loss)


exercise(
    "recurrent.bits",
    asks="a function bits(losses, lengths) that returns bits per character and perplexity",
    solution=_bits,
    inputs=lambda rng: (rng.uniform(0.5, 4, 5), rng.integers(3, 90, 5)),
    mistakes={
        "all pieces alike: a long piece weighs more than a short one": lambda losses, lengths: (
            np.mean(losses) / np.log(2),
            np.exp(np.mean(losses)),
        ),
        "times ln 2: a nat is more than a bit, so there are more bits than nats": (
            lambda losses, lengths: (
                np.average(losses, weights=lengths) * np.log(2),
                np.exp(np.average(losses, weights=lengths)),
            )
        ),
        "still in nats: divide by the natural logarithm of 2": lambda losses, lengths: (
            np.average(losses, weights=lengths),
            np.exp(np.average(losses, weights=lengths)),
        ),
        "mean of perplexities: take the mean of the losses first, and then the exponential": (
            lambda losses, lengths: (
                np.average(losses, weights=lengths) / np.log(2),
                np.average(np.exp(losses), weights=lengths),
            )
        ),
        "2 to the nats: the perplexity is e to the nats, or 2 to the bits": (
            lambda losses, lengths: (
                np.average(losses, weights=lengths) / np.log(2),
                2 ** np.average(losses, weights=lengths),
            )
        ),
    },
)


def _rows(
    tokens: Array, B: int, T: int, *, ahead: int = 1, skip: int = 0, spread: str = "parts"
) -> tuple[Array, Array]:
    tokens = np.asarray(tokens)
    part = (len(tokens) - 1) // B
    m = part // (T + skip)
    k, n, t = np.ogrid[:m, :B, :T]
    at = {
        "parts": part * n + (T + skip) * k + t,
        "neighbours": (k * B + n) * T + t,
        "dealt": (k * T + t) * B + n,
    }[spread]
    return tokens[at], tokens[at + ahead]


exercise(
    "recurrent.rows",
    asks="a function rows(tokens, B, T) that returns inputs and targets, both (batches, B, T)",
    solution=_rows,
    inputs=lambda rng: (rng.permutation(int(rng.integers(91, 103))), 3, 5),
    mistakes={
        "no step ahead: the target of a token is the one after it": lambda tokens, B, T: _rows(
            tokens, B, T, ahead=0
        ),
        "two steps ahead: the target of a token is the very next one": lambda tokens, B, T: _rows(
            tokens, B, T, ahead=2
        ),
        "rows side by side: row n has to go on where row n of the batch before ended": (
            lambda tokens, B, T: _rows(tokens, B, T, spread="neighbours")
        ),
        "dealt like cards: neighbours in the text are neighbours in a row": (
            lambda tokens, B, T: _rows(tokens, B, T, spread="dealt")
        ),
        "a token skipped: the last target of a stretch is the first input of the next": (
            lambda tokens, B, T: _rows(tokens, B, T, skip=1)
        ),
        "pairs of batches: give all inputs and then all targets, two arrays": (
            lambda tokens, B, T: list(zip(*_rows(tokens, B, T)))
        ),
    },
)


def _softmax(z: Array, axis: int = -1) -> Array:
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


exercise(
    "recurrent.tempered",
    asks="a function tempered(z, tau) that returns probabilities of the shape of z, (B, V)",
    solution=lambda z, tau: _softmax(np.asarray(z) / tau),
    inputs=lambda rng: (
        3 * rng.standard_normal((5, 7)) + 2000,
        float(rng.choice([0.4, 0.6, 1.7, 2.5])),
    ),
    mistakes={
        "multiplied: a high temperature makes the probabilities more alike": (
            lambda z, tau: _softmax(z * tau)
        ),
        "probabilities divided: scaled to sum 1 again, they are what they were": (
            lambda z, tau: _softmax(z)
        ),
        "softmax of probabilities: divide the scores, not what softmax made of them": (
            lambda z, tau: _softmax(_softmax(z) / tau)
        ),
        "not scaled again: powers of probabilities do not sum to 1": (
            lambda z, tau: _softmax(z) ** (1 / tau)
        ),
        "over the batch: the probabilities of each row sum to 1": (
            lambda z, tau: _softmax(z / tau, axis=0)
        ),
        "overflow: subtract the largest score before the exponential": (
            lambda z, tau: np.exp(z / tau) / np.exp(z / tau).sum(axis=-1, keepdims=True)
        ),
    },
)


def _interpolate(
    counts: Array,
    *,
    room: Callable[[Array], float] = lambda row: float((row > 0).sum()),
    start: float | None = None,
    order: Sequence[int] | None = None,
) -> Array:
    counts = np.asarray(counts)
    V = counts.shape[1]
    p = np.full(V, 1 / V if start is None else start)
    for m in range(len(counts)) if order is None else order:
        row = counts[m]
        if row.sum():
            p = (row + room(row) * p) / (row.sum() + room(row))
    return p


def _without_asking(counts: Array) -> Array:
    p = np.full(counts.shape[1], 1 / counts.shape[1])
    for row in counts:
        d = (row > 0).sum()
        p = (row + d * p) / (row.sum() + d)
    return p


def _drawn_counts(rng: np.random.Generator) -> tuple[Array]:
    """Return counts after 0 to 4 characters, the longest context never seen."""
    counts = [rng.multinomial(total, rng.dirichlet(np.ones(7))) for total in (90, 31, 13, 5)]
    counts[0] += 1
    return (np.array([*counts, np.zeros(7, int)]),)


exercise(
    "recurrent.interpolate",
    asks="a function interpolate(counts) that returns probabilities (V,)",
    solution=_interpolate,
    inputs=_drawn_counts,
    mistakes={
        "not a number: a context that was never seen leaves the shorter one's guess": (
            _without_asking
        ),
        "half and half: the room left is how many different characters came, not how many": (
            lambda counts: _interpolate(counts, room=lambda row: row.sum())
        ),
        "always room for one: the more different characters came, the more room is left": (
            lambda counts: _interpolate(counts, room=lambda row: 1.0)
        ),
        "begun with nothing: before any count all characters are equally likely": (
            lambda counts: _interpolate(counts, start=0.0)
        ),
        "longest first: the guess of a shorter context goes into that of a longer one": (
            lambda counts: _interpolate(counts, order=range(len(counts))[::-1])
        ),
        "one added to each count: mix with the shorter context instead": lambda counts: (
            (counts[-2] + 1) / (counts[-2] + 1).sum()
        ),
    },
)
