"""Temperature scaling: one number, found on validation rows, that corrects probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import as_array, finite
from nnbook.metrics.classification import class_numbers

Array = np.ndarray


def fit_temperature(logits: Any, *, target: Any) -> float:
    """Return the τ for which softmax(z / τ) has the smallest cross-entropy on these rows.

    With a = 1/τ the slope of the loss is the mean over the rows of Σₖ pₖ zₖ - z_target, which rises
    with a; halving an interval finds where it is zero. Book: :eq:`eq-temperature-slope`.

    Parameters
    ----------
    logits : array (..., V)
        Scores before the softmax, of rows that the network was not trained on.
    target : array (...) of class numbers

    Returns
    -------
    float
        τ, above 0. More than 1 says that the network was too sure, less than 1 not sure enough.

    Raises
    ------
    TypeError, ValueError
        If the logits are not finite or not one row of scores for each target, or a class number is
        none; if every answer is right, because the loss then falls for ever as τ goes to 0; if the
        scores are no better than none at all, because it then falls as τ grows.

    Notes
    -----
    Source: Guo, Pleiss, Sun and Weinberger (2017).

    Examples
    --------
    >>> z = np.log([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.9, 0.1]])
    >>> round(fit_temperature(z, target=[0, 0, 0, 1]), 6)  # says 0.9, is right with 0.75
    2.0
    """
    z, t = finite("fit_temperature: logits", logits), as_array("target", target)
    if z.ndim != t.ndim + 1 or t.size == 0:
        raise ValueError(
            f"fit_temperature expected logits (..., V) and a target (...), got {z.shape}, {t.shape}"
        )
    _, true, classes = class_numbers(z, t)
    z = z.reshape(-1, classes).astype(np.float64)
    z -= z[np.arange(len(true)), true][:, None]  # (N, V), 0 for the right class
    if z.max() <= 0:
        raise ValueError(
            f"fit_temperature: all {len(z)} answers are right, so no temperature above 0 has the "
            "smallest loss; use rows that the network was not trained on"
        )
    if _slope(z, 0.0) >= 0:
        raise ValueError(
            "fit_temperature: the scores are no better than equal ones, so the loss falls for ever "
            "as the temperature grows; are scores and targets of the same rows?"
        )
    low, high = 0.0, 1.0
    while _slope(z, high) < 0:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _slope(z, middle) < 0 else (low, middle)
    return 2 / (low + high)


def _slope(z: Array, a: float) -> float:
    """Return the slope of the loss of softmax(a z) by a, z (N, V) being 0 for the right class."""
    p = np.exp(a * (z - z.max(axis=1, keepdims=True)))
    return float(np.mean((p * z).sum(axis=1) / p.sum(axis=1)))
