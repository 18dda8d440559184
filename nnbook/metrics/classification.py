"""How many answers are right, and which are taken for which.

Where a metric wants classes it takes either scores (..., V), of which the largest counts, or class
numbers. With two classes a network often gives a single score; `threshold` then says from where on
it means class 1: 0.5 for probabilities, 0 for logits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import as_array

Array = np.ndarray

#: A confusion matrix of more classes than this would not fit into memory.
MOST_CLASSES = 20_000


def class_numbers(
    outputs: Any, target: Any, threshold: float | None = None
) -> tuple[Array, Array, int]:
    """Return predicted and true class numbers, both flat, and how many classes there are.

    The number of classes is that of the scores; without scores it is one more than the largest
    class number.
    """
    outputs, target = as_array("outputs", outputs), as_array("target", target)
    classes = 0
    if outputs.dtype.kind == "f" and np.isnan(outputs).any():
        raise ValueError(f"expected scores {outputs.shape} that are numbers, got NaN among them")
    if threshold is not None:
        outputs, classes = _above(outputs, target, threshold), 2
    elif outputs.ndim == target.ndim + 1 and outputs.shape[-1] > 0:
        classes = outputs.shape[-1]
        if classes == 1:  # the largest of one score is always the first
            raise ValueError(
                f"expected scores of two classes or more, got {outputs.shape}: for one score each "
                "say threshold=0.5 (probabilities) or threshold=0 (logits)"
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
            raise ValueError(
                f"expected {name} class numbers from 0, got {a.dtype} from {a.min()}"
                + ("; scores of two classes need a threshold=" if name == "predicted" else "")
            )
    largest = int(max(outputs.max(), target.max()))
    if classes and largest >= classes:
        raise ValueError(f"expected classes from 0 to {classes - 1}, got {largest}")
    flat = outputs.ravel().astype(np.intp), target.ravel().astype(np.intp)
    return *flat, classes or largest + 1


def _above(scores: Array, target: Array, threshold: float) -> Array:
    """Return 1 where a score lies above the threshold; a last axis of length 1 counts as none."""
    if scores.shape == (*target.shape, 1):
        scores = scores[..., 0]
    if scores.shape != target.shape:
        raise ValueError(
            "a threshold expected one score for each target, "
            f"got {scores.shape} for a target {target.shape}"
        )
    return (scores > threshold).astype(np.intp)


def accuracy(outputs: Any, *, target: Any, threshold: float | None = None) -> float:
    """Return the share of examples whose predicted class is the true one.

    Parameters
    ----------
    outputs : array (..., V) of scores, or (...) of class numbers
    target : array (...) of class numbers
    threshold : float, optional
        The outputs are one score each, (...) or (..., 1), and mean class 1 above it.

    Raises
    ------
    TypeError, ValueError
        If there is no example, shapes do not fit, scores are NaN or a single column without a
        threshold, or a class number is none.

    Examples
    --------
    >>> accuracy([0, 1, 1, 2], target=[0, 1, 2, 2])
    0.75
    """
    predicted, true, _ = class_numbers(outputs, target, threshold)
    return float(np.mean(predicted == true))


def binary_accuracy(outputs: Any, *, target: Any, threshold: float = 0.5) -> float:
    """Return the share of right answers of a network with one output for two classes.

    `accuracy` with a threshold: 0.5 for probabilities, as here, 0 for logits.

    >>> binary_accuracy([[0.9], [0.8], [0.1]], target=[1, 1, 0])
    1.0
    """
    return accuracy(outputs, target=target, threshold=threshold)


def top_k_accuracy(outputs: Any, *, target: Any, k: int = 5) -> float:
    """Return the share of examples whose true class is among the k with the largest scores.

    A class that ties with the k-th largest counts as found only if fewer than k classes score
    higher or as high and come before it, so k = 1 is `accuracy`.

    Parameters
    ----------
    outputs : array (..., V) of scores
    target : array (...) of class numbers
    k : int
        From 1 to V.
    """
    scores, target = as_array("outputs", outputs), as_array("target", target)
    _, true, classes = class_numbers(scores, target)
    if scores.ndim != target.ndim + 1 or not 1 <= k <= classes:
        raise ValueError(
            f"expected scores (..., V) and k from 1 to V, got {scores.shape} and k = {k}"
        )
    scores = scores.reshape(-1, classes)  # (N, V)
    own = scores[np.arange(len(true)), true][:, None]  # (N, 1)
    before = np.arange(classes) < true[:, None]
    rank = np.sum((scores > own) | ((scores == own) & before), axis=1)
    return float(np.mean(rank < k))


def confusion_matrix(
    outputs: Any, *, target: Any, classes: int | None = None, threshold: float | None = None
) -> Array:
    """Count M[i, j], the examples of class i that were taken for class j.

    Book: :eq:`eq-confusion`.

    Parameters
    ----------
    outputs : array (..., V) of scores, or (...) of class numbers
    target : array (...) of class numbers
    classes : int, optional
        V. By default the number of scores, or one more than the largest class number.
    threshold : float, optional
        As in `accuracy`.

    Returns
    -------
    M : integer array (V, V)
    """
    predicted, true, found = class_numbers(outputs, target, threshold)
    classes, largest = classes or found, max(predicted.max(), true.max())
    if largest >= classes:
        raise ValueError(f"expected classes from 0 to {classes - 1}, got {largest}")
    if classes > MOST_CLASSES:
        raise ValueError(
            f"expected at most {MOST_CLASSES:,} classes, got {classes:,}: their matrix has "
            f"{classes**2:,} entries; number the classes that occur from 0"
        )
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)
