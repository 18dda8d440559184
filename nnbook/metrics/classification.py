"""How many answers are right, and which are taken for which.

Where a metric wants classes it takes either scores (..., V), of which the largest counts, or class
numbers.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def class_numbers(outputs: Array, target: Array) -> tuple[Array, Array]:
    """Return predicted and true class numbers, both flat."""
    outputs, target = np.asarray(outputs), np.asarray(target)
    if outputs.ndim == target.ndim + 1 and outputs.shape[-1] > 0:
        if outputs.dtype.kind == "f" and np.isnan(outputs).any():
            raise ValueError(
                f"expected scores {outputs.shape} that are numbers, got NaN among them"
            )
        outputs = outputs.argmax(axis=-1)
    if outputs.shape != target.shape:
        raise ValueError(
            "expected class numbers of the target's shape, or scores with one more axis, "
            f"got {outputs.shape} for a target {target.shape}"
        )
    if target.size == 0:
        raise ValueError(f"expected at least one example, got a target of shape {target.shape}")
    for name, a in (("predicted", outputs), ("target", target)):
        if a.dtype.kind not in "iub" or a.min() < 0:
            raise ValueError(f"expected {name} class numbers from 0, got {a.dtype} from {a.min()}")
    return outputs.ravel().astype(np.intp), target.ravel().astype(np.intp)


def accuracy(outputs: Array, *, target: Array) -> float:
    """Return the share of examples whose predicted class is the true one.

    outputs (..., V) scores or (...) class numbers, target (...) class numbers.

    >>> accuracy([0, 1, 1, 2], target=[0, 1, 2, 2])
    0.75
    """
    predicted, true = class_numbers(outputs, target)
    return float(np.mean(predicted == true))


def confusion_matrix(outputs: Array, *, target: Array, classes: int | None = None) -> Array:
    """Count M[i, j], the examples of class i that were taken for class j.

    Parameters
    ----------
    outputs : array (..., V) of scores, or (...) of class numbers
    target : array (...) of class numbers
    classes : int, optional
        V. By default the number of scores, or one more than the largest class number.

    Returns
    -------
    M : integer array (V, V)
    """
    predicted, true = class_numbers(outputs, target)
    largest = max(predicted.max(), true.max())
    if classes is None:
        scores = np.ndim(outputs) > np.ndim(target)
        classes = max(np.shape(outputs)[-1] if scores else 0, largest + 1)
    if largest >= classes:
        raise ValueError(f"expected classes from 0 to {classes - 1}, got {largest}")
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def precision(outputs: Array, *, target: Array, average: str | None = "macro") -> float | Array:
    """Return TP / (TP + FP): of the examples taken for a class, the share that belong to it.

    Parameters
    ----------
    average : 'macro' or None
        The mean over the classes, or an array (V,) with each.

    Notes
    -----
    A class never predicted has precision 0. One that is neither predicted nor in the target has
    NaN, and does not count in the mean: what scikit-learn does with `zero_division=0`.
    """
    right, predicted, true = _counts(outputs, target)
    return _averaged(right, predicted, predicted + true, average)


def recall(outputs: Array, *, target: Array, average: str | None = "macro") -> float | Array:
    """Return TP / (TP + FN): of the examples of a class, the share that were found.

    `average` and classes that do not occur as in `precision`.
    """
    right, predicted, true = _counts(outputs, target)
    return _averaged(right, true, predicted + true, average)


def f1(outputs: Array, *, target: Array, average: str | None = "macro") -> float | Array:
    """Return 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.

    `average` and classes that do not occur as in `precision`.
    """
    right, predicted, true = _counts(outputs, target)
    return _averaged(2 * right, predicted + true, predicted + true, average)


def _counts(outputs: Array, target: Array) -> tuple[Array, Array, Array]:
    """Return for each class how many were right (TP), predicted (TP + FP) and true (TP + FN)."""
    M = confusion_matrix(outputs, target=target)
    return M.diagonal(), M.sum(axis=0), M.sum(axis=1)


def _averaged(part: Array, whole: Array, occurs: Array, average: str | None) -> float | Array:
    share = np.where(occurs > 0, part / np.maximum(whole, 1), np.nan)
    if average is None:
        return share
    if average != "macro":
        raise ValueError(f"expected average='macro' or None, got {average!r}")
    return float(np.nanmean(share))
