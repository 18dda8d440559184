"""Losses of class probabilities: cross-entropy, of the probabilities and of scores.

The target is a constant, so it is a keyword. Like the other losses they never broadcast.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nnbook.ops._sums import row_max, row_sums
from nnbook.ops._targets import check_labels, check_probabilities, shares
from nnbook.ops._weighting import checked_weights, reduced, times
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def categorical_cross_entropy(
    p: Input, *, target: Array, reduction: str = "mean", weights: Array | None = None
) -> tuple[Array, Pullback]:
    """Cross-entropy of probabilities: L = -Σₙ ln p[n, tₙ] / N.

    dL/dp[n, k] = -1 / (N p[n, k]) where k is tₙ, else 0.

    p is (..., V), target (...) holds class numbers, N is their count; weights are (...). Infinite
    where p is 0 at the target. Training uses `softmax_cross_entropy`, which takes the scores and
    never computes ln 0. Book: :eq:`eq-categorical-cross-entropy`.

    Raises
    ------
    TypeError, ValueError
        If labels have a wrong dtype, shape or range, or p lies outside [0, 1].
    """
    name = "categorical_cross_entropy"
    if p.ndim == 0:
        raise ValueError(f"{name} expected p (..., V), got a single number")
    target = check_labels(name, target, p.shape[:-1], p.shape[-1])
    check_probabilities(name, "p", p)
    weights = checked_weights(name, "weights", weights, target.shape, p.dtype)
    chosen = np.take_along_axis(p, target[..., None], axis=-1)[..., 0]
    with np.errstate(divide="ignore"):
        loss, factor = reduced(name, -np.log(chosen), reduction, weights)

    def pullback(g: Array) -> tuple:
        dp = np.zeros_like(p)
        with np.errstate(divide="ignore"):
            slopes = times(-1 / chosen, g, factor)
        np.put_along_axis(dp, target[..., None], slopes[..., None], axis=-1)
        return (dp,)

    return loss, pullback


@primitive
def softmax_cross_entropy(
    z: Input,
    *,
    target: Array,
    mask: Array | None = None,
    smoothing: float = 0.0,
    reduction: str = "mean",
    weights: Array | None = None,
    class_weights: Array | None = None,
) -> tuple[Array, Pullback]:
    """Softmax and cross-entropy in one: L = Σₙ (ln Σₖ exp z[n, k] - Σₖ q[n, k] z[n, k]) / N.

    q is 1 at the target and 0 elsewhere; with label smoothing ε it is (1 - ε) of that plus ε / V
    everywhere. dL/dz = (softmax(z) - q) / N.
    Book: :eq:`eq-softmax-cross-entropy`, with smoothing :eq:`eq-label-smoothing`.

    Parameters
    ----------
    z : array (..., V)
        Scores (logits), any finite values; in positions that do not count, any at all.
    target : integer array (...), or array (..., V)
        The right class of each, 0 to V - 1; or the probability q of every class, such as one-hot.
    mask : boolean array (...), optional
        True = counts. The mean is over the positions that count; N is their number.
    smoothing : float in [0, 1)
        ε, of Szegedy et al. (2016).
    reduction, weights
        As in `mean_squared_error`, of shape (...).
    class_weights : array (V,), optional
        w, how much each class counts: ℓₙ = -Σₖ wₖ q[n, k] ln p[n, k], and the mean divides by
        Σₙ w[tₙ] in the place of N, as in PyTorch (with probabilities as the target by N).

    Raises
    ------
    TypeError, ValueError
        If target, mask or weights have a wrong dtype, shape or range, or nothing counts.
    """
    name = "softmax_cross_entropy"
    if z.ndim == 0:
        raise ValueError(f"{name} expected scores (..., V), got a single number")
    if not 0 <= smoothing < 1:
        raise ValueError(f"{name} expected 0 ≤ smoothing < 1, got {smoothing}")
    V, shape = z.shape[-1], z.shape[:-1]
    labels = np.shape(target) != z.shape  # else the probability of every class
    if labels:
        target = check_labels(name, target, shape, V).reshape(-1)
    else:
        target = shares(name, z, target).reshape(-1, V)
    z2 = z.reshape(-1, V)  # (N, V)
    each = _counting(name, mask, weights, shape, z.dtype)  # (N,)
    counts = None if each is None else np.flatnonzero(each)
    if each is not None:  # the others may hold anything, so they are left out of all that follows
        z2, target, each = z2[counts], target[counts], each[counts]

    w = checked_weights(name, "class_weights", class_weights, (V,), z.dtype)
    total = None
    if labels and w is None:
        losses, slopes = _of_labels(z2, target, smoothing)
    else:
        q = np.eye(V, dtype=z.dtype)[target] if labels else target
        q = (1 - smoothing) * q + smoothing / V
        losses, slopes = _of_shares(z2, q if w is None else q * w)
        if w is not None:
            each = np.ones(len(z2), z.dtype) if each is None else each
            total = float(each @ w[target] if labels else each.sum())
    loss, factor = reduced(name, losses, reduction, each, total)

    def pullback(g: Array) -> tuple:
        if np.ndim(g) == 0:
            factors = float(g) * factor
        else:  # of losses that were given one by one
            g = g.reshape(-1) if counts is None else g.reshape(-1)[counts]
            factors = g * factor
        dz = slopes()
        dz *= factors if isinstance(factors, float) else factors[:, None].astype(z.dtype)
        return (_put_back(dz, counts, z.shape),)

    return loss if loss.ndim == 0 else _put_back(loss, counts, shape), pullback


def _of_labels(z: Array, target: Array, smoothing: float) -> tuple[Array, Callable[[], Array]]:
    """Return the losses (N,) of scores (N, V) and classes (N,), and what gives their slopes."""
    rows = np.arange(len(z))
    p = z - row_max(z)[:, None]
    right = p[rows, target]
    if smoothing:
        right = (1 - smoothing) * right + smoothing * p.mean(axis=1)
    np.exp(p, out=p)
    sums = row_sums(p)  # (N,)
    p /= sums[:, None]

    def slopes() -> Array:
        dz = p - smoothing / z.shape[1] if smoothing else p.copy()
        dz[rows, target] -= 1 - smoothing
        return dz

    return np.log(sums) - right, slopes


def _of_shares(z: Array, q: Array) -> tuple[Array, Callable[[], Array]]:
    """Return -Σₖ q[n, k] ln p[n, k] of scores (N, V), and what gives its slopes Σₖ q · p - q."""
    ln_p = z - row_max(z)[:, None]
    ln_p -= np.log(row_sums(np.exp(ln_p)))[:, None]
    # a share of 0 counts nothing, even of -inf
    losses = -(q * np.where(q == 0, 0, ln_p)).sum(axis=1)
    return losses, lambda: q.sum(axis=1, keepdims=True) * np.exp(ln_p) - q


def _counting(
    name: str, mask: Array | None, weights: Array | None, shape: tuple[int, ...], dtype: np.dtype
) -> Array | None:
    """Return the weight of each position (N,), 0 where the mask leaves it out; None: all count."""
    each = checked_weights(name, "weights", weights, shape, dtype)
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.shape != shape:
            raise ValueError(
                f"{name} expected a boolean mask of shape {shape}, got {mask.dtype} {mask.shape}"
            )
        if not mask.any():
            raise ValueError(f"{name}: the mask counts nothing")
        each = mask.astype(dtype) if each is None else np.where(mask, each, 0).astype(dtype)
    if each is not None and not each.any():
        raise ValueError(f"{name} expected a weight above 0, got none: nothing counts")
    return None if each is None else each.reshape(-1)


def _put_back(values: Array, counts: Array | None, shape: tuple[int, ...]) -> Array:
    """Return the rows (N, ...) of those that count among zeros, in the shape they came from."""
    if counts is None:
        return values.reshape(shape)
    N = math.prod(shape) // math.prod(values.shape[1:])
    whole = np.zeros((N, *values.shape[1:]), values.dtype)
    whole[counts] = values
    return whole.reshape(shape)
