"""How strongly the loss of LeNet-5 bends along each of its parameters: a second backward pass.

Curvatures go back through a layer as gradients do, with the square of every slope in place of the
slope. A layer that is a sum of products therefore has its own pullback for it: the one of the same
layer with squared inputs and squared weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook import ops
from nnbook.models.lenet_1998 import LeNet1998, SparseConvolution, Subsampling
from nnbook.nn import Conv2d
from nnbook.tensor import Array

A, S = 1.7159, 2 / 3


def map_curvature(F: Array, bitmaps: Array, *, j: float = 10.0) -> Array:
    """Second derivative of `map_loss` of one example along each unit of F6, (N, 84).

    ∂²E/∂F² = 2 p₀ + 4 (Σᵢ pᵢ dᵢ² - (Σᵢ pᵢ dᵢ)²), where dᵢ = F - mᵢ for the unit, pᵢ = e^-yᵢ / Z
    and p₀ = e^-j / Z. Nothing is left out, and it is not negative: the bracket is the variance of d
    over eleven classes, of which that of rubbish has d = 0. The label does not enter.

    Parameters
    ----------
    F : array (N, 84)
        Outputs of F6, after the squashing function.
    bitmaps : array (V, 84)
    j : float

    Notes
    -----
    Book: :eq:`eq-map-curvature`.
    """
    d = F[:, None] - bitmaps  # (N, V, 84)
    scores = -np.sum(d * d, axis=2)  # (N, V)
    top = np.maximum(scores.max(axis=1), -j)[:, None]
    e, rubbish = np.exp(scores - top), np.exp(-j - top)
    Z = rubbish + e.sum(axis=1, keepdims=True)  # (N, 1)
    p = (e / Z)[:, :, None]  # (N, V, 1)
    mean = np.sum(p * d, axis=1)  # (N, 84)
    # Σ p (d - mean)², which rounding cannot make negative, with rubbish at d = 0
    spread = np.sum(p * (d - mean[:, None]) ** 2, axis=1) + rubbish / Z * mean**2
    return 2 * rubbish / Z + 4 * spread


def curvatures(network: LeNet1998, x: Array, *, j: float = 10.0) -> dict[str, Array]:
    """Estimate ∂²E/∂θ² of `map_loss` for every parameter, by name; the mean over the examples x.

    Three things are dropped on the way: how the squashing functions bend, how two units of a layer
    act together, and how one weight acts in two places together. What is left is not negative. For
    the parameters of F6 it is the diagonal of the Gauss-Newton matrix, for those of C5 also, as
    long as no penalty but that of rubbish counts (at the beginning of training).

    Parameters
    ----------
    network : LeNet1998
    x : array (N, 1, 32, 32)
        Some hundred examples, from `prepare`.
    j : float
        As in `map_loss`.

    Raises
    ------
    ValueError
        If x is not of that shape, or has no examples.

    Notes
    -----
    Source: LeCun, Bottou, Bengio and Haffner (1998), appendix C; LeCun, Bottou, Orr and Müller
    (1998), section 7. Book: :eq:`eq-curvature-layer` and :eq:`eq-curvature-squash`.
    """
    if x.ndim != 4 or x.shape[1:] != (1, 32, 32) or not len(x):
        raise ValueError(f"curvatures expected images (N, 1, 32, 32), N > 0, got {x.shape}")
    parts = {name: getattr(network, name) for name in ("c1", "s2", "c3", "s4", "c5")}
    pullbacks, slopes = {}, {}
    for name, layer in parts.items():
        a, pullbacks[name] = _squared(layer, x)
        x, slopes[name] = _squash(a)
    W, b = (getattr(network.f6, key).data for key in "Wb")
    F, slope = _squash(x.reshape(len(x), 120) @ W + b)
    h: dict[str, Array] = {}
    # from here on C is the curvature along the sums of a layer, before squashing
    C = map_curvature(F, network.bitmaps.data, j=j) * slope**2 / len(F)
    _, back = ops.linear.rule(x.reshape(len(x), 120) ** 2, W**2, b)
    C, h["f6.W"], h["f6.b"] = back(C)
    C = C.reshape(x.shape)
    for name in reversed(parts):
        C, found = pullbacks[name](C * slopes[name] ** 2)
        h |= {f"{name}.{key}": value for key, value in found.items()}
    return {name: h[name] for name, _ in network.named_parameters()}


def _squash(a: Array) -> tuple[Array, Array]:
    """f(a) and f'(a)."""
    T = np.tanh(S * a)
    return A * T, A * S * (1 - T * T)


def _squared(
    layer: Conv2d | Subsampling | SparseConvolution, x: Array
) -> tuple[Array, Callable[[Array], tuple[Array, dict[str, Array]]]]:
    """The layer's sums, and its pullback for curvatures: to x, and to the parameters by name."""
    if isinstance(layer, Subsampling):
        w, b = layer.w.data, layer.b.data
        N, C, H, W = x.shape
        sums = x.reshape(N, C, H // 2, 2, W // 2, 2).sum(axis=(3, 5))

        def through_subsampling(C: Array) -> tuple[Array, dict[str, Array]]:
            dx = (w[:, None, None] ** 2 * C).repeat(2, axis=2).repeat(2, axis=3)
            return dx, {"w": (C * sums**2).sum(axis=(0, 2, 3)), "b": C.sum(axis=(0, 2, 3))}

        return w[:, None, None] * sums + b[:, None, None], through_subsampling

    sparse = layer if isinstance(layer, SparseConvolution) else None
    if sparse is None:
        W, b = (getattr(layer, key).data for key in "Wb")
    else:
        rows = sparse.kernels.data.reshape(len(sparse.kernels), -1)  # (number of kernels, K·K)
        W, b = (sparse.places @ rows).reshape(sparse.shape), sparse.b.data
    y, _ = ops.conv2d.rule(x, W, b)
    _, back = ops.conv2d.rule(x**2, W**2, b)

    def through_convolution(C: Array) -> tuple[Array, dict[str, Array]]:
        dx, dW, db = back(C)
        if sparse is None:
            return dx, {"W": dW, "b": db}
        found = sparse.places.T @ dW.reshape(len(sparse.places), -1)
        return dx, {"kernels": found.reshape(sparse.kernels.shape), "b": db}

    return y, through_convolution
