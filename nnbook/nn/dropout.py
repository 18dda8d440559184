"""Dropout as a layer: it draws the mask in training and does nothing in evaluation."""

from __future__ import annotations

import numpy as np

from nnbook import ops
from nnbook.nn.module import Module
from nnbook.tensor import Tensor


class Dropout(Module):
    """Set each entry to zero with probability `rate` in training. See `nnbook.ops.dropout`.

    Parameters
    ----------
    rate : float in [0, 1)
    rng : numpy.random.Generator
        Draws the masks.
    """

    def __init__(self, rate: float, *, rng: np.random.Generator) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout expected a rate in [0, 1), got {rate}")
        self.rate = rate
        self.rng = rng

    def forward(self, x: Tensor) -> Tensor:
        """Map x, any shape, to the same shape."""
        if not self.training or self.rate == 0:
            return x
        keep = self.rng.random(x.shape, dtype=np.float32) >= self.rate
        return ops.dropout(x, mask=keep, rate=self.rate)
