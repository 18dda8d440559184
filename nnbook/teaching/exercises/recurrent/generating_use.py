"""Exercises of *Generating text*: both cuts, a mixture, memory, a unit that tracks something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _cut(
    p: Array, k: int, share: float, *, turn: bool = False, reach: bool = True, again: bool = True
) -> Array:
    p = np.asarray(p, float)
    order = np.argsort(-p, kind="stable")
    ranked = p[order].copy()
    if not turn:
        ranked[k:] = 0
        ranked /= ranked.sum()
    upto = np.cumsum(ranked)
    kept = upto - ranked < share if reach else upto <= share
    kept[0] = True
    ranked[~kept] = 0
    if turn:
        ranked[k:] = 0
    q = np.zeros_like(p)
    q[order] = ranked / ranked.sum() if again else ranked
    return q


def _sorted_cut(p: Array, k: int, share: float) -> Array:
    q = _cut(p, k, share)
    return q[np.argsort(-p, kind="stable")]


exercise(
    "recurrent.cut",
    asks="a function cut(p, k, share) that returns probabilities (V,)",
    solution=_cut,
    inputs=lambda rng: (rng.permutation([0.22, 0.2, 0.17, 0.13, 0.11, 0.08, 0.05, 0.04]), 6, 0.79),
    mistakes={
        "one too few: the character that reaches the share is kept too": (
            lambda p, k, share: _cut(p, k, share, reach=False)
        ),
        "not scaled again: what is left has to sum to 1": (
            lambda p, k, share: _cut(p, k, share, again=False)
        ),
        "not put back: each probability stays at its character's place": _sorted_cut,
        "share of all: the share is of what top-k has left, scaled to sum 1": (
            lambda p, k, share: _cut(p, k, share, turn=True)
        ),
        "top-k alone: cut to the share as well": lambda p, k, share: _cut(p, k, 2.0),
        "no probability below the share: it is the sum that has to reach it": (
            lambda p, k, share: np.where(p >= share * p.max(), p, 0) / p[p >= share * p.max()].sum()
        ),
    },
)


def _weight(p: Any, q: Any, rounds: int = 3000) -> float:
    p, q, w = np.asarray(p, float), np.asarray(q, float), 0.5
    for _ in range(rounds):
        w = float(np.mean(w * p / (w * p + (1 - w) * q)))
    return w


def _drawn_guesses(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return what two models gave to 200 characters; the first is right more often."""
    first = rng.random(200) < rng.uniform(0.55, 0.7)
    return tuple(
        np.where(right, rng.uniform(0.3, 0.9, 200), rng.uniform(0.01, 0.3, 200))
        for right in (first, ~first)
    )


exercise(
    "recurrent.mixture-weight",
    asks="a number between 0 and 1 from a function weight(p, q)",
    solution=_weight,
    inputs=_drawn_guesses,
    tolerance=2e-3,
    mistakes={
        "the other one's: w is the weight of p": lambda p, q: 1 - _weight(p, q),
        "one round: go on until the weight stays": lambda p, q: _weight(p, q, 1),
        "share of the wins: it matters by how much one of them is better": (
            lambda p, q: np.mean(p > q)
        ),
        "winner takes all: a mixture of both is better than either": (
            lambda p, q: float(np.log(p).sum() > np.log(q).sum())
        ),
        "in proportion to the means: one bad guess costs more than a good one brings": (
            lambda p, q: p.mean() / (p.mean() + q.mean())
        ),
        "half and half: the better one deserves more": lambda p, q: 0.5,
    },
)


def _ratio(invented: Sequence[str], training: Sequence[str], test: Sequence[str]) -> float:
    on = [sum(name in known for name in invented) / len(known) for known in (training, test)]
    return on[0] / on[1]


def _drawn_names(rng: np.random.Generator) -> tuple[list[str], list[str], list[str]]:
    """Return drawn names, some of them more than once, and two lists without a common name."""
    letters = list("abcdefghijk")
    names = ["".join(rng.choice(letters, 4)) for _ in range(120)]
    names = list(dict.fromkeys(names))
    training, test = names[:70], names[70:93]
    invented = [*rng.choice(training, 41), *rng.choice(test, 7), *rng.choice(names[93:], 13)]
    return [str(n) for n in rng.permutation(invented)], training, test


exercise(
    "recurrent.memory-ratio",
    asks="a number from a function memory_ratio(invented, training, test) of three lists of names",
    solution=_ratio,
    inputs=_drawn_names,
    mistakes={
        "not per name: a longer list is hit more often": lambda invented, training, test: (
            sum(n in training for n in invented) / sum(n in test for n in invented)
        ),
        "each name once: a name that is drawn again is a hit again": (
            lambda invented, training, test: _ratio(sorted(set(invented)), training, test)
        ),
        "upside down: the hits on the training names are the numerator": (
            lambda invented, training, test: 1 / _ratio(invented, training, test)
        ),
        "no comparison: a share of training names alone cannot tell memory from knowledge": (
            lambda invented, training, test: np.mean([n in training for n in invented])
        ),
        "share of the real ones: divide the hits per name by one another": (
            lambda invented, training, test: (
                sum(n in training for n in invented)
                / sum(n in training or n in test for n in invented)
            )
        ),
    },
)


def _correlations(C: Array, y: Array, *, centre: bool = True) -> Array:
    C, y = np.asarray(C, float), np.asarray(y, float)
    if centre:
        C, y = C - C.mean(axis=0), y - y.mean()
    return C.T @ y / np.sqrt((C**2).sum(axis=0) * (y**2).sum())


def _best_unit(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    k = int(np.abs(_correlations(C, y)).argmax())
    return k, _correlations(C_new, y_new)[k]


def _absolute(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    k, r = _best_unit(C, y, C_new, y_new)
    return k, abs(r)


def _on_training(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    return _best_unit(C, y, C, y)


def _on_new(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    return _best_unit(C_new, y_new, C_new, y_new)


def _largest(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    k = int(_correlations(C, y).argmax())
    return k, _correlations(C_new, y_new)[k]


def _not_centred(C: Array, y: Array, C_new: Array, y_new: Array) -> tuple[int, float]:
    k = int(np.abs(_correlations(C, y, centre=False)).argmax())
    return k, _correlations(C_new, y_new, centre=False)[k]


def _drawn_cells(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Return cells and a label twice: the best one falls, and on new text another is the best."""
    parts = []
    for strength in ((-1.4, 0.9, 0.2), (-0.7, 0.8, 1.5)):
        y = rng.uniform(0, 30, 83)
        C = rng.standard_normal((83, 7)) + 3 * np.arange(7)
        for k, s in zip((4, 1, 5), strength):
            C[:, k] += s * (y - 15) / 9
        parts += [C, y]
    return tuple(parts)


exercise(
    "recurrent.best-unit",
    asks="a pair from a function best_unit(C, y, C_new, y_new): a unit's number, its correlation",
    solution=_best_unit,
    inputs=_drawn_cells,
    mistakes={
        "chosen on the new text: what is looked for there is found there": _on_new,
        "measured on the old text: the best of many looks too good where it was chosen": _on_training,
        "only rising ones: a unit that falls along the line tracks it as well": _largest,
        "means left in: subtract the means before multiplying": _not_centred,
        "without its sign: the unit falls, so its correlation is negative": _absolute,
    },
)
