"""Pooling as loops over the windows, as the formulas read. Slow; `pooling` is held equal to it.

Each function is a rule: it returns the value and its pullback.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnbook.ops._images import Grid, Pair
from nnbook.tensor import Array, Pullback


def max_pool2d(
    x: Array, *, kernel: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
) -> tuple[Array, Pullback]:
    """y[n, c, h, w] is the largest pixel of window (h, w), and g goes to the first such pixel.

    x (N, C, H, W) -> y (N, C, OH, OW).
    """
    grid = Grid.of("max_pool2d", kernel, kernel if stride is None else stride, padding)
    padded = _pad(x, grid, -np.inf)
    y = np.zeros((*x.shape[:2], *grid.outputs("max_pool2d", x)), x.dtype)
    for at, rows, columns in _windows(y, grid):
        y[at] = padded[*at[:2], rows, columns].max()

    def pullback(g: Array) -> tuple:
        dpadded = np.zeros_like(padded)
        for at, rows, columns in _windows(y, grid):
            window = padded[*at[:2], rows, columns]
            i, j = np.unravel_index(window.argmax(), window.shape)
            dpadded[*at[:2], rows.start + i, columns.start + j] += g[at]
        return (_crop(dpadded, grid),)

    return y, pullback


def avg_pool2d(
    x: Array, *, kernel: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
) -> tuple[Array, Pullback]:
    """y[n, c, h, w] is the mean of window (h, w), and each of its pixels gets an equal part of g.

    x (N, C, H, W) -> y (N, C, OH, OW).
    """
    grid = Grid.of("avg_pool2d", kernel, kernel if stride is None else stride, padding)
    padded = _pad(x, grid, 0)
    y = np.zeros((*x.shape[:2], *grid.outputs("avg_pool2d", x)), x.dtype)
    for at, rows, columns in _windows(y, grid):
        y[at] = padded[*at[:2], rows, columns].mean()

    def pullback(g: Array) -> tuple:
        dpadded = np.zeros_like(padded)
        for at, rows, columns in _windows(y, grid):
            dpadded[*at[:2], rows, columns] += g[at] / (grid.kernel[0] * grid.kernel[1])
        return (_crop(dpadded, grid),)

    return y, pullback


def adaptive_avg_pool2d(x: Array, *, size: Pair) -> tuple[Array, Pullback]:
    """y[n, c, h, w] is the mean of rows ⌊h H / OH⌋ to ⌈(h + 1) H / OH⌉, columns likewise.

    x (N, C, H, W) -> y (N, C, OH, OW).
    """
    N, C, H, W = x.shape
    y = np.zeros((N, C, *size), x.dtype)

    def window(h: int, w: int) -> tuple[slice, slice]:
        OH, OW = size
        return (
            slice(int(np.floor(h * H / OH)), int(np.ceil((h + 1) * H / OH))),
            slice(int(np.floor(w * W / OW)), int(np.ceil((w + 1) * W / OW))),
        )

    for n, c, h, w in np.ndindex(y.shape):
        y[n, c, h, w] = x[n, c, *window(h, w)].mean()

    def pullback(g: Array) -> tuple:
        dx = np.zeros_like(x)
        for n, c, h, w in np.ndindex(y.shape):
            part = dx[n, c, *window(h, w)]
            part += g[n, c, h, w] / part.size
        return (dx,)

    return y, pullback


def global_avg_pool2d(x: Array) -> tuple[Array, Pullback]:
    """y[n, c] = Σ x[n, c, h, w] / (H W) over h and w, and each pixel gets that part of g.

    x (N, C, H, W) -> y (N, C).
    """
    H, W = x.shape[2:]
    y = np.zeros(x.shape[:2], x.dtype)
    for n, c, h, w in np.ndindex(x.shape):
        y[n, c] += x[n, c, h, w] / (H * W)

    def pullback(g: Array) -> tuple:
        dx = np.zeros_like(x)
        for n, c, h, w in np.ndindex(x.shape):
            dx[n, c, h, w] = g[n, c] / (H * W)
        return (dx,)

    return y, pullback


def _windows(y: Array, grid: Grid) -> Iterator[tuple[tuple, slice, slice]]:
    """Yield every index (n, c, h, w) of y with the rows and columns of the padded image there."""
    (kh, kw), (sh, sw) = grid.kernel, grid.stride
    for n, c, h, w in np.ndindex(y.shape):
        yield (n, c, h, w), slice(h * sh, h * sh + kh), slice(w * sw, w * sw + kw)


def _pad(x: Array, grid: Grid, value: float) -> Array:
    (ph, pw) = grid.padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=value)


def _crop(x: Array, grid: Grid) -> Array:
    (ph, pw), (H, W) = grid.padding, x.shape[2:]
    return x[:, :, ph : H - ph, pw : W - pw]
