"""Exercises of the chapter *Normalization* on its statistics: running, counted, merged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise


def _running(
    batches: list,
    momentum: float,
    ddof: int = 1,
    first: float = 1.0,
    flip: bool = False,
    keep: bool = True,
    power: float = 1.0,
) -> tuple:
    new = 1 - momentum if flip else momentum
    D = batches[0].shape[1]
    mean, variance = np.zeros(D), np.full(D, first)
    for batch in batches:
        old = 1 - new if keep else 1.0
        mean = old * mean + new * batch.mean(axis=0)
        variance = old * variance + new * batch.var(axis=0, ddof=ddof) ** power
    return mean, variance


def _started(batches: list, momentum: float) -> tuple:
    mean, variance = batches[0].mean(axis=0), batches[0].var(axis=0, ddof=1)
    for batch in batches[1:]:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
        variance = (1 - momentum) * variance + momentum * batch.var(axis=0, ddof=1)
    return mean, variance


exercise(
    "dense.norm-running",
    asks="a function running(batches, momentum) that returns two arrays (D,)",
    solution=_running,
    inputs=lambda rng: ([1 + rng.standard_normal((n, 3)) for n in (5, 7, 9, 11)], 0.2),
    mistakes={
        "biased variance: it stands for the data, so divide by B - 1": lambda batches, momentum: (
            _running(batches, momentum, ddof=0)
        ),
        "momentum turned round: it is the share of the new batch": lambda batches, momentum: (
            _running(batches, momentum, flip=True)
        ),
        "variance started at zero: it starts at one": lambda batches, momentum: _running(
            batches, momentum, first=0.0
        ),
        "started with the first batch: the mean starts at zero and the variance at one": (
            lambda batches, momentum: _started(batches, momentum)
        ),
        "the old value whole: it keeps the share 1 - momentum": lambda batches, momentum: _running(
            batches, momentum, keep=False
        ),
        "deviation: the running value is a variance": lambda batches, momentum: _running(
            batches, momentum, power=0.5
        ),
        "the last batch only: the old values are kept in part": lambda batches, momentum: (
            batches[-1].mean(axis=0),
            batches[-1].var(axis=0, ddof=1),
        ),
        "all rows at once: the batches come one after the other": lambda batches, momentum: (
            np.concatenate(batches).mean(axis=0),
            np.concatenate(batches).var(axis=0, ddof=1),
        ),
        "wrong axis: the rows are examples, each feature has a mean over axis 0": (
            lambda batches, momentum: (
                sum(batch.mean(axis=1) for batch in batches),
                sum(batch.var(axis=1) for batch in batches),
            )
        ),
    },
)


def _means(kind: str, shape: tuple, groups: int) -> int:
    B, C, _, _ = shape
    return {"batch": C, "group": B * groups, "instance": B * C}[kind]


def _table_of_means(answer: Callable) -> list:
    return [
        int(answer(kind, shape, groups))
        for kind in ("batch", "group", "instance")
        for shape, groups in (((3, 8, 5, 7), 4), ((5, 6, 9, 11), 2))
    ]


exercise(
    "dense.norm-count",
    asks="a function means(kind, shape, groups) that returns a whole number",
    solution=_means,
    inputs=lambda rng: (),
    probe=_table_of_means,
    mistakes={
        "one for each pixel: all pixels of a channel share a mean": lambda kind, shape, groups: (
            _means(kind, shape, groups) * shape[2] * shape[3]
        ),
        "batch forgotten: every example has its own groups": lambda kind, shape, groups: {
            "batch": shape[1],
            "group": groups,
            "instance": shape[1],
        }[kind],
        "batch norm for each example: its means run over the batch": lambda kind, shape, groups: (
            _means("instance" if kind == "batch" else kind, shape, groups)
        ),
        "a mean for each example: batch norm has one for each channel": lambda kind, shape, groups: (
            shape[0] if kind == "batch" else _means(kind, shape, groups)
        ),
        "channels in a group: each group has one mean": lambda kind, shape, groups: (
            shape[0] * shape[1] // groups if kind == "group" else _means(kind, shape, groups)
        ),
        "one for the batch: each channel has its own": lambda kind, shape, groups: (
            1 if kind == "batch" else _means(kind, shape, groups)
        ),
        "variances, too: only the means are asked for": lambda kind, shape, groups: (
            2 * _means(kind, shape, groups)
        ),
    },
)


def _merge(parts: list, between: bool = True, weighted: bool = True) -> tuple:
    counts = np.array([count for count, _, _ in parts], float)
    if not weighted:
        counts = np.ones_like(counts)
    means = np.array([mean for _, mean, _ in parts])
    variances = np.array([variance for _, _, variance in parts])
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(axis=0)
    return mean, (share * (variances + between * (means - mean) ** 2)).sum(axis=0)


def _parts(rng: np.random.Generator) -> tuple:
    rows = [rng.standard_normal((n, 3)) + rng.standard_normal(3) for n in (3, 5, 11)]
    return ([(len(x), x.mean(axis=0), x.var(axis=0)) for x in rows],)


exercise(
    "dense.norm-merge",
    asks="a function merge(parts) that returns mean and variance, (D,) each",
    solution=_merge,
    inputs=_parts,
    mistakes={
        "variance of the means forgotten: the batches differ from each other": lambda parts: _merge(
            parts, between=False
        ),
        "all batches counted alike: weight each by its number of rows": lambda parts: _merge(
            parts, weighted=False
        ),
        "variances only between batches: the rows vary within them, too": lambda parts: (
            _merge(parts)[0],
            _merge(parts)[1] - _merge(parts, between=False)[1],
        ),
        "squared mean not taken off: a variance is the mean square less the squared mean": (
            lambda parts: (
                _merge(parts)[0],
                _merge(parts)[1] + _merge(parts)[0] ** 2,
            )
        ),
        "variances added up: they are weighted and averaged": lambda parts: (
            _merge(parts)[0],
            sum(variance for _, _, variance in parts),
        ),
        "distance from a plain mean: it is measured from the common one": lambda parts: (
            _merge(parts)[0],
            _merge(parts)[1] + (_merge(parts)[0] - _merge(parts, weighted=False)[0]) ** 2,
        ),
    },
)
