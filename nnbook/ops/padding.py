"""What lies beyond the edge of an image: zeros, its mirror image, its edge, or its other side."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.ops._images import Pair, batch_first, batch_last, check_images, pair
from nnbook.tensor import Array, Input, Pullback, primitive

#: For each mode, NumPy's name of it.
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@primitive(integers=True)
def pad2d(x: Input, *, padding: int | Pair, mode: str = "zeros") -> tuple[Array, Pullback]:
    """Pad images: y[h, w] = x[source(h - p), source(w - p)].

    A pixel that was copied to several places gets the sum of their cotangents.

    Parameters
    ----------
    x : array (N, C, H, W)
    padding : int or pair
        p, the rows above and below, the columns left and right.
    mode : str
        "zeros"; "reflect" at the middle of the edge pixel, d c b | a b c d | c b a; "replicate",
        a a a | a b c d | d d d; or "circular", b c d | a b c d | a b c.

    Returns
    -------
    y : array (N, C, H + 2p, W + 2p)

    Raises
    ------
    ValueError
        If the mode is unknown, the padding negative, or the image too small: reflection needs
        p < H, W, and the circle p ≤ H, W.
    """
    check_images("pad2d", x)
    p = pair("pad2d", "padding", padding, least=0)
    check_mode("pad2d", mode, x, p)
    # Which row and column each of the padded image comes from; -1 is outside.
    how: Any = MODES[mode]
    outside: dict[str, Any] = {"constant_values": -1} if mode == "zeros" else {}
    sides = [np.pad(np.arange(n), q, how, **outside) for n, q in zip(x.shape[2:], p)]
    margins = ((0, 0), (p[0], p[0]), (p[1], p[1]), (0, 0))
    y = np.pad(batch_last(x), margins, how)  # (C, H + 2p, W + 2p, N)

    def pullback(g: Array) -> tuple:
        g = batch_last(g)
        for axis, source in zip((1, 2), sides):
            g = _collect(g, source, axis, x.shape[axis + 1])
        return (batch_first(g),)

    return batch_first(y), pullback


def check_mode(name: str, mode: str, x: Array, padding: tuple[int, ...]) -> None:
    """Refuse an unknown mode, and padding that is wider than what it copies of x (N, C, ...)."""
    if mode not in MODES:
        raise ValueError(f"{name} expected a mode among {', '.join(MODES)}, got {mode!r}")
    for n, p in zip(x.shape[2:], padding):
        if n < {"zeros": 0, "replicate": min(p, 1), "circular": p, "reflect": p and p + 1}[mode]:
            wide = padding if len(padding) > 1 else p
            raise ValueError(f"{name}: {mode} padding {wide} is too wide for x {x.shape}")


def _collect(g: Array, source: Array, axis: int, n: int) -> Array:
    """Add every row (or column) of g to the one of n that it was copied from."""
    g = np.moveaxis(g, axis, 0)
    middle = (len(source) - n) // 2
    out = g[middle : middle + n].copy()
    for i in [*range(middle), *range(middle + n, len(source))]:
        if source[i] >= 0:
            out[source[i]] += g[i]
    return np.moveaxis(out, 0, axis)
