"""Softmax and its logarithm: scores to probabilities, without overflow."""

from __future__ import annotations

import numpy as np

from nnbook.ops.reduction import largest
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def softmax(x: Input, *, axis: int = -1) -> tuple[Array, Pullback]:
    """Softmax: pₖ = exp xₖ / Σⱼ exp xⱼ along `axis`.

    ∂pₖ/∂xⱼ = pₖ ([k = j] - pⱼ), so dx = p (g - Σ g p). The largest score is subtracted first, which
    changes no probability and keeps every exponential at most 1. Book: :eq:`eq-softmax`.

    Parameters
    ----------
    x : array (..., V)
    axis : int

    Returns
    -------
    p : array of x's shape, positive, with sum 1 along `axis`

    Raises
    ------
    ValueError
        If the axis is not there or has no entry.
    """
    p = np.exp(x - largest("softmax", x, axis, keepdims=True))
    p /= p.sum(axis=axis, keepdims=True)

    def pullback(g: Array) -> tuple:
        return (p * (g - (g * p).sum(axis=axis, keepdims=True)),)

    return p, pullback


@primitive
def log_softmax(x: Input, *, axis: int = -1) -> tuple[Array, Pullback]:
    """Logarithm of softmax: y = x - ln Σ exp x along `axis`. dx = g - p Σ g, p = softmax x.

    Raises as `softmax` does. Book: :eq:`eq-logsumexp` is what is taken away.
    """
    shifted = x - largest("log_softmax", x, axis, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

    def pullback(g: Array) -> tuple:
        return (g - np.exp(y) * g.sum(axis=axis, keepdims=True),)

    return y, pullback


@primitive
def logsumexp(x: Input, *, axis: int = -1, keepdims: bool = False) -> tuple[Array, Pullback]:
    """Soft maximum: y = ln Σ exp x along `axis`. dx = g softmax x.

    The largest is taken out first, as in `softmax`, and what that refuses is refused here. Of
    nothing but -∞ it is -∞, and gives no gradient; with +∞ it is +∞, which gets all of it.
    Book: :eq:`eq-logsumexp`.
    """
    top = largest("logsumexp", x, axis, keepdims=True)
    endless = np.isinf(top)
    # ∞ - ∞ would be NaN: there only the entries that are +∞ themselves count
    e = np.where(endless, (x == top) & (top > 0), np.exp(x - np.where(endless, 0, top)))
    total = e.sum(axis=axis, keepdims=True)
    y = np.where(endless, top, np.log(np.where(total == 0, 1, total)) + top)

    def pullback(g: Array) -> tuple:
        g = g if keepdims else np.expand_dims(g, axis)
        return (g * (e / np.where(total == 0, 1, total)),)

    return (y if keepdims else y.squeeze(axis)), pullback
