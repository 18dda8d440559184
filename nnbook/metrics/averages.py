"""Precision, recall and F1: of each class, or averaged over the classes in one of four ways."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics.classification import class_numbers

Array = np.ndarray
AVERAGES = ("macro", "micro", "weighted", "binary", None)

#: Counts of more classes than this are kept for those that occur alone.
MANY = 10_000_000


def precision(
    outputs: Any, *, target: Any, average: str | None = "macro", threshold: float | None = None
) -> float | Array:
    """Return TP / (TP + FP): of the examples taken for a class, the share that belong to it.

    Book: :eq:`eq-precision-recall`; that the micro mean is the accuracy, :eq:`eq-micro`.

    Parameters
    ----------
    outputs : array (..., V) of scores, or (...) of class numbers
    target : array (...) of class numbers
    average : {'macro', 'micro', 'weighted', 'binary', None}
        The mean over the classes; that of all counts together; the mean weighted by how often each
        class is in the target; class 1 alone, of two; or an array (V,) with each class.
    threshold : float, optional
        As in `accuracy`.

    Raises
    ------
    ValueError
        If the average is none of these, or 'binary' with a class that is neither 0 nor 1.

    Notes
    -----
    A class never predicted has precision 0. One that is neither predicted nor in the target has
    NaN, and does not count in the mean: what scikit-learn does with `zero_division=0`.
    """
    right, predicted, true = _counts(outputs, target, threshold, average)
    return _averaged(right, predicted, predicted + true, true, average)


def recall(
    outputs: Any, *, target: Any, average: str | None = "macro", threshold: float | None = None
) -> float | Array:
    """Return TP / (TP + FN): of the examples of a class, the share that were found.

    Book: :eq:`eq-precision-recall`.

    Parameters, errors, and classes that do not occur, as in `precision`.
    """
    right, predicted, true = _counts(outputs, target, threshold, average)
    return _averaged(right, true, predicted + true, true, average)


def f1(
    outputs: Any, *, target: Any, average: str | None = "macro", threshold: float | None = None
) -> float | Array:
    """Return 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.

    Book: :eq:`eq-f1`.

    Parameters, errors, and classes that do not occur, as in `precision`.
    """
    right, predicted, true = _counts(outputs, target, threshold, average)
    return _averaged(2 * right, predicted + true, predicted + true, true, average)


def _counts(
    outputs: Any, target: Any, threshold: float | None, average: str | None
) -> tuple[Array, Array, Array]:
    """Return for each class how many were right (TP), predicted (TP + FP) and true (TP + FN)."""
    if average not in AVERAGES:
        known = ", ".join(map(repr, AVERAGES[:-1]))
        raise ValueError(f"expected an average of {known} or None, got {average!r}")
    predicted, true, classes = class_numbers(outputs, target, threshold)
    if average == "binary":
        if classes > 2:
            raise ValueError(f"average='binary' expected classes 0 and 1, got {classes} classes")
        classes = 2
    if classes > MANY:  # a count for each would not fit into memory
        if average is None:
            raise ValueError(
                f"average=None expected at most {MANY:,} classes, got {classes:,}; number the "
                "classes that occur from 0"
            )
        _, both = np.unique(np.concatenate([predicted, true]), return_inverse=True)
        predicted, true = np.split(both, 2)
        classes = int(both.max()) + 1
    right = np.bincount(true[predicted == true], minlength=classes)
    return right, np.bincount(predicted, minlength=classes), np.bincount(true, minlength=classes)


def _averaged(
    part: Array, whole: Array, occurs: Array, true: Array, average: str | None
) -> float | Array:
    if average == "micro":
        return float(part.sum() / whole.sum())
    share = np.where(occurs > 0, part / np.maximum(whole, 1), np.nan)
    if average is None:
        return share
    if average == "binary":
        return float(np.nan_to_num(share[1]))
    if average == "weighted":
        return float(np.average(np.nan_to_num(share), weights=true))
    return float(np.nanmean(share))
