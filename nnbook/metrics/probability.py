"""How good the probabilities are, not only the answers.

The curves of ROC and of precision and recall, calibration, perplexity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnbook.metrics._checks import as_array, finite
from nnbook.metrics.classification import class_numbers

Array = np.ndarray


def roc_curve(scores: Any, *, target: Any) -> tuple[Array, Array, Array]:
    """Return false positive rate, true positive rate and threshold, as the threshold falls.

    Book: :eq:`eq-roc`.

    Parameters
    ----------
    scores : array, any shape
        Larger means more likely positive. Any scale and dtype: only the order counts.
    target : array of that shape
        0 or 1.

    Returns
    -------
    fpr, tpr, thresholds : arrays, one entry for each distinct score and a first at infinity
        Examples with equal scores become positive together.

    Raises
    ------
    TypeError, ValueError
        If only one class occurs, because one of the two rates then has nothing to count; if scores
        are not finite real numbers, or not as many as targets.
    """
    tp, fp, thresholds = _rising(scores, target)
    fpr, tpr = np.append(0, fp / fp[-1]), np.append(0, tp / tp[-1])
    return fpr, tpr, np.append(np.inf, thresholds)


def auc(scores: Any, *, target: Any) -> float:
    """Return the area under the ROC curve.

    It is the probability that a positive example scores above a negative one; equal scores count
    half: :eq:`eq-auc` in the book. Arguments and errors as in `roc_curve`. Source: Hanley and
    McNeil (1982).

    >>> auc(np.array([0, 10, 200, 255], np.uint8), target=[0, 0, 1, 1])
    1.0
    """
    fpr, tpr, _ = roc_curve(scores, target=target)
    return float(np.trapezoid(tpr, fpr))


def precision_recall_curve(scores: Any, *, target: Any) -> tuple[Array, Array, Array]:
    """Return precision, recall and threshold, as the threshold falls.

    Book: :eq:`eq-precision-share` says how precision depends on the share of positives.
    Arguments and errors as in `roc_curve`.

    Returns
    -------
    precision, recall, thresholds : arrays, one entry for each distinct score
        All examples that score at least the threshold are taken for positive.
    """
    tp, fp, thresholds = _rising(scores, target)
    return tp / (tp + fp), tp / tp[-1], thresholds


def average_precision(scores: Any, *, target: Any) -> float:
    """Return Σₖ (Rₖ - Rₖ₋₁) Pₖ over the thresholds: the area under precision and recall, in steps.

    Book: :eq:`eq-average-precision`. Arguments and errors as in `roc_curve`.
    """
    precision, recall, _ = precision_recall_curve(scores, target=target)
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def _rising(scores: Any, target: Any) -> tuple[Array, Array, Array]:
    """Return the counts of true and false positives at each distinct score, from the largest."""
    scores, target = np.ravel(finite("scores", scores)), np.ravel(as_array("target", target))
    if scores.shape != target.shape:
        raise ValueError(f"expected as many scores as targets, got {scores.size} and {target.size}")
    if not np.array_equal(np.unique(target), [0, 1]):
        raise ValueError(f"expected a target with both 0 and 1, got the values {np.unique(target)}")
    order = np.argsort(scores, kind="stable")[::-1]  # -scores would wrap round in unsigned integers
    scores, positive = scores[order], target[order].astype(np.intp)
    last = np.append(np.nonzero(scores[1:] != scores[:-1])[0], len(scores) - 1)  # of equal ones
    tp = np.cumsum(positive)[last]
    return tp, 1 + last - tp, scores[last]


@dataclass(frozen=True)
class Calibration:
    """A reliability diagram: how often predictions of a given confidence are right, bin by bin.

    confidence and accuracy (M,) are the means within each bin, NaN where it is empty; count (M,) is
    its size.
    """

    confidence: Array
    accuracy: Array
    count: Array

    @property
    def ece(self) -> float:
        """Expected calibration error: Σₘ |Bₘ| / n · |accuracy(Bₘ) - confidence(Bₘ)|."""
        gap = np.abs(self.accuracy - self.confidence)
        return float(np.nansum(self.count * gap) / self.count.sum())


def calibration(probabilities: Any, *, target: Any, bins: int = 10) -> Calibration:
    """Compare confidence and accuracy in M bins (0, 1/M], (1/M, 2/M], … of equal width.

    Book: :eq:`eq-ece` is what the result's `ece` gives.

    Parameters
    ----------
    probabilities : array (..., V), or (...) for two classes
        With V classes, the confidence is the largest probability, and accuracy the share of right
        answers. For two classes, they are the probability and the share of class 1.
    target : array (...) of class numbers

    Notes
    -----
    Source: Guo, Pleiss, Sun and Weinberger (2017). 0 belongs to the first bin.
    """
    p, target = as_array("probabilities", probabilities), as_array("target", target)
    if bins < 1:
        raise ValueError(f"calibration expected at least 1 bin, got {bins}")
    if p.size == 0 or not (p.min() >= 0 and p.max() <= 1):
        raise ValueError("calibration expected probabilities from 0 to 1; apply softmax to scores")
    if p.shape == target.shape:
        confidence, right = p.ravel(), target.ravel()
        if not np.isin(right, [0, 1]).all():
            raise ValueError("calibration of one probability each expected a target of 0 and 1")
    else:
        if not np.allclose(p.sum(axis=-1, dtype=np.float64), 1, atol=1e-3):
            raise ValueError("calibration expected rows that sum to 1; apply softmax to scores")
        predicted, true, _ = class_numbers(p, target)
        confidence, right = p.max(axis=-1).ravel(), predicted == true
    index = np.searchsorted(np.arange(1, bins) / bins, confidence)
    count = np.bincount(index, minlength=bins)
    filled = np.where(count > 0, count, np.nan)
    means = [np.bincount(index, weights=w, minlength=bins) / filled for w in (confidence, right)]
    return Calibration(means[0], means[1], count)


def perplexity(loss: float) -> float:
    """Return e^loss, of a mean cross-entropy in nats per token: as unsure as among so many.

    Above 709 nats it is infinity: no float is as large.
    """
    as_array("perplexity", loss)
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf


def bits_per_character(loss: float) -> float:
    """Return loss / ln 2: a mean cross-entropy in nats per character, in bits.

    Book: :eq:`eq-generating-bits`.
    """
    as_array("bits_per_character", loss)
    return loss / math.log(2)
