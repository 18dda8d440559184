"""Exercises of the chapter *Training, validation, test*: splits by groups, and when to stop."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _by_groups(groups: Array, share: float, rng: np.random.Generator) -> tuple:
    names = rng.permutation(np.unique(groups))
    test = np.isin(groups, names[: round(share * len(names))])
    return np.flatnonzero(~test), np.flatnonzero(test)


def _divided(pair: tuple, groups: Array, share: float, rng: np.random.Generator) -> str | None:
    train, test = (np.asarray(rows).tolist() for rows in pair)
    if sorted(train + test) != list(range(len(groups))):
        return f"each of the {len(groups)} rows must be on one side, and on one only"
    common = set(groups[train]) & set(groups[test])
    if common:
        return f"group {min(common)} is on both sides"
    names = np.unique(groups)
    wanted, got = round(share * len(names)), len(set(groups[test]))
    if got != wanted:
        return f"expected {wanted} of {len(names)} groups in the test rows, got {got}"
    if set(groups[test]) in (set(names[:got]), set(names[-got:])):
        return "the groups are not drawn at random: these are the first or the last ones"
    return None


exercise(
    "dense.validation-groups",
    asks="a function group_split(groups, share, rng) that returns two integer arrays",
    solution=_by_groups,
    inputs=lambda rng: (rng.integers(0, 9, 70) ** 2, 0.33, np.random.default_rng(1)),
    accept=_divided,
    mistakes={
        "rows in place of groups: rows of one group then stand on both sides": (
            lambda groups, share, rng: (lambda order: (order[23:], order[:23]))(
                rng.permutation(len(groups))
            )
        ),
        "the other way round: training rows first": lambda groups, share, rng: _by_groups(
            groups, share, rng
        )[::-1],
        "names and not rows: return the numbers of the rows": lambda groups, share, rng: (
            lambda names: (names[3:], names[:3])
        )(rng.permutation(np.unique(groups))),
        "not drawn: the first groups in order may differ from the rest": (
            lambda groups, share, rng: (
                np.flatnonzero(~np.isin(groups, np.unique(groups)[:3])),
                np.flatnonzero(np.isin(groups, np.unique(groups)[:3])),
            )
        ),
        "masks: return row numbers, as np.flatnonzero gives them": lambda groups, share, rng: (
            lambda test: (~test, test)
        )(np.isin(groups, rng.permutation(np.unique(groups))[:3])),
    },
)


def _stop(losses: list, patience: int, strict: bool = True, late: int = 0) -> tuple:
    best = epoch = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1] or (not strict and loss == losses[best - 1]):
            best = epoch
        if epoch - best == patience + late:
            break
    return best, epoch


def _against_the_last(losses: list, patience: int) -> tuple:
    waited, best, epoch = 0, 1, 1
    for epoch, loss in enumerate(losses, start=1):
        if epoch > 1 and loss >= losses[epoch - 2]:
            waited += 1
        else:
            waited, best = 0, epoch
        if waited == patience:
            break
    return best, epoch


def _never_reset(losses: list, patience: int) -> tuple:
    best, waited, epoch = 1, 0, 1
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < losses[best - 1]:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            break
    return best, epoch


def _losses(rng: np.random.Generator) -> tuple:
    """Return losses that wiggle, stand still once, and find their lowest value after the stop."""
    jitter = 0.01 * float(rng.random())
    losses = [
        2.0,
        1.5,
        1.7,
        1.2,
        1.4,
        1.3,
        1.1,
        1.1,
        1.4,
        1.35,
        1.5,
        0.9,
        0.8,
        0.85,
        0.9,
        0.95,
        0.7,
    ]
    return [loss + jitter for loss in losses], 3


exercise(
    "dense.validation-stop",
    asks="a function stop(losses, patience) that returns a pair of epochs, best and last",
    solution=_stop,
    inputs=_losses,
    mistakes={
        "it saw the future: the lowest loss of all may come after the stop": lambda losses, p: (
            int(np.argmin(losses)) + 1,
            len(losses),
        ),
        "counted from zero: the first epoch is number 1": lambda losses, p: tuple(
            epoch - 1 for epoch in _stop(losses, p)
        ),
        "one epoch too late: stop when the patience is used up": lambda losses, p: _stop(
            losses, p, late=1
        ),
        "equal is no improvement: a new lowest value has to be lower": lambda losses, p: _stop(
            losses, p, strict=False
        ),
        "compared with the epoch before: compare with the lowest so far": _against_the_last,
        "patience not renewed: each new lowest value begins the count again": _never_reset,
        "the other way round: the best epoch comes first": lambda losses, p: _stop(losses, p)[::-1],
    },
)
