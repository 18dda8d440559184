"""The loss that asks for quantiles: between which numbers the target lies, and how often."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.ops._targets import like
from nnbook.ops._weighting import checked_weights, reduced, times
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def quantile_loss(
    y: Input,
    *,
    target: Array,
    quantiles: Any,
    reduction: str = "mean",
    weights: Array | None = None,
) -> tuple[Array, Pullback]:
    """Quantile (pinball) loss: ℓ = max(τ (t - y), (τ - 1) (t - y)), the mean over all entries of y.

    dL/dy = -τ / n where y < t, (1 - τ) / n where y > t, 0 where they are equal. y is (..., Q), one
    output for each of the Q quantiles τ, and the target (...) has one number for all of them; n is
    the size of y. Smallest where a share τ of the targets lies below y. The unit is the target's.
    Book: :eq:`eq-quantile-loss`. Source: Koenker and Bassett (1978).

    Parameters
    ----------
    y : array (..., Q)
    target : array (...)
    quantiles : Q numbers between 0 and 1
        τ of each output, in the order of the last axis.
    reduction, weights
        As in `mean_squared_error`; weights are (..., Q).

    Raises
    ------
    TypeError, ValueError
        If target or weights have another shape or are not of real numbers, or the quantiles are not
        as many as outputs, or not between 0 and 1.
    """
    name = "quantile_loss"
    tau = np.asarray(quantiles, dtype=np.float64)
    if y.ndim == 0 or tau.shape != y.shape[-1:]:
        raise ValueError(f"{name} expected y (..., Q) and Q quantiles, got {y.shape}, {tau.shape}")
    if not ((tau > 0) & (tau < 1)).all():
        raise ValueError(f"{name} expected quantiles between 0 and 1, got {tau}")
    target = np.asarray(target)
    if target.shape != y.shape[:-1]:
        raise ValueError(
            f"{name} expected a target {y.shape[:-1]} for outputs {y.shape}, got {target.shape}"
        )
    tau = tau.astype(y.dtype)
    d = like(name, y, np.broadcast_to(target[..., None], y.shape)) - y
    weights = checked_weights(name, "weights", weights, y.shape, y.dtype)
    loss, factor = reduced(name, np.maximum(tau * d, (tau - 1) * d), reduction, weights)
    slopes = np.where(d > 0, -tau, 1 - tau) * (d != 0)
    return loss, lambda g: (times(slopes, g, factor),)
