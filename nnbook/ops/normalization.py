"""Normalization of each example by itself, over its features or over groups of its channels.

The pullbacks are of the form of batch normalization's. With x̂ = (x - μ) r and r = 1 / √(σ² + ε),

    dx = r (ĝ - mean(ĝ) - x̂ mean(ĝ x̂)),   ĝ = γ g,

because the mean and the variance depend on every entry they run over.
"""

from __future__ import annotations

import math

import numpy as np

from nnbook.ops._images import batch_first, batch_last
from nnbook.ops._shapes import number
from nnbook.ops.batch_normalization import check_channels
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def layer_norm(x: Input, gamma: Input, beta: Input, *, eps: float = 1e-5) -> tuple[Array, Pullback]:
    """Layer normalization: y = γ (x - μ) / √(σ² + ε) + β, μ and σ² over the features of each row.

    Parameters
    ----------
    x : array (..., D)
    gamma, beta : array (D,)
    eps : float

    Returns
    -------
    y : array of x's shape

    Raises
    ------
    ValueError
        If γ or β does not have one entry for each feature, or there is no feature.

    Notes
    -----
    Source: Ba, Kiros and Hinton (2016). Book: :eq:`eq-layer-norm`, backwards
    :eq:`eq-layer-norm-backward`.
    """
    _check_features("layer_norm", x, gamma, beta)
    D = x.shape[-1]
    rows = x.reshape(-1, D)  # (M, D)
    # Short rows are summed several times faster as a product with a vector than by .sum(axis=1).
    average = np.full(D, 1 / D, x.dtype)
    # From the first feature on, so that what all have in common takes no digits, and is 0 after.
    hat = rows - rows[:, :1]
    hat -= (hat @ average)[:, None]
    r = 1 / np.sqrt((hat * hat) @ average + eps)  # (M,)
    hat *= r[:, None]
    y = hat * gamma
    y += beta

    def pullback(g: Array) -> tuple:
        g = g.reshape(-1, D)
        ones = np.ones(len(g), g.dtype)
        along = g * hat
        weights = gamma * average
        dx = g * gamma
        dx -= (g @ weights)[:, None]
        dx -= hat * (along @ weights)[:, None]
        dx *= r[:, None]
        return dx.reshape(x.shape), ones @ along, ones @ g

    return y.reshape(x.shape), pullback


@primitive
def rms_norm(x: Input, gamma: Input, *, eps: float = 1e-5) -> tuple[Array, Pullback]:
    """Root-mean-square normalization: y = γ x / √(mean(x²) + ε) over the features of each row.

    Layer normalization without the mean: dx = r (ĝ - x̂ mean(ĝ x̂)), ĝ = γ g.

    Parameters
    ----------
    x : array (..., D)
    gamma : array (D,)
    eps : float

    Returns
    -------
    y : array of x's shape

    Raises
    ------
    ValueError
        If γ does not have one entry for each feature, or there is no feature.

    Notes
    -----
    Source: Zhang and Sennrich (2019). Book: :eq:`eq-rms-norm`, backwards
    :eq:`eq-rms-norm-backward`.
    """
    _check_features("rms_norm", x, gamma)
    D = x.shape[-1]
    rows = x.reshape(-1, D)  # (M, D)
    average = np.full(D, 1 / D, x.dtype)
    r = 1 / np.sqrt((rows * rows) @ average + eps)
    hat = rows * r[:, None]

    def pullback(g: Array) -> tuple:
        g = g.reshape(-1, D)
        along = g * hat
        dx = g * gamma
        dx -= hat * (along @ (gamma * average))[:, None]
        dx *= r[:, None]
        return dx.reshape(x.shape), np.ones(len(g), g.dtype) @ along

    return (hat * gamma).reshape(x.shape), pullback


@primitive
def group_norm(
    x: Input, gamma: Input, beta: Input, *, groups: int, eps: float = 1e-5
) -> tuple[Array, Pullback]:
    """Group normalization: y = γ (x - μ) / √(σ² + ε) + β, μ and σ² over a group of one example.

    A group is C / groups channels with all their pixels: one group is layer normalization of the
    image, C groups are instance normalization.

    Parameters
    ----------
    x : array (N, C, ...)
        An empty batch, N = 0, gives an empty one.
    gamma, beta : array (C,)
    groups : int, divides C
    eps : float

    Returns
    -------
    y : array of x's shape

    Raises
    ------
    ValueError
        If the groups do not divide the channels, γ or β does not fit them, or a channel is empty.

    Notes
    -----
    Source: Wu and He (2018). Book: :eq:`eq-group-norm`.
    """
    check_channels("group_norm", x, gamma, beta)
    C, N = x.shape[1], len(x)
    number("group_norm", "groups", groups, least=1)
    if C % groups:
        raise ValueError(
            f"group_norm: {groups} groups do not divide the {C} channels of x {x.shape}"
        )
    if 0 in x.shape[2:]:
        raise ValueError(f"group_norm expected at least one entry a channel, got x {x.shape}")
    z = batch_last(x)
    shape, entries = z.shape, math.prod(x.shape[2:])
    z = z.reshape(groups, C // groups * entries, N)
    # From the first entry on, as in `layer_norm`: the sum along this axis rounds at every step.
    z = z - z[:, :1]
    z -= z.mean(axis=1, keepdims=True)
    r = 1 / np.sqrt((z * z).mean(axis=1, keepdims=True) + eps)
    hat = np.multiply(z, r, out=z).reshape(C, entries, N)
    y = hat * gamma[:, None, None]
    y += beta[:, None, None]

    def pullback(g: Array) -> tuple:
        g = batch_last(g).reshape(C, entries, N)
        along = g * hat
        scaled = (g * gamma[:, None, None]).reshape(z.shape)
        x_hat = hat.reshape(z.shape)
        dx = scaled - scaled.mean(axis=1, keepdims=True)
        dx -= x_hat * (scaled * x_hat).mean(axis=1, keepdims=True)
        dx *= r
        return batch_first(dx.reshape(shape)), along.sum(axis=(1, 2)), g.sum(axis=(1, 2))

    return batch_first(y.reshape(shape)), pullback


def _check_features(name: str, x: Array, *vectors: Array) -> None:
    for v in vectors:
        if x.ndim == 0 or np.shape(v) != x.shape[-1:] or x.shape[-1] == 0:
            raise ValueError(
                f"{name} expected x (..., D) and vectors (D,), got x {x.shape} and {np.shape(v)}"
            )
