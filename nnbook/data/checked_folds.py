"""Folds that are looked at before they are used: does each part hold every class?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

Fold = tuple[np.ndarray, np.ndarray]


def with_every_class(folds: Iterable[Fold], labels: np.ndarray) -> Iterator[Fold]:
    """Pass on the folds, and refuse one in which the training or the validation rows lack a class.

    A network cannot learn a class that it never saw, and recall or the area under a curve mean
    nothing where a class is missing. Plain and grouped folds, and rows in the order of a sorted
    file, may come to that; `stratified_k_fold` does not.

    Parameters
    ----------
    folds : iterable of pairs of integer arrays
        Training and validation rows, as from `k_fold` or `grouped_k_fold`.
    labels : integer or string array (N,)
        The class of each sample.

    Yields
    ------
    pair of integer arrays
        As they came.

    Raises
    ------
    ValueError
        If there is only one class in all, or a fold lacks one. It says which.

    Examples
    --------
    >>> labels = np.array([0, 0, 1, 1])
    >>> [list(rows) for rows in next(with_every_class([([0, 2], [1, 3])], labels))]
    [[0, 2], [1, 3]]
    """
    labels = np.asarray(labels)
    classes = np.unique(labels)
    if len(classes) < 2:
        raise ValueError(f"with_every_class expected two classes or more, got {classes.tolist()}")
    return _checked(folds, labels, classes)


def _checked(folds: Iterable[Fold], labels: np.ndarray, classes: np.ndarray) -> Iterator[Fold]:
    for number, (train, validation) in enumerate(folds, start=1):
        for what, rows in (("training", train), ("validation", validation)):
            missing = np.setdiff1d(classes, labels[rows])
            if len(missing):
                raise ValueError(
                    f"fold {number}: the {len(rows)} {what} rows have no sample of class "
                    f"{missing[0]}. Use stratified_k_fold, fewer folds, or larger groups of rows"
                )
        yield train, validation
