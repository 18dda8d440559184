"""Exercises of the chapter *Tables and decisions*: thresholds, actions and what they cost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "dense.cost-threshold",
    asks="the probability, a number to three decimals",
    solution=80 / 880,
    tolerance=6e-3,
    mistakes={
        "the repair forgotten: an inspected machine that was about to fail costs 200": 0.08,
        "repair counted as a false alarm: if nothing was about to fail, there is none": 200 / 1000,
        "upside down: the cost of a false alarm stands on top": 800 / 880,
        "odds: a false alarm over a miss are the odds, divide by the sum": 80 / 800,
        "costs in place of differences: a miss costs 1,000 less what acting would cost": 80 / 1080,
        "one half: that is right only if both errors cost the same": 0.5,
        "percent: give a number between 0 and 1": 100 * 80 / 880,
    },
)


def _cheapest(P: Array, C: Array) -> Array:
    return (P @ C.T).argmin(axis=1)


def _cases(rng: np.random.Generator) -> tuple:
    # 40 rows, so that each mistake shows in at least one of them
    return rng.dirichlet(np.ones(3), 40), rng.uniform(0, 10, (4, 3)) ** 2


def _in_a_row(P: Array, C: Array, choose: Callable) -> Array:
    return np.array([choose(p, C) for p in P])


exercise(
    "dense.cheapest-action",
    asks="a function cheapest(P, C) that returns the number of an action for each row, (N,)",
    solution=_cheapest,
    inputs=_cases,
    mistakes={
        "the dearest: take the smallest expected cost": lambda P, C: (P @ C.T).argmax(axis=1),
        "for the likeliest class alone: all classes count, with their probability": lambda P, C: C[
            :, P.argmax(axis=1)
        ].argmin(axis=0),
        "the classes: the answer is an action, not a class": lambda P, C: P.argmax(axis=1),
        "the expected costs: ask where they are smallest": lambda P, C: P @ C.T,
        "the smallest cost: ask for its action": lambda P, C: (P @ C.T).min(axis=1),
        "the wrong axis: choose an action for each row": lambda P, C: (P @ C.T).argmin(axis=0),
        "careful to the end: this is the action whose worst case costs least": lambda P, C: (
            _in_a_row(P, C, lambda p, C: C.max(axis=1).argmin())
        ),
        "no probabilities: this is the action that costs least on average over the classes": (
            lambda P, C: _in_a_row(P, C, lambda p, C: C.mean(axis=1).argmin())
        ),
    },
)


def _saved(
    p: Array,
    t: Array,
    C: Array,
    c: Callable | None = None,
    rule: Callable = min,
    act: Callable | None = None,
) -> float:
    false_alarm, miss = C[1, 0] - C[0, 0], C[0, 1] - C[1, 1]
    threshold = false_alarm / (false_alarm + miss) if c is None else c(false_alarm, miss)
    a, t = (p > threshold).astype(int), t.astype(int)
    a = a if act is None else act(a)
    return float(rule(C[0, t].mean(), C[1, t].mean()) - C[a, t].mean())


def _priced(rng: np.random.Generator) -> tuple:
    p = rng.uniform(0.02, 0.98, 60)
    t = (rng.random(60) < p).astype(float)
    free, late = rng.uniform([1, 1], [3, 2])
    early = rng.uniform(6, 90)  # acting always is better than never, or the reverse
    C = np.array([[free, late + 30], [free + early, late]])
    return p, t, C


exercise(
    "dense.model-worth",
    asks="a function saved(p, t, C) that returns a number",
    solution=_saved,
    inputs=_priced,
    mistakes={
        "threshold of one half: it follows from the costs": lambda p, t, C: _saved(
            p, t, C, c=lambda a, m: 0.5
        ),
        "threshold upside down: the cost of a false alarm stands on top": lambda p, t, C: _saved(
            p, t, C, c=lambda a, m: m / (a + m)
        ),
        "odds for a threshold: divide by the sum of both costs": lambda p, t, C: _saved(
            p, t, C, c=lambda a, m: a / m
        ),
        "entries in place of differences: take off what the right action would cost": (
            lambda p, t, C: _saved(p, t, C, c=lambda a, m: C[1, 0] / (C[1, 0] + C[0, 1]))
        ),
        "the worse of the two rules: nobody would take that one": lambda p, t, C: _saved(
            p, t, C, rule=max
        ),
        "never acting: the other rule, always, may be the better one": lambda p, t, C: _saved(
            p, t, C, rule=lambda never, always: never
        ),
        "always acting: the other rule, never, may be the better one": lambda p, t, C: _saved(
            p, t, C, rule=lambda never, always: always
        ),
        "the model's cost alone: take it from that of the better rule": lambda p, t, C: (
            -_saved(p, t, C, rule=lambda never, always: 0.0)
        ),
        "waits where it should act: act above the threshold": lambda p, t, C: _saved(
            p, t, C, act=lambda a: 1 - a
        ),
    },
)


def _bills(p: Array, t: Array, c_fp: float, c_fn: float, cuts: Array) -> list[float]:
    acts = [p > cut for cut in cuts]
    return [float(np.mean(np.where(a, c_fp * (t == 0), c_fn * (t == 1)))) for a in acts]


def _lowest(p: Array, t: Array, c_fp: float, c_fn: float) -> float:
    return min(_bills(p, t, c_fp, c_fn, np.append(-np.inf, np.unique(p))))


def _apart(p: Array, t: Array, c_fp: float, c_fn: float) -> float:
    """Rows with equal p are taken apart, the best ones first."""
    order = np.lexsort((t, p))[::-1]
    hits = np.append(0, np.cumsum(t[order]))
    acted = np.arange(len(p) + 1)
    return float(np.min(c_fp * (acted - hits) + c_fn * (t.sum() - hits)) / len(p))


def _tied(rng: np.random.Generator) -> tuple:
    p = rng.integers(1, 10, 40) / 10
    t = (rng.random(40) < p).astype(float)
    c_fp, c_fn = rng.uniform(1, 2), rng.uniform(6, 9)
    return (p, t, c_fp, c_fn) if rng.random() < 0.5 else (p, t, c_fn, c_fp)


exercise(
    "dense.lowest-bill",
    asks="a function lowest_bill(p, t, c_fp, c_fn) that returns a number",
    solution=_lowest,
    inputs=_tied,
    mistakes={
        "the formula's threshold: on the rows given another one may be cheaper": (
            lambda p, t, c_fp, c_fn: _bills(p, t, c_fp, c_fn, [c_fp / (c_fp + c_fn)])[0]
        ),
        "threshold of one half: try all": lambda p, t, c_fp, c_fn: _bills(p, t, c_fp, c_fn, [0.5])[
            0
        ],
        "costs swapped: acting where t is 0 is the false alarm": lambda p, t, c_fp, c_fn: _lowest(
            p, t, c_fn, c_fp
        ),
        "the sum: divide by the number of rows": lambda p, t, c_fp, c_fn: (
            len(p) * _lowest(p, t, c_fp, c_fn)
        ),
        "the threshold: the bill was asked for": lambda p, t, c_fp, c_fn: float(
            np.append(-np.inf, np.unique(p))[
                np.argmin(_bills(p, t, c_fp, c_fn, np.append(-np.inf, np.unique(p))))
            ]
        ),
        "the highest bill: take the smallest": lambda p, t, c_fp, c_fn: max(
            _bills(p, t, c_fp, c_fn, np.append(-np.inf, np.unique(p)))
        ),
        "equal rows taken apart: a threshold treats rows with equal p alike": _apart,
        "acts below: act where p is above the threshold": lambda p, t, c_fp, c_fn: _lowest(
            -p, t, c_fp, c_fn
        ),
    },
)
