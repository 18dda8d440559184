"""Exercises of the chapter *Text as numbers*: tables of vectors, masks, packing, buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _table_gradient(tokens: Array, G: Array, V: int) -> Array:
    dE = np.zeros((V, G.shape[-1]))
    np.add.at(dE, tokens.reshape(-1), G.reshape(-1, G.shape[-1]))
    return dE


def _last_place(tokens: Array, G: Array, V: int) -> Array:
    dE = np.zeros((V, G.shape[-1]))
    dE[tokens] += G
    return dE


def _mean_of_places(tokens: Array, G: Array, V: int) -> Array:
    times = np.bincount(tokens.reshape(-1), minlength=V)
    return _table_gradient(tokens, G, V) / np.maximum(times, 1)[:, None]


def _first_place(tokens: Array, G: Array, V: int) -> Array:
    dE, flat = np.zeros((V, G.shape[-1])), G.reshape(-1, G.shape[-1])
    found, at = np.unique(tokens, return_index=True)
    dE[found] = flat[at]
    return dE


exercise(
    "recurrent.embedding-gradient",
    asks="a function table_gradient(tokens, G, V) that returns dE (V, D)",
    solution=_table_gradient,
    inputs=lambda rng: (rng.integers(0, 6, (3, 7)), rng.standard_normal((3, 7, 5)), 11),
    mistakes={
        "last place alone: += on a repeated index keeps only its last copy": _last_place,
        "first place alone: all places of a token count": _first_place,
        "mean over the places: their cotangents are added": _mean_of_places,
        "too few rows: tokens that do not occur have a row too, of zeros": lambda tokens, G, V: (
            _table_gradient(tokens, G, V)[: tokens.max() + 1]
        ),
        "mean over the batch: the loss has already divided": lambda tokens, G, V: (
            _table_gradient(tokens, G, V) / len(tokens)
        ),
    },
)


def _masked_mean(y: Array, lengths: Array) -> Array:
    mask = np.arange(y.shape[1]) < np.asarray(lengths)[:, None]
    return (y * mask[:, :, None]).sum(axis=1) / np.asarray(lengths)[:, None]


def _masked(y: Array, lengths: Array, more: int = 0) -> Array:
    return y * (np.arange(y.shape[1]) < np.asarray(lengths)[:, None] + more)[:, :, None]


exercise(
    "recurrent.masked-mean",
    asks="a function masked_mean(y, lengths) that returns an array (B, D)",
    solution=_masked_mean,
    inputs=lambda rng: (rng.standard_normal((5, 7, 3)), np.array([4, 6, 1, 3, 5])),
    mistakes={
        "padding in the sum: it is left out by the mask": lambda y, lengths: (
            y.sum(axis=1) / np.asarray(lengths)[:, None]
        ),
        "divided by T: each sentence has its own length": lambda y, lengths: _masked(
            y, lengths
        ).mean(axis=1),
        "no mask at all: the mean is over the real steps": lambda y, lengths: y.mean(axis=1),
        "one step too many: real are the steps before the length": lambda y, lengths: (
            _masked(y, lengths, 1).sum(axis=1) / np.asarray(lengths)[:, None]
        ),
        "not divided: it is a mean": lambda y, lengths: _masked(y, lengths).sum(axis=1),
        "one length for all: sentences are divided by their own": lambda y, lengths: (
            _masked(y, lengths).sum(axis=1) / np.mean(lengths)
        ),
    },
)


def _pack(tokens: Array, lengths: Array, *, order: Any = None, rows: bool = False) -> tuple:
    lengths = np.asarray(lengths)
    order = np.argsort(-lengths, kind="stable") if order is None else order(lengths)
    sizes = [int((lengths > t).sum()) for t in range(int(lengths.max()))]
    if rows:
        return np.concatenate([tokens[n, : lengths[n]] for n in order]), np.array(sizes)
    flat = [tokens[order[:b], t] for t, b in enumerate(sizes)]
    return np.concatenate(flat), np.array(sizes)


def _two_arrays(answer: Callable, tokens: Array, lengths: Array) -> Any:
    made = answer(tokens, lengths)
    if made is None or made is ...:
        return made
    if not isinstance(made, (tuple, list)) or len(made) != 2:
        raise AnswerError(f"expected a pair, the tokens and the sizes, got {kind(made)}")
    return tuple(np.asarray(part, float) for part in made)


exercise(
    "recurrent.pack",
    asks="a function pack(tokens, lengths) that returns the tokens by steps and the sizes",
    solution=_pack,
    inputs=lambda rng: (
        rng.integers(1, 60, (6, 9)),
        np.array([5, 9, 2, 7, 3, 8])[rng.permutation(6)],
    ),
    probe=_two_arrays,
    mistakes={
        "not sorted: the sentences that still run are then not the first rows": (
            lambda tokens, lengths: _pack(tokens, lengths, order=lambda n: np.arange(len(n)))
        ),
        "shortest first: the longest have to be the first rows": lambda tokens, lengths: _pack(
            tokens, lengths, order=lambda n: np.argsort(n, kind="stable")
        ),
        "sentence by sentence: a step needs the tokens of all that still run": (
            lambda tokens, lengths: _pack(tokens, lengths, rows=True)
        ),
        "lengths for sizes: the second is how many run at each step": lambda tokens, lengths: (
            _pack(tokens, lengths)[0],
            np.sort(lengths)[::-1],
        ),
        "padding packed: every row ends at its length": lambda tokens, lengths: (
            tokens[np.argsort(-np.asarray(lengths), kind="stable")].T.reshape(-1),
            np.full(tokens.shape[1], len(tokens)),
        ),
    },
)


def _batches(lengths: Array, batch_size: int, rng: np.random.Generator) -> list[Array]:
    order, batches = rng.permutation(len(lengths)), []
    for at in range(0, len(order), 16 * batch_size):
        pool = order[at : at + 16 * batch_size]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[k : k + batch_size] for k in range(0, len(pool), batch_size)]
    return [batches[k] for k in rng.permutation(len(batches))]


def _padding(lengths: Array, batches: list) -> float:
    return 1 - lengths.sum() / sum(len(b) * lengths[b].max() for b in batches)


def _drawn(answer: Callable, lengths: Array, seed: int) -> Any:
    """The batches of two passes, as lists of indices."""
    rng = np.random.default_rng(seed)
    passes = [answer(lengths.copy(), 8, rng) for _ in range(2)]
    if passes[0] is None or passes[0] is ...:
        return passes[0]
    if isinstance(passes[0], (str, bytes)) or not hasattr(passes[0], "__iter__"):
        raise AnswerError(f"expected a list of arrays of indices, got {kind(passes[0])}")
    return [[np.asarray(b) for b in batches] for batches in passes]


def _good_buckets(passes: Any, lengths: Array, seed: int) -> str | None:
    sets = []
    for batches in passes:
        if not batches or any(b.ndim != 1 or b.dtype.kind not in "iu" for b in batches):
            return "each batch should be a one-dimensional array of indices"
        if max(map(len, batches)) > 8:
            return "a batch is larger than batch_size"
        if not np.array_equal(np.sort(np.concatenate(batches)), np.arange(len(lengths))):
            return "every sentence should be in exactly one batch"
        sets.append({frozenset(b.tolist()) for b in batches})
    if len(sets[0] & sets[1]) > len(sets[0]) / 2:
        return "the second pass has the same batches as the first: shuffle before you sort"
    means = [lengths[b].mean() for b in passes[0]]
    if abs(np.corrcoef(means, np.arange(len(means)))[0, 1]) > 0.6:
        return "the batches come in the order of their lengths: shuffle the batches, too"
    share = np.mean([_padding(lengths, batches) for batches in passes])
    return None if share < 0.15 else f"{share:.0%} of all places are padding: 15 % is in reach"


exercise(
    "recurrent.buckets",
    asks="a function buckets(lengths, batch_size, rng) that returns a list of arrays of indices",
    solution=_batches,
    inputs=lambda rng: (rng.integers(1, 41, 800), int(rng.integers(1000))),
    probe=_drawn,
    accept=_good_buckets,
    mistakes={
        "not sorted: the batches are random": lambda lengths, batch_size, rng: np.array_split(
            rng.permutation(len(lengths)), len(lengths) // batch_size
        ),
        "always the same: nothing is shuffled before sorting": lambda lengths, batch_size, rng: [
            np.argsort(lengths, kind="stable")[k * batch_size : (k + 1) * batch_size]
            for k in rng.permutation(len(lengths) // batch_size)
        ],
        "shortest first: the batches are not shuffled": lambda lengths, batch_size, rng: sorted(
            _batches(lengths, batch_size, rng), key=lambda b: lengths[b].max()
        ),
        "sentences lost: the last batches are missing": lambda lengths, batch_size, rng: _batches(
            lengths, batch_size, rng
        )[:-3],
        "one sentence too many: a batch has at most batch_size": lambda lengths, batch_size, rng: (
            _batches(lengths, batch_size + 1, rng)
        ),
        "lengths in place of indices: the batches say where the sentences are": (
            lambda lengths, batch_size, rng: [
                lengths[b] for b in _batches(lengths, batch_size, rng)
            ]
        ),
    },
)
