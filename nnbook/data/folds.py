"""Dividing samples into k folds: plain, stratified, or by groups. Cross-validation walks over them.

As in `splits`, what is returned are row numbers, not copies of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnbook.data._checks import check_rng, whole
from nnbook.data.splits import check_samples, rows_by_class


def k_fold(n: int, k: int, *, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield k pairs of training and validation rows; each sample is in validation once.

    Parameters
    ----------
    n, k : int
        How many samples, and how many folds, 2 ≤ k ≤ n. The folds differ by at most one sample.
    rng : numpy.random.Generator
        Draws the order.

    Yields
    ------
    pair of integer arrays
        The training rows and the validation rows.

    Raises
    ------
    ValueError
        If there are no samples, fewer than 2 folds, or more folds than samples.
    TypeError
        If n or k is not a whole number, or `rng` is not a Generator.

    Examples
    --------
    >>> [len(validation) for _, validation in k_fold(7, 3, rng=np.random.default_rng(0))]
    [3, 2, 2]
    """
    check_rng("k_fold", rng)
    n = check_samples("k_fold", n)
    k = _check_folds("k_fold", k, n, "samples")
    return _pairs(np.array_split(rng.permutation(n), k))


def stratified_k_fold(
    labels: np.ndarray, k: int, *, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield k pairs of training and validation rows, each fold with the same share of each class.

    The samples, class by class, are dealt to the folds like cards. So two folds differ by at most
    one sample, in all and in each class.

    Parameters
    ----------
    labels : integer or string array (N,)
        The class of each sample.
    k, rng
        As in `k_fold`.

    Yields
    ------
    pair of integer arrays
        The training rows and the validation rows.

    Raises
    ------
    ValueError
        As in `k_fold`; also if the labels are not a vector or a class has fewer than k samples.

    Examples
    --------
    >>> labels = np.array([0] * 6 + [1] * 3)
    >>> folds = stratified_k_fold(labels, 3, rng=np.random.default_rng(0))
    >>> [np.bincount(labels[validation]).tolist() for _, validation in folds]
    [[2, 1], [2, 1], [2, 1]]
    """
    by_class = rows_by_class("stratified_k_fold", labels, rng)
    for name, rows in by_class:
        k = _check_folds("stratified_k_fold", k, len(rows), f"samples of class {name}")
    deck = np.concatenate([rows for _, rows in by_class])
    return _pairs([rng.permutation(deck[fold::k]) for fold in range(k)])


def grouped_k_fold(
    groups: np.ndarray, k: int, *, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield k pairs of training and validation rows that never divide a group.

    Rows that belong together (the visits of one patient, the pages of one writer) lie in the same
    fold, so that nothing of what is validated was seen in training. The groups, in a random order
    and then the largest first, each go into the fold that has the fewest rows so far. A group with
    more rows than N / k makes its fold that much larger.

    Parameters
    ----------
    groups : integer or string array (N,)
        The group of each sample.
    k, rng
        As in `k_fold`.

    Yields
    ------
    pair of integer arrays
        The training rows and the validation rows.

    Raises
    ------
    ValueError
        As in `k_fold`; also if the groups are not a vector, or fewer than k.

    Examples
    --------
    >>> patients = np.array(["ann", "ann", "bob", "eve", "eve", "eve"])
    >>> folds = grouped_k_fold(patients, 2, rng=np.random.default_rng(0))
    >>> [sorted(set(patients[validation].tolist())) for _, validation in folds]
    [['eve'], ['ann', 'bob']]
    """
    by_group = [rows for _, rows in rows_by_class("grouped_k_fold", groups, rng)]
    k = _check_folds("grouped_k_fold", k, len(by_group), "groups")
    folds: list[list[np.ndarray]] = [[] for _ in range(k)]
    sizes = np.zeros(k, int)
    drawn = [by_group[n] for n in rng.permutation(len(by_group))]
    for rows in sorted(drawn, key=len, reverse=True):
        smallest = int(sizes.argmin())
        folds[smallest].append(rows)
        sizes[smallest] += len(rows)
    return _pairs([rng.permutation(np.concatenate(fold)) for fold in folds])


def _pairs(folds: list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for i, validation in enumerate(folds):
        yield np.concatenate(folds[:i] + folds[i + 1 :]), validation


def _check_folds(name: str, k: int, n: int, what: str) -> int:
    k = whole(name, "k", k)
    if k < 2:
        raise ValueError(f"{name} expected at least 2 folds, got {k}")
    if k > n:
        raise ValueError(f"{name} cannot make {k} folds of {n} {what}")
    return k
