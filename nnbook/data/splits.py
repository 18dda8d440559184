"""Dividing samples into parts: training, validation and test, plain or stratified.

Each function returns row numbers, not copies of the data, so that one split serves inputs, labels
and anything else that has a row for each sample:

    train, validation, test = split(len(x), (0.8, 0.1, 0.1), rng=rng)
    x[train], y[train]
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnbook.data._checks import check_rng, whole


def split(
    n: int, fractions: Sequence[float], *, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Divide n samples at random into parts that hold the given fractions of them.

    Part j ends at row round(n · (f₁ + … + f_j)) of a random order, so every sample is in exactly
    one part and each part is within one sample of its share.

    Parameters
    ----------
    n : int
        How many samples there are.
    fractions : sequence of float
        The share of each part; they add up to 1.
    rng : numpy.random.Generator
        Draws the order.

    Returns
    -------
    tuple of integer arrays
        The row numbers of each part.

    Raises
    ------
    ValueError
        If there are no samples, a fraction is not between 0 and 1, the fractions do not add up
        to 1, or a part would be empty.
    TypeError
        If n is not a whole number, or `rng` is not a Generator.

    Examples
    --------
    >>> train, test = split(10, (0.7, 0.3), rng=np.random.default_rng(0))
    >>> len(train), len(test), sorted([*train, *test]) == list(range(10))
    (7, 3, True)
    """
    check_rng("split", rng)
    n = check_samples("split", n)
    parts = np.split(rng.permutation(n), _cuts("split", n, fractions))
    for fraction, part in zip(fractions, parts):
        if len(part) == 0:
            raise ValueError(f"split: a fraction of {fraction} of {n} samples is no sample at all")
    return tuple(parts)


def stratified_split(
    labels: np.ndarray, fractions: Sequence[float], *, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Divide samples so that each class has the same share in every part.

    `split` within each class, then each part in a random order.

    Parameters
    ----------
    labels : integer or string array (N,)
        The class of each sample.
    fractions, rng
        As in `split`.

    Returns
    -------
    tuple of integer arrays
        The row numbers of each part.

    Raises
    ------
    ValueError
        As in `split`; also if the labels are not a vector or a part would miss a class.

    Examples
    --------
    >>> labels = np.array([0] * 8 + [1] * 4)
    >>> train, test = stratified_split(labels, (0.75, 0.25), rng=np.random.default_rng(0))
    >>> np.bincount(labels[train]), np.bincount(labels[test])
    (array([6, 3]), array([2, 1]))
    """
    by_class = rows_by_class("stratified_split", labels, rng)
    parts: list[list[np.ndarray]] = [[] for _ in fractions]
    for name, rows in by_class:
        pieces = np.split(rows, _cuts("stratified_split", len(rows), fractions))
        for fraction, part, piece in zip(fractions, parts, pieces):
            if len(piece) == 0:
                raise ValueError(
                    f"stratified_split: a fraction of {fraction} of the {len(rows)} samples of "
                    f"class {name} is no sample at all"
                )
            part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)


def rows_by_class(
    name: str, labels: np.ndarray, rng: np.random.Generator
) -> list[tuple[object, np.ndarray]]:
    """Return each class with its rows in a random order."""
    check_rng(name, rng)
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"{name} expected labels or groups of shape (N,), got {labels.shape}")
    check_samples(name, len(labels))
    classes = np.unique(labels)
    return [(c, rng.permutation(np.flatnonzero(labels == c))) for c in classes]


def _cuts(name: str, n: int, fractions: Sequence[float]) -> np.ndarray:
    """Return the rows at which all parts but the last end."""
    if len(fractions) == 0 or not all(0 < f <= 1 for f in fractions):
        raise ValueError(f"{name} expected fractions above 0 and at most 1, got {fractions}")
    total = math.fsum(fractions)
    if not math.isclose(total, 1, abs_tol=1e-6):
        raise ValueError(f"{name} expected fractions that add up to 1, got {fractions}: {total:g}")
    return np.rint(n * np.cumsum(fractions)[:-1]).astype(int)


def check_samples(name: str, n: int) -> int:
    """Return how many samples there are, if there is one."""
    n = whole(name, "n", n)
    if n < 1:
        raise ValueError(f"{name} expected at least one sample, got {n}")
    return n
