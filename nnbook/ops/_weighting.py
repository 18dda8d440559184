"""How the losses of single outputs become the loss: their mean, their sum, or each by itself.

Weights count some more than others; one of weight 0 is as if it were not there, whatever it is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.ops.counted import mean_of
from nnbook.tensor import Array

REDUCTIONS = ("mean", "sum", "none")


def mean(x: Array) -> Array:
    """Average all entries; the same as x.mean(), which takes three times as long to call."""
    return np.asarray(np.add.reduce(x, axis=None) / x.size)


def reduced(
    name: str, losses: Array, reduction: str, weights: Any = None, total: float | None = None
) -> tuple[Array, Any]:
    """Return the loss, and the factor with which each slope counts in its gradient.

    With weights w the mean is Σ w ℓ / Σ w, or Σ w ℓ / `total`. The weights have the losses' shape.
    """
    if weights is None and reduction == "mean":
        mean_of(losses.size)
        return mean(losses), 1 / losses.size
    if reduction not in REDUCTIONS:
        raise ValueError(f"{name} expected a reduction of {REDUCTIONS}, got {reduction!r}")
    if weights is None:
        return (losses, 1.0) if reduction == "none" else (np.asarray(losses.sum()), 1.0)
    losses = np.where(weights == 0, 0, losses) * weights
    if reduction == "none":
        return losses, weights
    if reduction == "sum":
        return np.asarray(losses.sum()), weights
    total = float(weights.sum()) if total is None else total
    if total == 0:
        raise ValueError(f"{name} expected a weight above 0, got none: nothing counts")
    mean_of(total)
    return np.asarray(losses.sum() / losses.dtype.type(total)), weights / weights.dtype.type(total)


def times(slopes: Array, g: Any, factor: Any) -> Array:
    """Return slopes · g · factor, and 0 where the factor is, whatever the slope.

    g is the cotangent of one loss, which may be a plain number, or of each.
    """
    scalar = np.ndim(g) == 0
    if isinstance(factor, float):
        return slopes * (float(g) * factor if scalar else g * slopes.dtype.type(factor))
    return np.where(factor == 0, 0, slopes) * (float(g) * factor if scalar else g * factor)


def checked_weights(
    name: str, what: str, weights: Any, shape: tuple[int, ...], dtype: np.dtype
) -> Array | None:
    """Return weights in the losses' dtype; refuse another shape, negative and endless ones."""
    if weights is None:
        return None
    weights = np.asarray(weights)
    if weights.shape != shape:
        raise ValueError(f"{name} expected {what} of shape {shape}, got {weights.shape}")
    if weights.dtype.kind not in "biuf":
        raise TypeError(f"{name} expected {what} of real numbers, got dtype {weights.dtype}")
    if weights.size and not (weights.min() >= 0 and weights.max() < math.inf):
        raise ValueError(
            f"{name} expected finite {what} of 0 or more, got {weights.min()} to {weights.max()}"
        )
    return weights.astype(dtype)
