"""Exercises of the chapter *Classifying text*: pooling over time, both ends, the best epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _max_gradient(y: Array, lengths: Array, g: Array, *, whole: bool = False) -> Array:
    out = np.zeros_like(y)
    for n, length in enumerate(np.asarray(lengths)):
        best = (y[n] if whole else y[n, :length]).argmax(axis=0)
        out[n, best, np.arange(y.shape[2])] = g[n]
    return out


def _real(y: Array, lengths: Array) -> Array:
    return (np.arange(y.shape[1]) < np.asarray(lengths)[:, None])[:, :, None]


def _one_step_for_all(y: Array, lengths: Array, g: Array) -> Array:
    out = np.zeros_like(y)
    for n, length in enumerate(np.asarray(lengths)):
        out[n, y[n, :length].sum(axis=1).argmax()] = g[n]
    return out


exercise(
    "recurrent.max-pool-gradient",
    asks="a function max_gradient(y, lengths, g) that returns an array (B, T, H)",
    solution=_max_gradient,
    inputs=lambda rng: (
        rng.standard_normal((3, 9, 7)),
        np.array([4, 9, 6]),
        rng.standard_normal((3, 7)),
    ),
    mistakes={
        "maximum over the padding: only real steps can win": lambda y, lengths, g: _max_gradient(
            y, lengths, g, whole=True
        ),
        "all steps get it: only the step that won does": lambda y, lengths, g: (
            _real(y, lengths) * g[:, None, :]
        ),
        "shared as in a mean: the winner gets all of it": lambda y, lengths, g: (
            _real(y, lengths) * g[:, None, :] / np.asarray(lengths)[:, None, None]
        ),
        "one step for all units: each unit has a winner of its own": _one_step_for_all,
        "last step: it is the largest that counts, not the last": lambda y, lengths, g: (
            (np.arange(y.shape[1]) == np.asarray(lengths)[:, None] - 1)[:, :, None] * g[:, None, :]
        ),
        "times the value: the cotangent goes back as it came": lambda y, lengths, g: (
            y * _max_gradient(y, lengths, g)
        ),
    },
)


def _turn(x: Array, lengths: Array, shift: int = 0) -> Array:
    out = np.array(x)
    for n, length in enumerate(np.asarray(lengths)):
        end = max(int(length) - shift, 0)
        out[n, :end] = x[n, :end][::-1]
    return out


def _roll(x: Array, lengths: Array) -> Array:
    out = np.zeros_like(x)
    for n, length in enumerate(np.asarray(lengths)):
        out[n, x.shape[1] - length :] = x[n, :length][::-1]
    return out


exercise(
    "recurrent.turn",
    asks="a function turn(x, lengths) that returns an array shaped like x",
    solution=_turn,
    inputs=lambda rng: (rng.standard_normal((4, 9, 3)), np.array([6, 9, 1, 4])),
    mistakes={
        "whole rows turned: the padding is then read first": lambda x, lengths: x[:, ::-1],
        "rows turned: the batch stays in order, time is the second axis": (
            lambda x, lengths: x[::-1]
        ),
        "one step short: the last real word comes first": lambda x, lengths: _turn(x, lengths, 1),
        "moved to the end: the words stay at the front of their row": _roll,
        "padding lost: what comes after the length stays as it is": lambda x, lengths: (
            _turn(x, lengths) * (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[:, :, None]
        ),
    },
)


def _both_ends(y: Array, lengths: Array, *, first: Any = None, second: Any = None) -> Array:
    H, rows, ends = y.shape[2] // 2, np.arange(len(y)), np.asarray(lengths) - 1
    first = ends if first is None else first
    second = 0 if second is None else second
    return np.concatenate([y[rows, first, :H], y[rows, second, H:]], axis=1)


exercise(
    "recurrent.both-ends",
    asks="a function both_ends(y, lengths) that returns an array (B, 2H)",
    solution=_both_ends,
    inputs=lambda rng: (rng.standard_normal((5, 9, 14)), np.array([4, 9, 1, 6, 3])),
    mistakes={
        "both at the end: reading from the end, the last state is at the first word": (
            lambda y, lengths: _both_ends(y, lengths, second=np.asarray(lengths) - 1)
        ),
        "last column: there the shorter sentences have padding": lambda y, lengths: _both_ends(
            y, lengths, first=-1
        ),
        "both at the first word: reading forwards, the last state is at the last word": (
            lambda y, lengths: _both_ends(y, lengths, first=0)
        ),
        "ends swapped: the first half of the units reads forwards": lambda y, lengths: _both_ends(
            y, lengths, first=0, second=np.asarray(lengths) - 1
        ),
        "one step too far: the last word is at the length less one": (
            lambda y, lengths: _both_ends(
                y, lengths, first=np.minimum(np.asarray(lengths), y.shape[1] - 1)
            )
        ),
        "halves swapped: forward comes first": lambda y, lengths: np.roll(
            _both_ends(y, lengths), y.shape[2] // 2, axis=1
        ),
    },
)


def _best_epoch(validation: Sequence[float], wait: int, *, ties: bool = False) -> tuple[int, int]:
    best, at = -np.inf, 0
    for n, value in enumerate(validation):
        if value > best or (ties and value == best):
            best, at = value, n
        elif n - at >= wait:
            return at, n + 1
    return at, len(validation)


def _several(answer: Callable, *curves: Array) -> Any:
    """The answers for several curves and two patiences, as one array."""
    made = []
    for values in curves:
        for wait in (2, 3):
            got = answer(list(values), wait)
            if got is None or got is ...:
                return got
            if not isinstance(got, (tuple, list, np.ndarray)) or len(got) != 2:
                raise AnswerError(
                    f"expected a pair, the epoch kept and the epochs run, got {kind(got)}"
                )
            made.append([float(n) for n in got])
    return np.array(made)


def _curves(rng: np.random.Generator) -> tuple:
    """Shares right: ties, a late rise behind a dip, and a curve that only rises."""
    a, b, c, d, e = np.sort(rng.uniform(0.6, 0.8, 5))
    return [a, c, b, c, b, a, e, d], [a, b, c, d, e], [c, b, a, d, d, b, a, a, e]


exercise(
    "recurrent.best-epoch",
    asks="a function best_epoch(validation, wait) that returns (epoch kept, epochs run)",
    solution=_best_epoch,
    inputs=_curves,
    probe=_several,
    mistakes={
        "best of all: after the stop no epoch is known": lambda validation, wait: (
            int(np.argmax(validation)),
            _best_epoch(validation, wait)[1],
        ),
        "last one kept: the weights of the best epoch are": lambda validation, wait: (
            _best_epoch(validation, wait)[1] - 1,
            _best_epoch(validation, wait)[1],
        ),
        "equal counts as better: only more than before starts the wait anew": (
            lambda validation, wait: _best_epoch(validation, wait, ties=True)
        ),
        "one epoch too long: it stops when it has waited that many": lambda validation, wait: (
            _best_epoch(validation, wait + 1)
        ),
        "share of errors: of shares right the largest is best": lambda validation, wait: (
            _best_epoch([-v for v in validation], wait)
        ),
        "epochs counted from 1: the first one kept is number 0": lambda validation, wait: (
            _best_epoch(validation, wait)[0] + 1,
            _best_epoch(validation, wait)[1],
        ),
    },
)
