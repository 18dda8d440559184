"""Losses of numbers: how far outputs lie from the targets. Each is a mean over all it is given.

The target is a constant, so it is a keyword. A loss never broadcasts: (B, 1) against (B,) would
silently compare every output with every target. Those of probabilities are in `cross_entropy`.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._targets import like
from nnbook.ops._weighting import checked_weights, reduced, times
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def mean_squared_error(
    y: Input, *, target: Array, reduction: str = "mean", weights: Array | None = None
) -> tuple[Array, Pullback]:
    """Mean squared error: L = Σ (y - t)² / N. dL/dy = 2 (y - t) / N.

    y and target have one shape, any; N is their size. The unit is the square of the target's.
    Book: :eq:`eq-mean-squared-error`.

    Parameters
    ----------
    y : array, any shape
    target : array of y's shape
    reduction : {'mean', 'sum', 'none'}
        The mean, the sum, or an array with each.
    weights : array of y's shape, optional
        How much each counts, 0 or more. The mean is then Σ w ℓ / Σ w.

    Raises
    ------
    TypeError, ValueError
        If target or weights have another shape or are not of real numbers, or nothing counts.
    """
    name = "mean_squared_error"
    difference = y - like(name, y, target)
    weights = checked_weights(name, "weights", weights, y.shape, y.dtype)
    loss, factor = reduced(name, difference * difference, reduction, weights)
    return loss, lambda g: (times(difference, g, 2 * factor),)


@primitive
def mean_absolute_error(
    y: Input, *, target: Array, reduction: str = "mean", weights: Array | None = None
) -> tuple[Array, Pullback]:
    """Mean absolute error: L = Σ |y - t| / N. dL/dy = sign(y - t) / N, and 0 where they are equal.

    y and target have one shape, any; N is their size. The unit is the target's. Parameters and
    errors as in `mean_squared_error`. Book: :eq:`eq-mean-absolute-error`.
    """
    name = "mean_absolute_error"
    difference = y - like(name, y, target)
    weights = checked_weights(name, "weights", weights, y.shape, y.dtype)
    loss, factor = reduced(name, np.abs(difference), reduction, weights)
    return loss, lambda g: (times(np.sign(difference), g, factor),)


@primitive
def huber(
    y: Input,
    *,
    target: Array,
    delta: float = 1.0,
    reduction: str = "mean",
    weights: Array | None = None,
) -> tuple[Array, Pullback]:
    """Huber loss: d²/2 where |d| ≤ δ, else δ (|d| - δ/2), d = y - t; the mean of it.

    dL/dy = clip(d, -δ, δ) / N: squared error near the target, absolute error far from it. y and
    target have one shape, any; N is their size. Parameters and errors as in `mean_squared_error`,
    and δ has to be positive. Book: :eq:`eq-huber`. Source: Huber (1964).
    """
    if not delta > 0:
        raise ValueError(f"huber expected delta > 0, got {delta}")
    d = y - like("huber", y, target)
    clipped = np.clip(d, -delta, delta)
    weights = checked_weights("huber", "weights", weights, y.shape, y.dtype)
    loss, factor = reduced("huber", clipped * (d - 0.5 * clipped), reduction, weights)
    return loss, lambda g: (times(clipped, g, factor),)
