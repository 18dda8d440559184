"""Positions: what is added to the vectors of a sequence so that their order counts."""

from __future__ import annotations

import numpy as np

from nnbook import init, ops
from nnbook.nn.module import Module
from nnbook.ops._shapes import number
from nnbook.tensor import Parameter, Tensor


class SinusoidalPositions(Module):
    """y[t] = x[t] + P[t], P sines and cosines of many wavelengths. See `nnbook.ops.sinusoids`.

    Parameters
    ----------
    limit : int
        The longest sequence.
    width : int
        D, even.
    dtype : dtype
    """

    def __init__(self, limit: int, width: int, *, dtype: np.typing.DTypeLike = np.float32) -> None:
        self.P = ops.sinusoids(limit, width, dtype=dtype)

    def forward(self, x: Tensor, *, start: int = 0) -> Tensor:
        """Add P[start], P[start + 1], … to x (B, T, D)."""
        return x + self.P[_window(self, x, start)]


class LearnedPositions(Module):
    """y[t] = x[t] + P[t], P a parameter (limit, D). Source: Gehring et al. (2017).

    Book: :eq:`eq-learned-positions`.

    Parameters
    ----------
    limit : int
        The longest sequence.
    width : int
        D.
    rng : numpy.random.Generator
        Draws P from N(0, 0.02²).
    dtype : dtype
    """

    def __init__(
        self,
        limit: int,
        width: int,
        *,
        rng: np.random.Generator,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.P = Parameter(init.normal((limit, width), rng=rng, std=0.02, dtype=dtype))

    def forward(self, x: Tensor, *, start: int = 0) -> Tensor:
        """Add P[start], P[start + 1], … to x (B, T, D)."""
        return x + ops.getitem(self.P, index=_window(self, x, start))


def _window(layer: SinusoidalPositions | LearnedPositions, x: Tensor, start: int) -> slice:
    name, (limit, D) = type(layer).__name__, layer.P.shape
    if x.ndim != 3 or x.shape[2] != D:
        raise ValueError(f"{name} expected x (B, T, {D}), got {x.shape}")
    number(name, "start", start, least=0)
    if start + x.shape[1] > limit:
        raise ValueError(
            f"{name} has positions for {limit} steps, got a sequence of {start + x.shape[1]}: "
            f"x {x.shape} from step {start} on"
        )
    return slice(start, start + x.shape[1])
