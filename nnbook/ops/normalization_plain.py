"""Normalization composed from elementary operations, so that the tape finds the gradient.

The fused rules of `batch_normalization` and `normalization` are held equal to these, values and
gradients. All take and return tensors.
"""

from __future__ import annotations

from nnbook.ops.elementwise import sqrt
from nnbook.ops.reduction import mean
from nnbook.ops.shape import reshape
from nnbook.tensor import Array, Tensor


def standardize(x: Tensor, axes: tuple[int, ...], eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return (x - μ) / √(σ² + ε), μ and σ², with mean and variance over the axes."""
    mu = mean(x, axis=axes, keepdims=True)
    centered = x - mu
    variance = mean(centered * centered, axis=axes, keepdims=True)
    return centered / sqrt(variance + eps), mu, variance


def batch_norm(
    x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """y = γ (x - μ) / √(σ² + ε) + β, with μ and σ² of each channel over batch and pixels.

    x (N, C, ...), gamma and beta (C,) -> y like x, mean (C,), variance (C,).
    """
    C = x.shape[1]
    per_channel = (1, C, *(1,) * (x.ndim - 2))
    hat, mu, variance = standardize(x, (0, *range(2, x.ndim)), eps)
    y = hat * reshape(gamma, shape=per_channel) + reshape(beta, shape=per_channel)
    return y, reshape(mu, shape=(C,)), reshape(variance, shape=(C,))


def batch_norm_eval(
    x: Tensor, gamma: Tensor, beta: Tensor, *, mean: Array, variance: Array, eps: float = 1e-5
) -> Tensor:
    """y = γ (x - μ) / √(σ² + ε) + β, with μ and σ² of each channel given.

    x (N, C, ...), gamma, beta, mean and variance (C,) -> y like x.
    """
    per_channel = (1, x.shape[1], *(1,) * (x.ndim - 2))
    hat = (x - mean.reshape(per_channel)) / (variance.reshape(per_channel) + eps) ** 0.5
    return hat * reshape(gamma, shape=per_channel) + reshape(beta, shape=per_channel)


def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5) -> Tensor:
    """y = γ (x - μ) / √(σ² + ε) + β, with μ and σ² over the last axis."""
    hat, _, _ = standardize(x, (x.ndim - 1,), eps)
    return hat * gamma + beta


def rms_norm(x: Tensor, gamma: Tensor, *, eps: float = 1e-5) -> Tensor:
    """y = γ x / √(mean(x²) + ε), with the mean over the last axis."""
    return x / sqrt(mean(x * x, axis=-1, keepdims=True) + eps) * gamma


def group_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, groups: int, eps: float = 1e-5) -> Tensor:
    """y = γ (x - μ) / √(σ² + ε) + β, with μ and σ² over each group of channels of each example."""
    N, C = x.shape[:2]
    hat, _, _ = standardize(reshape(x, shape=(N, groups, -1)), (2,), eps)
    per_channel = (1, C, *(1,) * (x.ndim - 2))
    scale, shift = reshape(gamma, shape=per_channel), reshape(beta, shape=per_channel)
    return reshape(hat, shape=x.shape) * scale + shift
