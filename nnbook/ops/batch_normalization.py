"""Batch normalization: each channel shifted and scaled to mean 0 and variance 1 over the batch.

Every entry of a channel moves its mean and its variance, and through them all other entries. With
x̂ = (x - μ) r and r = 1 / √(σ² + ε), that gives dx = γ r (g - mean(g) - x̂ mean(g x̂)).
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._images import batch_first, batch_last
from nnbook.parallel import in_shares
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def batch_norm(
    x: Input, gamma: Input, beta: Input, *, eps: float = 1e-5
) -> tuple[tuple[Array, Array, Array], Pullback]:
    """Batch normalization in training: y = γ (x - μ) / √(σ² + ε) + β, channel by channel.

    μ and σ² are mean and variance of each channel over the batch and all its pixels; they are
    returned too, for the running statistics.

    Parameters
    ----------
    x : array (N, C) or (N, C, H, W)
    gamma, beta : array (C,)
    eps : float
        ε, keeps a constant channel finite.

    Returns
    -------
    y : array of x's shape
    mean, variance : array (C,)
        The variance is the mean of the squares, as the normalization uses it, not the unbiased one.

    Raises
    ------
    ValueError
        If γ or β does not have one entry for each channel, or a channel has a single value: its
        variance is 0 whatever it is.

    Notes
    -----
    Source: Ioffe and Szegedy (2015). Book: :eq:`eq-batch-norm`, backwards
    :eq:`eq-batch-norm-backward`.
    """
    check_channels("batch_norm", x, gamma, beta)
    count = x.size // max(1, x.shape[1])
    if count < 2:
        raise ValueError(
            f"batch_norm in training expected at least 2 values for each channel, got {count} in x "
            f"{x.shape}: use a larger batch, or switch the network to .eval()"
        )
    given = batch_last(x)  # (C, ..., N)
    shape, C = given.shape, len(given)
    given = given.reshape(C, count)
    z, y = np.empty_like(given), np.empty_like(given)
    mean, variance, r = np.empty((3, C), x.dtype)

    def normalize(c: slice) -> None:
        given[c].mean(axis=1, out=mean[c])
        np.subtract(given[c], mean[c, None], out=z[c])  # from here on z is centered
        np.divide(_dot(z[c], z[c]), count, out=variance[c])
        _center_constants(given[c], z[c], mean[c], variance[c])
        np.divide(1, np.sqrt(variance[c] + eps), out=r[c])
        np.multiply(z[c], (gamma[c] * r[c])[:, None], out=y[c])
        y[c] += beta[c, None]

    in_shares(normalize, C, 4 * x.size)

    def pullback(cotangents: tuple) -> tuple:
        g, *others = cotangents
        g = batch_last(g).reshape(C, count)
        # called by hand, the rule may be given one number for all channels
        to_mean, to_variance = (np.broadcast_to(np.asarray(v, x.dtype), C) for v in others)
        dbeta, dgamma, dx = np.empty_like(beta), np.empty_like(gamma), np.empty_like(g)

        def pull(k: slice) -> None:
            g[k].sum(axis=1, out=dbeta[k])
            np.multiply(_dot(g[k], z[k]), r[k], out=dgamma[k])
            # dx = a g + b (x - μ) + c, with the three coefficients the same for a whole channel
            a = gamma[k] * r[k]
            b = (2 * to_variance[k] - a * r[k] * dgamma[k]) / count
            c = (to_mean[k] - a * dbeta[k]) / count
            np.multiply(g[k], a[:, None], out=dx[k])
            dx[k] += z[k] * b[:, None]
            dx[k] += c[:, None]

        in_shares(pull, C, 6 * x.size)
        return batch_first(dx.reshape(shape)), dgamma, dbeta

    return (batch_first(y.reshape(shape)), mean, variance), pullback


@primitive
def batch_norm_eval(
    x: Input, gamma: Input, beta: Input, *, mean: Array, variance: Array, eps: float = 1e-5
) -> tuple[Array, Pullback]:
    """Batch normalization in use: y = γ (x - μ) / √(σ² + ε) + β with given μ and σ².

    The statistics are constants now, so dx = γ g / √(σ² + ε).

    Parameters
    ----------
    x : array (N, C) or (N, C, H, W)
    gamma, beta, mean, variance : array (C,)
    eps : float

    Returns
    -------
    y : array of x's shape

    Raises
    ------
    ValueError
        If one of the vectors does not have one entry for each channel.

    Notes
    -----
    Book: :eq:`eq-batch-norm-eval`.
    """
    check_channels("batch_norm_eval", x, gamma, beta, mean, variance)
    r = 1 / np.sqrt(np.asarray(variance, x.dtype) + eps)
    z = batch_last(x)
    shape, C = z.shape, len(z)
    z = z.reshape(C, -1) - np.asarray(mean, x.dtype)[:, None]
    y = z * (gamma * r)[:, None]
    y += beta[:, None]

    def pullback(g: Array) -> tuple:
        g = batch_last(g).reshape(C, -1)
        dx = g * (gamma * r)[:, None]
        return batch_first(dx.reshape(shape)), _dot(g, z) * r, g.sum(axis=1)

    return batch_first(y.reshape(shape)), pullback


def _center_constants(given: Array, z: Array, mean: Array, variance: Array) -> None:
    """Correct, in place, channels whose deviation may be what rounding the mean has left of them.

    They are centered from their first entry on, so that what all entries have in common is gone.
    """
    rounded = np.sqrt(variance) < 8 * np.finfo(mean.dtype).eps * np.abs(mean)
    if rounded.any():
        apart = given[rounded] - given[rounded, :1]
        off = apart.mean(axis=1)
        mean[rounded] = given[rounded, 0] + off
        z[rounded] = apart - off[:, None]
        variance[rounded] = np.square(z[rounded]).mean(axis=1)


def _dot(a: Array, b: Array) -> Array:
    """Sum a b over each row: (C, M), (C, M) -> (C,). BLAS, without an array for the products."""
    return np.matmul(a[:, None, :], b[:, :, None])[:, 0, 0]


def check_channels(name: str, x: Array, *vectors: Array) -> None:
    """Refuse vectors that do not have one entry for each channel of x (N, C, ...)."""
    if x.ndim < 2:
        raise ValueError(f"{name} expected x (N, C, ...), got shape {x.shape}")
    for v in vectors:
        if np.shape(v) != x.shape[1:2]:
            raise ValueError(
                f"{name} expected vectors ({x.shape[1]},), one entry for each channel (axis 1) of "
                f"x {x.shape}, got {np.shape(v)}"
            )
