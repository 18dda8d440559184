"""Padding as a loop over the pixels of the padded image, as the formula reads.

Slow; `padding` is held equal to it. It is a rule: it returns the value and its pullback.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._images import Pair
from nnbook.tensor import Array, Pullback


def pad2d(x: Array, *, padding: Pair, mode: str = "zeros") -> tuple[Array, Pullback]:
    """y[n, c, h, w] = x[n, c, source(h - p), source(w - p)], or 0 where there is no source.

    x (N, C, H, W) -> y (N, C, H + 2p, W + 2p).
    """
    N, C, H, W = x.shape
    ph, pw = padding
    y = np.zeros((N, C, H + 2 * ph, W + 2 * pw), x.dtype)

    def sources(h: int, w: int) -> tuple[int | None, int | None]:
        return source(h - ph, H, mode), source(w - pw, W, mode)

    for h, w in np.ndindex(y.shape[2:]):
        i, j = sources(h, w)
        if i is not None and j is not None:
            y[:, :, h, w] = x[:, :, i, j]

    def pullback(g: Array) -> tuple:
        dx = np.zeros_like(x)
        for h, w in np.ndindex(y.shape[2:]):
            i, j = sources(h, w)
            if i is not None and j is not None:
                dx[:, :, i, j] += g[:, :, h, w]
        return (dx,)

    return y, pullback


def source(t: int, n: int, mode: str) -> int | None:
    """Return which of a row's pixels 0 … n - 1 is repeated at t; None if it is a zero."""
    if 0 <= t < n:
        return t
    if mode == "reflect":  # as far inside of the edge's pixel as t is outside
        return -t if t < 0 else 2 * (n - 1) - t
    if mode == "replicate":
        return 0 if t < 0 else n - 1
    if mode == "circular":
        return t % n
    return None
