"""Losses of one probability each: binary cross-entropy, of probabilities and of logits.

The target is a constant, so it is a keyword. Like the other losses they never broadcast.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._targets import check_probabilities, like
from nnbook.ops._weighting import checked_weights, reduced, times
from nnbook.ops.activation import logistic_of
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def binary_cross_entropy(
    p: Input, *, target: Array, reduction: str = "mean", weights: Array | None = None
) -> tuple[Array, Pullback]:
    """Binary cross-entropy of probabilities: L = -Σ (t ln p + (1 - t) ln(1 - p)) / n.

    dL/dp = ((1 - t) / (1 - p) - t / p) / n. p and the target t have one shape, any; n is their
    size. Infinite where p is 0 or 1 and wrong (PyTorch stops the logarithm at -100); training uses
    `binary_cross_entropy_with_logits`, which is finite. `reduction` and `weights` as in
    `mean_squared_error`. Book: :eq:`eq-binary-cross-entropy`.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape or is not of real numbers, or it or p lies outside [0, 1].
    """
    name = "binary_cross_entropy"
    t = like(name, p, target)
    check_probabilities(name, "p", p)
    check_probabilities(name, "target", t)
    weights = checked_weights(name, "weights", weights, p.shape, p.dtype)
    # A term that t counts as nothing is nothing, even where its logarithm is infinite.
    with np.errstate(divide="ignore"):
        one, zero = np.where(t > 0, np.log(p), 0), np.where(t < 1, np.log1p(-p), 0)
    loss, factor = reduced(name, -(t * one + (1 - t) * zero), reduction, weights)

    def pullback(g: Array) -> tuple:
        with np.errstate(divide="ignore"):
            dp = np.divide(1 - t, 1 - p, where=t < 1, out=np.zeros_like(p))
            dp -= np.divide(t, p, where=t > 0, out=np.zeros_like(p))
        return (times(dp, g, factor),)

    return loss, pullback


@primitive
def binary_cross_entropy_with_logits(
    z: Input,
    *,
    target: Array,
    reduction: str = "mean",
    weights: Array | None = None,
    pos_weight: float | Array | None = None,
) -> tuple[Array, Pullback]:
    """Binary cross-entropy of σ(z): L = Σ (max(z, 0) - z t + ln(1 + e^-|z|)) / n.

    dL/dz = (σ(z) - t) / n. Finite for every finite z, and equal to
    `binary_cross_entropy(sigmoid(z))` wherever σ(z) is not rounded to 1 (from z = 17 on in float32,
    37 in float64): there that one is infinite for t = 0, and this one z.
    Book: :eq:`eq-binary-cross-entropy-logits`, with `pos_weight` :eq:`eq-pos-weight`.

    Parameters
    ----------
    z : array, any shape
        Logits, before the sigmoid.
    target : array of z's shape
        0 or 1, or a probability between.
    reduction, weights
        As in `mean_squared_error`.
    pos_weight : float, or array (D,) for z (..., D), optional
        P, how much the term of a positive example counts: ℓ = -P t ln σ(z) - (1 - t) ln(1 - σ(z)),
        whose slope is σ(z) (P t + 1 - t) - P t. The mean still divides by n, as in PyTorch.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape, is not of real numbers, or lies outside [0, 1]; if a weight
        has another shape or is negative.
    """
    name = "binary_cross_entropy_with_logits"
    t = like(name, z, target)
    check_probabilities(name, "target", t)
    weights = checked_weights(name, "weights", weights, z.shape, z.dtype)
    e = np.exp(-np.abs(z))
    losses = np.log1p(e)
    losses += np.maximum(z, 0)
    if pos_weight is None:
        losses -= z * t
    else:  # ln(1 + e^z) (1 - t) + ln(1 + e^-z) P t, and ln(1 + e^-z) = ln(1 + e^z) - z
        shape = () if np.ndim(pos_weight) == 0 else z.shape[-1:]
        positive = checked_weights(name, "pos_weight", pos_weight, shape, z.dtype) * t  # P t
        losses = losses * (1 - t + positive) - z * positive
    loss, factor = reduced(name, losses, reduction, weights)

    def pullback(g: Array) -> tuple:
        dz = logistic_of(z, e)
        if pos_weight is None:
            dz -= t
        else:
            dz = dz * (1 - t + positive) - positive
        return (times(dz, g, factor),)

    return loss, pullback
