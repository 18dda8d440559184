"""The fully connected layer."""

from __future__ import annotations

import numpy as np

from nnbook import init, ops
from nnbook.nn.module import Module
from nnbook.tensor import Parameter, Tensor


class Linear(Module):
    """Fully connected (dense) layer: y = x W + b.

    Parameters
    ----------
    inputs, outputs : int
        I and O.
    rng : numpy.random.Generator
        Draws W.
    bias : bool
        Whether there is a b. It starts at zero.
    initial : callable
        `initial((I, O), rng=rng, dtype=dtype)` gives W; He's normal values by default.
    dtype : dtype

    Notes
    -----
    x (..., I), W (I, O), b (O,) -> y (..., O). See `nnbook.ops.linear`.

    Examples
    --------
    >>> layer = Linear(3, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 3), np.float32)).shape
    (5, 2)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        initial: init.Initializer = init.he_normal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if inputs < 1 or outputs < 1:
            raise ValueError(
                f"Linear expected at least 1 input and 1 output, got {inputs}, {outputs}"
            )
        self.W = Parameter(initial((inputs, outputs), rng=rng, dtype=dtype))
        self.b = Parameter(np.zeros(outputs, dtype)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Map x (..., I) to (..., O)."""
        return ops.linear(x, self.W, self.b)
