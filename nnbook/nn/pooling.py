"""Pooling as layers, for use in a `Sequential`."""

from __future__ import annotations

from nnbook import ops
from nnbook.nn.module import Module
from nnbook.tensor import Tensor

Pair = tuple[int, int]


class MaxPool2d(Module):
    """The largest of each window: (N, C, H, W) -> (N, C, OH, OW). See `nnbook.ops.max_pool2d`."""

    def __init__(
        self, kernel: int | Pair, *, stride: int | Pair | None = None, padding: int | Pair = 0
    ) -> None:
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, C, OH, OW)."""
        return ops.max_pool2d(x, kernel=self.kernel, stride=self.stride, padding=self.padding)


class AvgPool2d(Module):
    """The mean of each window: (N, C, H, W) -> (N, C, OH, OW). See `nnbook.ops.avg_pool2d`."""

    def __init__(
        self, kernel: int | Pair, *, stride: int | Pair | None = None, padding: int | Pair = 0
    ) -> None:
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, C, OH, OW)."""
        return ops.avg_pool2d(x, kernel=self.kernel, stride=self.stride, padding=self.padding)


class AdaptiveAvgPool2d(Module):
    """Means over as many windows as are asked for. See `nnbook.ops.adaptive_avg_pool2d`."""

    def __init__(self, size: int | Pair) -> None:
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, C, *size)."""
        return ops.adaptive_avg_pool2d(x, size=self.size)


class GlobalAvgPool2d(Module):
    """The mean of each channel: (N, C, H, W) -> (N, C). See `nnbook.ops.global_avg_pool2d`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, C)."""
        return ops.global_avg_pool2d(x)


class MaxPool1d(Module):
    """The largest of each window: (N, C, T) -> (N, C, OT). See `nnbook.ops.max_pool1d`."""

    def __init__(self, kernel: int, *, stride: int | None = None, padding: int = 0) -> None:
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, T) to (N, C, OT)."""
        return ops.max_pool1d(x, kernel=self.kernel, stride=self.stride, padding=self.padding)


class AvgPool1d(Module):
    """The mean of each window: (N, C, T) -> (N, C, OT). See `nnbook.ops.avg_pool1d`."""

    def __init__(self, kernel: int, *, stride: int | None = None, padding: int = 0) -> None:
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, T) to (N, C, OT)."""
        return ops.avg_pool1d(x, kernel=self.kernel, stride=self.stride, padding=self.padding)
