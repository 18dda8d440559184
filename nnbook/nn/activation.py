"""Activation functions as layers, for use in a `Sequential`."""

from __future__ import annotations

from nnbook import ops
from nnbook.nn.module import Module
from nnbook.tensor import Tensor


class Sigmoid(Module):
    """y = 1 / (1 + e⁻ˣ). See `nnbook.ops.sigmoid`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.sigmoid(x)


class Tanh(Module):
    """y = tanh x. See `nnbook.ops.tanh`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.tanh(x)


class ReLU(Module):
    """y = max(0, x). See `nnbook.ops.relu`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.relu(x)


class LeakyReLU(Module):
    """y = x where x > 0, else slope · x. See `nnbook.ops.leaky_relu`."""

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.leaky_relu(x, slope=self.slope)


class ELU(Module):
    """y = x where x > 0, else α (eˣ - 1). See `nnbook.ops.elu`."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.elu(x, alpha=self.alpha)


class GELU(Module):
    """y = x Φ(x), in the form with tanh. See `nnbook.ops.gelu`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.gelu(x)


class SiLU(Module):
    """y = x σ(x). See `nnbook.ops.silu`."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.silu(x)


class Softmax(Module):
    """Scores to probabilities along an axis. See `nnbook.ops.softmax`."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        return ops.softmax(x, axis=self.axis)
