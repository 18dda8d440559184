"""Modules that hold modules."""

from __future__ import annotations

from collections.abc import Iterator

from nnbook import ops
from nnbook.nn.module import Module
from nnbook.tensor import Tensor


class Sequential(Module):
    """One layer after another: each gets what the one before it gave.

    Examples
    --------
    >>> import numpy as np
    >>> from nnbook.nn import Linear, ReLU
    >>> rng = np.random.default_rng(0)
    >>> net = Sequential(Linear(4, 8, rng=rng), ReLU(), Linear(8, 3, rng=rng))
    >>> net(np.ones((5, 4), np.float32)).shape, net.count()
    ((5, 3), 67)
    """

    def __init__(self, *layers: Module) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(f"Sequential expected modules, got {layer!r} at position {i}")
        self.layers = list(layers)

    def forward(self, x: Tensor) -> Tensor:
        """Send x through all layers."""
        for i, layer in enumerate(self.layers):
            try:
                x = layer(x)
            except (TypeError, ValueError, FloatingPointError) as error:
                error.add_note(f"  at layers.{i} of {len(self.layers)}")
                raise
        return x

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: int) -> Module:
        return self.layers[index]


class Flatten(Module):
    """(B, ...) to (B, D): all axes but the first become one."""

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, ...) to (B, D)."""
        return ops.reshape(x, shape=(x.shape[0], -1))
