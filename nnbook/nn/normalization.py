"""Normalization layers. Each learns a scale γ and a shift β, from 1 and 0."""

from __future__ import annotations

import numpy as np

from nnbook import ops
from nnbook.nn.module import Module
from nnbook.tensor import Buffer, Parameter, Tensor


class BatchNorm(Module):
    """Batch normalization of (N, C) or (N, C, H, W). See `nnbook.ops.batch_norm`.

    In training it normalizes with the batch's statistics and remembers a running mean of them,

        running ← (1 - momentum) running + momentum · batch,

    with which it normalizes in evaluation. The running variance is of the unbiased kind, / (n - 1),
    as in PyTorch, because it stands for the data and not for the batch. Book:
    :eq:`eq-running-statistics`.

    Parameters
    ----------
    channels : int
        C.
    eps : float
        ε, added to the variance.
    momentum : float in [0, 1]
        How much of each new batch enters the running statistics.
    dtype : dtype

    Examples
    --------
    >>> layer = BatchNorm(3)
    >>> x = np.random.default_rng(0).normal(5, 2, (50, 3)).astype(np.float32)
    >>> bool(abs(layer(x).data.mean()) < 1e-6)
    True
    >>> bool(abs(layer.eval()(x).data.mean()) < 1e-6)  # one batch moves the running mean by a tenth
    False
    """

    def __init__(
        self,
        channels: int,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check("BatchNorm", channels, eps)
        if not 0 <= momentum <= 1:
            raise ValueError(f"BatchNorm expected a momentum in [0, 1], got {momentum}")
        self.gamma = Parameter(np.ones(channels, dtype))
        self.beta = Parameter(np.zeros(channels, dtype))
        self.running_mean = Buffer(np.zeros(channels, dtype))
        self.running_variance = Buffer(np.ones(channels, dtype))
        self.eps, self.momentum = eps, momentum

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C) or (N, C, H, W) to the same shape."""
        mean, variance = self.running_mean, self.running_variance
        if not self.training:
            return ops.batch_norm_eval(
                x, self.gamma, self.beta, mean=mean.data, variance=variance.data, eps=self.eps
            )
        y, batch_mean, batch_variance = ops.batch_norm(x, self.gamma, self.beta, eps=self.eps)
        n = y.size // y.shape[1]
        m = self.momentum
        mean.data = (1 - m) * mean.data + m * batch_mean.data
        variance.data = (1 - m) * variance.data + m * n / (n - 1) * batch_variance.data
        return y


class LayerNorm(Module):
    """Layer normalization of (..., D). See `nnbook.ops.layer_norm`."""

    def __init__(
        self, features: int, *, eps: float = 1e-5, dtype: np.typing.DTypeLike = np.float32
    ) -> None:
        _check("LayerNorm", features, eps)
        self.gamma = Parameter(np.ones(features, dtype))
        self.beta = Parameter(np.zeros(features, dtype))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Map x (..., D) to the same shape."""
        return ops.layer_norm(x, self.gamma, self.beta, eps=self.eps)


class RMSNorm(Module):
    """Root-mean-square normalization of (..., D). See `nnbook.ops.rms_norm`."""

    def __init__(
        self, features: int, *, eps: float = 1e-5, dtype: np.typing.DTypeLike = np.float32
    ) -> None:
        _check("RMSNorm", features, eps)
        self.gamma = Parameter(np.ones(features, dtype))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Map x (..., D) to the same shape."""
        return ops.rms_norm(x, self.gamma, eps=self.eps)


class GroupNorm(Module):
    """Group normalization of (N, C, ...). See `nnbook.ops.group_norm`."""

    def __init__(
        self,
        groups: int,
        channels: int,
        *,
        eps: float = 1e-5,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check("GroupNorm", channels, eps)
        if groups < 1 or channels % groups:
            raise ValueError(f"GroupNorm: {groups} groups do not divide {channels} channels")
        self.gamma = Parameter(np.ones(channels, dtype))
        self.beta = Parameter(np.zeros(channels, dtype))
        self.groups, self.eps = groups, eps

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, ...) to the same shape."""
        return ops.group_norm(x, self.gamma, self.beta, groups=self.groups, eps=self.eps)


def _check(name: str, features: int, eps: float) -> None:
    if features < 1 or not eps > 0:
        raise ValueError(f"{name} expected at least 1 feature and eps > 0, got {features}, {eps}")
