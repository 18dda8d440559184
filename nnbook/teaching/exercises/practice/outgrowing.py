"""Exercises of the chapter *Outgrowing one machine*."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "practice.parallel-combine",
    asks="a function combine(gradients, counts) that returns an array (P,)",
    solution=lambda gradients, counts: np.array(counts) / np.sum(counts) @ gradients,
    inputs=lambda rng: (rng.standard_normal((5, 7)), [3, 5, 13, 19, 24]),
    mistakes={
        "plain mean: a share with more rows counts more, weigh by its number of rows": (
            lambda gradients, counts: np.mean(gradients, axis=0)
        ),
        "sum of the shares' totals: the loss is a mean, so divide by all rows": (
            lambda gradients, counts: np.array(counts) @ gradients
        ),
        "divided once more: the weights already add up to one": (
            lambda gradients, counts: np.array(counts) / np.sum(counts) @ gradients / len(counts)
        ),
        "the wrong way: a share with more rows counts more, not less": lambda gradients, counts: (
            (1 / np.array(counts)) / (1 / np.array(counts)).sum() @ gradients
        ),
    },
)


def _most(C: float, m: float, round_: Callable[[float], float] | None = None) -> Any:
    best = np.sqrt(C / (2 * m))
    if round_ is not None:
        return round_(best)
    low = max(1, int(best))
    return min((low, low + 1), key=lambda K: C / K + 2 * m * K)


def _times(rng: np.random.Generator) -> tuple[float, float]:
    # between √(K(K+1)) and K + 1/2 the root is nearer to K, and K + 1 is nevertheless better
    K, m = int(rng.integers(2, 6)), float(rng.uniform(0.5, 2))
    place = rng.uniform(np.sqrt(K * (K + 1)) + 0.001, K + 0.499)
    return float(2 * m * place**2), m


exercise(
    "practice.parallel-most",
    asks="a function most(C, m) that returns a whole number of at least 1",
    solution=_most,
    inputs=_times,
    mistakes={
        "rounded down: the next number may be better, compare the two times": lambda C, m: max(
            1, int(_most(C, m, float))
        ),
        "not a whole number: there are no half workers": lambda C, m: _most(C, m, float),
        "the 2 is missing: values go out and gradients come back": lambda C, m: _most(2 * C, m),
        "no root: the derivative has K squared": lambda C, m: max(1, round(C / (2 * m))),
    },
)

exercise(
    "practice.parallel-undivided",
    asks="a function undivided(S, K) that returns a share between 0 and 1",
    solution=lambda S, K: (K / S - 1) / (K - 1),
    inputs=lambda rng: (float(rng.uniform(3.1, 5.9)), int(rng.integers(7, 20))),
    mistakes={
        "one over S: that is the limit for any number of workers, here there are K": (
            lambda S, K: 1 / S
        ),
        "the share that can be divided: the other one is asked for": (
            lambda S, K: 1 - (K / S - 1) / (K - 1)
        ),
        "lost part of the gain: 1 - S/K is not a share of one worker's work": (
            lambda S, K: 1 - S / K
        ),
        "one subtracted once: solve for the share with K/S - 1 above": lambda S, K: K / S / (K - 1),
    },
)


def _turn(held: Array, turn: int, step: int = 1, sign: int = -1, add: bool = True) -> Array:
    new, K = held.copy(), len(held)
    for k in range(K):
        p = (k + sign * turn) % K
        new[(k + step) % K, p] = held[k, p] + (held[(k + step) % K, p] if add else 0)
    return new


exercise(
    "practice.parallel-turn",
    asks="a function add_round(held, turn) that returns an array (K, K, m)",
    solution=_turn,
    inputs=lambda rng: (rng.standard_normal((5, 5, 3)), int(rng.integers(1, 3))),
    mistakes={
        "to the left: worker k sends to worker k + 1": lambda held, turn: _turn(held, turn, -1),
        "another piece: it is (k - turn) mod K, the piece that was added to in the round before": (
            lambda held, turn: _turn(held, turn, sign=1)
        ),
        "replaced: in the first half of the ring a piece is added to the neighbour's": (
            lambda held, turn: _turn(held, turn, add=False)
        ),
        "round 0 every time: which piece is sent depends on the round": (
            lambda held, turn: _turn(held, 0)
        ),
    },
)


def _rate(h: Array, delay: int) -> float:
    return float(2 * np.sin(np.pi / (2 * (2 * delay + 1))) / np.max(h))


exercise(
    "practice.parallel-rate",
    asks="a function largest_rate(h, K) that returns a number",
    solution=lambda h, K: _rate(h, K - 1),
    inputs=lambda rng: (rng.uniform(0.3, 4.7, 5), int(rng.integers(3, 9))),
    mistakes={
        "a delay of K: of K workers that take turns, the others come K - 1 times in between": (
            lambda h, K: _rate(h, K)
        ),
        "no delay: 2 / h is the bound for fresh gradients": lambda h, K: 2 / np.max(h),
        "the flattest direction: the steepest one diverges first": (
            lambda h, K: _rate(np.min(h), K - 1)
        ),
        "the sine left out: π / (2τ + 1) is its limit for long delays": (
            lambda h, K: np.pi / (2 * K - 1) / np.max(h)
        ),
    },
)


def _left(names: list[str], text: str, *, cut: bool = True, failed: bool = True) -> list[str]:
    done = set()
    for line in text.split("\n")[: -1 if cut else None]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if not failed or entry["value"] is not None:
            done.add(entry["name"])
    return [name for name in names if name not in done]


def _killed(rng: np.random.Generator) -> tuple[list[str], str]:
    names = [f"trial {i}" for i in range(9)]
    entries = [
        {"name": names[i], "value": None if j == 2 else round(float(rng.random()), 3)}
        for j, i in enumerate(rng.permutation(9)[:6])
    ]
    # the last line is whole but for its newline: it may be missing more
    return names, "\n".join(json.dumps(entry) for entry in entries)


exercise(
    "practice.parallel-left",
    asks="a function left(names, text) that returns a list of names",
    solution=_left,
    inputs=_killed,
    mistakes={
        "the cut line taken: without its newline it may not be complete": (
            lambda names, text: _left(names, text, cut=False)
        ),
        "failed ones left out: null is not a value, they have to be tried again": (
            lambda names, text: _left(names, text, failed=False)
        ),
        "what is done: the names that have no value are asked for": lambda names, text: [
            name for name in names if name not in _left(names, text)
        ],
        "in another order: keep the order of the names": lambda names, text: _left(names, text)[
            ::-1
        ],
    },
)
