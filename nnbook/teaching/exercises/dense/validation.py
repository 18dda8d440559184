"""Exercises of the chapter *Training, validation, test*: folds, and what must not leak into them."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _folds(n: int, k: int, rng: np.random.Generator, shuffle: bool = True) -> list:
    parts = np.array_split(rng.permutation(n) if shuffle else np.arange(n), k)
    return [(np.setdiff1d(np.arange(n), part), part) for part in parts]


def _good_folds(pairs: list, n: int, k: int, rng: np.random.Generator) -> str | None:
    if len(pairs) != k:
        return f"expected {k} pairs, got {len(pairs)}"
    train, rest = ([np.asarray(pair[i]).tolist() for pair in pairs] for i in (0, 1))
    if any(set(a) & set(b) for a, b in zip(train, rest)):
        return "a row is among the training and the validation rows of one fold"
    together = [row for part in rest for row in part]
    if sorted(together) != list(range(n)):
        return f"each row from 0 to {n - 1} must be a validation row exactly once"
    if any(sorted(a + b) != list(range(n)) for a, b in zip(train, rest)):
        return "in each fold every row is a training row or a validation row, and none twice"
    sizes = [len(part) for part in rest]
    if max(sizes) - min(sizes) > 1:
        return f"the folds may differ by one row, and have the sizes {sizes}"
    if together == list(range(n)) or sorted(map(tuple, map(sorted, rest))) == _in_order(n, k):
        return "the rows come in the order of the file: shuffle them"
    return None


def _in_order(n: int, k: int) -> list:
    return sorted(tuple(part.tolist()) for part in np.array_split(np.arange(n), k))


exercise(
    "dense.validation-folds",
    asks="a function folds(n, k, rng) that returns a list of k pairs of integer arrays",
    solution=_folds,
    inputs=lambda rng: (int(rng.integers(20, 30)) * 3 + 1, 5, np.random.default_rng(0)),
    accept=_good_folds,
    mistakes={
        "not shuffled: a sorted file would give folds without a class": lambda n, k, rng: _folds(
            n, k, rng, shuffle=False
        ),
        "the other way round: training rows come first in each pair": lambda n, k, rng: [
            (b, a) for a, b in _folds(n, k, rng)
        ],
        "all rows to train on: the validation rows have to be left out": lambda n, k, rng: [
            (np.arange(n), b) for _, b in _folds(n, k, rng)
        ],
        "the rest is lost: n need not be a multiple of k": lambda n, k, rng: [
            (np.setdiff1d(np.arange(n), part), part)
            for part in rng.permutation(n)[: n // k * k].reshape(k, -1)
        ],
        "a new shuffle for each fold: a row may then be validated twice and another never": (
            lambda n, k, rng: [
                (order[n // k :], order[: n // k])
                for order in (rng.permutation(n) for _ in range(k))
            ]
        ),
        "only the validation rows: give a pair for each fold": lambda n, k, rng: [
            b for _, b in _folds(n, k, rng)
        ],
    },
)

exercise(
    "dense.validation-price",
    asks="a function too_good(M, N) that returns a number",
    solution=lambda M, N: np.sqrt(np.log(M) / (2 * N)),
    inputs=lambda rng: (int(rng.integers(5, 90)), int(rng.integers(100, 900))),
    mistakes={
        "the accuracy and not the excess: leave out the one half": lambda M, N: (
            0.5 + np.sqrt(np.log(M) / (2 * N))
        ),
        "root forgotten, the luck falls with the root of N: take the root of the quotient": (
            lambda M, N: np.log(M) / (2 * N)
        ),
        "logarithm forgotten: the price grows with the logarithm of the looks": lambda M, N: (
            np.sqrt(M / (2 * N))
        ),
        "logarithm to base 10: the derivation has the natural one": lambda M, N: np.sqrt(
            np.log10(M) / (2 * N)
        ),
        "the 2 forgotten: it stands below, with N": lambda M, N: np.sqrt(np.log(M) / N),
        "M and N exchanged: more looks cost more, more examples less": lambda M, N: np.sqrt(
            np.log(N) / (2 * M)
        ),
    },
)


def _choose(n: int, m: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(m)]))


exercise(
    "dense.validation-missing",
    asks="a function missing(N, m, r) that returns a probability",
    solution=lambda N, m, r: _choose(N - r, m) / _choose(N, m),
    inputs=lambda rng: (int(rng.integers(50, 90)), int(rng.integers(5, 9)), 11),
    mistakes={
        "with repetition: a row that was drawn cannot be drawn again": lambda N, m, r: (
            (1 - r / N) ** m
        ),
        "the opposite: this is the probability that the class is there": lambda N, m, r: (
            1 - _choose(N - r, m) / _choose(N, m)
        ),
        "one draw: a fold has m rows": lambda N, m, r: 1 - r / N,
        "only the class: count the folds that avoid it, of N - r rows": lambda N, m, r: (
            _choose(r, m) / _choose(N, m)
        ),
        "not divided: of how many folds in all?": lambda N, m, r: _choose(N - r, m),
    },
)


def _columns(
    x: Array, t: Array, train: Array, count: int, scale: bool = True, centre: bool = True
) -> Array:
    x, t = x[train], t[train]
    if centre:
        x, t = x - x.mean(axis=0), t - t.mean()
    strength = x.T @ t
    if scale:
        strength = strength / np.sqrt((x**2).sum(axis=0))
    return np.sort(np.argsort(-np.abs(strength))[:count])


def _study(rng: np.random.Generator) -> tuple:
    """Return columns of different sizes and means, which follow the labels in some rows only."""
    t = rng.permutation(np.arange(40) % 2)
    x = rng.standard_normal((40, 30))
    train = np.sort(rng.permutation(40)[:24])
    out = np.setdiff1d(np.arange(40), train)
    x[:, 3:9] += np.outer(2 * t - 1, [1.1, -1.2, 1.3, -1.4, 1.5, -1.6])
    x[np.ix_(out, range(10, 16))] += 9 * (2 * t[out] - 1)[:, None]  # in the other rows alone
    x[:, 20:26] = 40 * x[:, 20:26] + 60
    return x, t, train, 4


exercise(
    "dense.validation-columns",
    asks="a function columns(x, t, train, count) that returns an integer array (count,)",
    solution=_columns,
    inputs=_study,
    mistakes={
        "all rows: only the training rows may have a say": lambda x, t, train, count: _columns(
            x, t, np.arange(len(x)), count
        ),
        "covariance: divide by the deviation, or the largest unit wins": lambda x, t, train, count: (
            _columns(x, t, train, count, scale=False)
        ),
        "without taking off the means: a large mean looks like a correlation": (
            lambda x, t, train, count: _columns(x, t, train, count, centre=False)
        ),
        "sign: a strong negative correlation is as useful": lambda x, t, train, count: np.sort(
            np.argsort(-_correlations(x, t, train))[:count]
        ),
        "the weakest: they are at the other end of the order": lambda x, t, train, count: np.sort(
            np.argsort(np.abs(_correlations(x, t, train)))[:count]
        ),
        "the other rows: those that are left out must not choose": lambda x, t, train, count: (
            _columns(x, t, np.setdiff1d(np.arange(len(x)), train), count)
        ),
    },
)


def _correlations(x: Array, t: Array, train: Array) -> Array:
    x, t = x[train] - x[train].mean(axis=0), t[train] - t[train].mean()
    return x.T @ t / np.sqrt((x**2).sum(axis=0))
