"""Losses: one number for how wrong the outputs are. Each is a mean over everything it is given.

The target is a constant, so it is a keyword. A loss never broadcasts: (B, 1) against (B,) would
silently compare every output with every target.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._sums import row_max, row_sums
from nnbook.ops._targets import check_labels, check_probabilities, like
from nnbook.ops.activation import logistic
from nnbook.ops.counted import mean_of
from nnbook.tensor import Array, Input, Pullback, primitive


def _mean(x: Array) -> Array:
    """Average all entries; the same as x.mean(), which takes three times as long to call."""
    return np.asarray(np.add.reduce(x, axis=None) / x.size)


@primitive
def mean_squared_error(y: Input, *, target: Array) -> tuple[Array, Pullback]:
    """Mean squared error: L = Σ (y - t)² / n. dL/dy = 2 (y - t) / n.

    y and target have one shape, any; n is their size. The unit is the square of the target's.
    Book: :eq:`eq-mean-squared-error`.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape or is not of real numbers.
    """
    difference = y - like("mean_squared_error", y, target)
    return _mean(difference * difference), lambda g: (difference * (g * (2 / y.size)),)


@primitive
def mean_absolute_error(y: Input, *, target: Array) -> tuple[Array, Pullback]:
    """Mean absolute error: L = Σ |y - t| / n. dL/dy = sign(y - t) / n, and 0 where they are equal.

    y and target have one shape, any; n is their size. The unit is the target's.
    Book: :eq:`eq-mean-absolute-error`.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape or is not of real numbers.
    """
    difference = y - like("mean_absolute_error", y, target)
    return _mean(np.abs(difference)), lambda g: (np.sign(difference) * (g / y.size),)


@primitive
def huber(y: Input, *, target: Array, delta: float = 1.0) -> tuple[Array, Pullback]:
    """Huber loss: d²/2 where |d| ≤ δ, else δ (|d| - δ/2), d = y - t; the mean of it.

    dL/dy = clip(d, -δ, δ) / n: squared error near the target, absolute error far from it. y and
    target have one shape, any; n is their size. Book: :eq:`eq-huber`. Source: Huber (1964).

    Raises
    ------
    TypeError, ValueError
        If the target has another shape or is not of real numbers, or δ is not positive.
    """
    if not delta > 0:
        raise ValueError(f"huber expected delta > 0, got {delta}")
    d = y - like("huber", y, target)
    clipped = np.clip(d, -delta, delta)
    return _mean(clipped * (d - 0.5 * clipped)), lambda g: (clipped * (g / y.size),)


@primitive
def binary_cross_entropy(p: Input, *, target: Array) -> tuple[Array, Pullback]:
    """Binary cross-entropy of probabilities: L = -Σ (t ln p + (1 - t) ln(1 - p)) / n.

    dL/dp = ((1 - t) / (1 - p) - t / p) / n. p and the target t have one shape, any; n is their
    size. Infinite where p is 0 or 1 and wrong (PyTorch stops the logarithm at -100); training uses
    `binary_cross_entropy_with_logits`, which is finite. Book: :eq:`eq-binary-cross-entropy`.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape or is not of real numbers, or it or p lies outside [0, 1].
    """
    t = like("binary_cross_entropy", p, target)
    check_probabilities("binary_cross_entropy", "p", p)
    check_probabilities("binary_cross_entropy", "target", t)
    # A term that t counts as nothing is nothing, even where its logarithm is infinite.
    with np.errstate(divide="ignore"):
        one, zero = np.where(t > 0, np.log(p), 0), np.where(t < 1, np.log1p(-p), 0)
    loss = np.asarray(-np.mean(t * one + (1 - t) * zero))

    def pullback(g: Array) -> tuple:
        with np.errstate(divide="ignore"):
            dp = np.divide(1 - t, 1 - p, where=t < 1, out=np.zeros_like(p))
            dp -= np.divide(t, p, where=t > 0, out=np.zeros_like(p))
        return (dp * (g / p.size),)

    return loss, pullback


@primitive
def binary_cross_entropy_with_logits(z: Input, *, target: Array) -> tuple[Array, Pullback]:
    """Binary cross-entropy of σ(z): L = Σ (max(z, 0) - z t + ln(1 + e^-|z|)) / n.

    dL/dz = (σ(z) - t) / n. Equal to `binary_cross_entropy(sigmoid(z))`, and finite for every z.
    Book: :eq:`eq-binary-cross-entropy-logits`.

    Parameters
    ----------
    z : array, any shape
        Logits, before the sigmoid.
    target : array of z's shape
        0 or 1, or a probability between.

    Raises
    ------
    TypeError, ValueError
        If the target has another shape, is not of real numbers, or lies outside [0, 1].
    """
    t = like("binary_cross_entropy_with_logits", z, target)
    check_probabilities("binary_cross_entropy_with_logits", "target", t)
    losses = np.log1p(np.exp(-np.abs(z)))
    losses += np.maximum(z, 0)
    losses -= z * t

    def pullback(g: Array) -> tuple:
        dz = logistic(z)
        dz -= t
        dz *= float(g) / z.size
        return (dz,)

    return _mean(losses), pullback


@primitive
def categorical_cross_entropy(p: Input, *, target: Array) -> tuple[Array, Pullback]:
    """Cross-entropy of probabilities: L = -Σₙ ln p[n, tₙ] / N.

    dL/dp[n, k] = -1 / (N p[n, k]) where k is tₙ, else 0.

    p is (..., V), target (...) holds class numbers, N is their count. Infinite where p is 0 at the
    target. Training uses `softmax_cross_entropy`, which takes the scores and never computes ln 0.
    Book: :eq:`eq-categorical-cross-entropy`.

    Raises
    ------
    TypeError, ValueError
        If labels have a wrong dtype, shape or range, or p lies outside [0, 1].
    """
    if p.ndim == 0:
        raise ValueError("categorical_cross_entropy expected p (..., V), got a single number")
    target = check_labels("categorical_cross_entropy", target, p.shape[:-1], p.shape[-1])
    check_probabilities("categorical_cross_entropy", "p", p)
    chosen = np.take_along_axis(p, target[..., None], axis=-1)
    with np.errstate(divide="ignore"):
        loss = np.asarray(-np.mean(np.log(chosen)))

    def pullback(g: Array) -> tuple:
        dp = np.zeros_like(p)
        with np.errstate(divide="ignore"):
            np.put_along_axis(dp, target[..., None], -(g / target.size) / chosen, axis=-1)
        return (dp,)

    return loss, pullback


@primitive
def softmax_cross_entropy(
    z: Input, *, target: Array, mask: Array | None = None, smoothing: float = 0.0
) -> tuple[Array, Pullback]:
    """Softmax and cross-entropy in one: L = Σₙ (ln Σₖ exp z[n, k] - Σₖ q[n, k] z[n, k]) / N.

    q is 1 at the target and 0 elsewhere; with label smoothing ε it is (1 - ε) of that plus ε / V
    everywhere. dL/dz = (softmax(z) - q) / N.
    Book: :eq:`eq-softmax-cross-entropy`, with smoothing :eq:`eq-label-smoothing`.

    Parameters
    ----------
    z : array (..., V)
        Scores (logits), any finite values.
    target : integer array (...)
        The right class of each, 0 to V - 1.
    mask : boolean array (...), optional
        True = counts. The mean is over the positions that count; N is their number.
    smoothing : float in [0, 1)
        ε, of Szegedy et al. (2016).

    Raises
    ------
    TypeError, ValueError
        If labels or mask have a wrong dtype, shape or range, or the mask counts nothing.
    """
    if z.ndim == 0:
        raise ValueError("softmax_cross_entropy expected scores (..., V), got a single number")
    if not 0 <= smoothing < 1:
        raise ValueError(f"softmax_cross_entropy expected 0 ≤ smoothing < 1, got {smoothing}")
    V = z.shape[-1]
    target = check_labels("softmax_cross_entropy", target, z.shape[:-1], V).reshape(-1)
    z2 = z.reshape(-1, V)  # (N, V)
    rows = np.arange(len(z2))
    p = z2 - row_max(z2)[:, None]
    right = p[rows, target]
    if smoothing:
        right = (1 - smoothing) * right + smoothing * p.mean(axis=1)
    np.exp(p, out=p)
    total = row_sums(p)  # (N,)
    p /= total[:, None]
    losses = np.log(total) - right  # (N,)

    if mask is None:
        mean_of(len(z2))
        loss, weight = _mean(losses), 1 / len(z2)
    else:
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != z.shape[:-1]:
            raise ValueError(
                f"softmax_cross_entropy expected a boolean mask of shape {z.shape[:-1]}, "
                f"got {mask.dtype} {mask.shape}"
            )
        counted = int(mask.sum())
        if counted == 0:
            raise ValueError("softmax_cross_entropy: the mask counts nothing")
        mean_of(counted)
        weights = mask.reshape(-1, 1).astype(z.dtype) / z.dtype.type(counted)
        loss, weight = np.asarray(losses @ weights[:, 0]), weights

    def pullback(g: Array) -> tuple:
        dz = p - smoothing / V if smoothing else p.copy()
        dz[rows, target] -= 1 - smoothing
        dz *= g * weight
        return (dz.reshape(z.shape),)

    return loss, pullback
