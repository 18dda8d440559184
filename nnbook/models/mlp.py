"""The dense network: the multilayer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from nnbook import init, nn, ops
from nnbook.tensor import Tensor


class MLP(nn.Sequential):
    """Multilayer perceptron: h ← φ(h W + b) in every layer but the last, which is h W + b.

    Parameters
    ----------
    sizes : sequence of int
        D of the input, of each hidden layer and of the output, such as (784, 128, 10).
    rng : numpy.random.Generator
        Draws the weights, and the dropout masks if there are any.
    activation : callable
        Makes a layer that applies φ; `nn.ReLU` by default.
    dropout : float in [0, 1)
        Rate of the dropout behind every activation; 0 is none.
    initial : callable
        Starting values of the W, see `nn.Linear`. He's suit ReLU.
    dtype : dtype

    Notes
    -----
    x (B, ...) is flattened to (B, D) first, so images can come as they are; the outputs are (B, V).

    Examples
    --------
    >>> network = MLP((784, 32, 10), rng=np.random.default_rng(0))
    >>> network(np.zeros((5, 28, 28), np.float32)).shape, network.count()
    ((5, 10), 25450)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        rng: np.random.Generator,
        activation: Callable[[], nn.Module] = nn.ReLU,
        dropout: float = 0.0,
        initial: init.Initializer = init.he_normal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(f"MLP expected sizes of at least input and output, got {tuple(sizes)}")
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes):
            if layers:
                layers.append(activation())
                if dropout:
                    layers.append(nn.Dropout(dropout, rng=rng))
            layers.append(nn.Linear(inputs, outputs, rng=rng, initial=initial, dtype=dtype))
        super().__init__(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, ...) to (B, V)."""
        return super().forward(ops.reshape(x, shape=(x.shape[0], -1)))
