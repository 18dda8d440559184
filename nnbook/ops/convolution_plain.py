"""Convolution as loops over the windows, as the formula reads.

Slow; `convolution` and `transposed_convolution` are held equal to it. Each function is a rule: it
returns the value and its pullback. Zeros lie beyond the edge; for another mode, pad the image first
with `padding_plain.pad2d`.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._images import Grid, Pair
from nnbook.tensor import Array, Pullback


def conv2d(
    x: Array,
    W: Array,
    b: Array | None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Array, Pullback]:
    """y[n, o, h, w] = b[o] + Σ x[n, c, hs + id - p, ws + jd - p] W[o, c, i, j] over c, i, j.

    x (N, C, H, W), W (O, C / groups, Kh, Kw), b (O,) or None -> y (N, O, OH, OW).
    """
    grid = Grid.of("conv2d", W.shape[2:], stride, padding, dilation)
    OH, OW = grid.outputs("conv2d", x)
    N, O = len(x), len(W)
    padded = _pad(x, grid.padding)
    y = np.zeros((N, O, OH, OW), x.dtype)
    for o in range(O):
        channels = _group(o, O, x.shape[1], groups)
        for h in range(OH):
            for w in range(OW):
                window = padded[:, channels, *_window(grid, h, w)]  # (N, C, Kh, Kw)
                y[:, o, h, w] = (window * W[o]).sum(axis=(1, 2, 3))
                if b is not None:
                    y[:, o, h, w] += b[o]

    def pullback(g: Array) -> tuple:
        dpadded, dW = np.zeros_like(padded), np.zeros_like(W)
        for o in range(O):
            channels = _group(o, O, x.shape[1], groups)
            for h in range(OH):
                for w in range(OW):
                    at = (slice(None), channels, *_window(grid, h, w))
                    error = g[:, o, h, w][:, None, None, None]  # (N, 1, 1, 1)
                    dW[o] += (error * padded[at]).sum(axis=0)
                    dpadded[at] += error * W[o]
        db = None if b is None else g.sum(axis=(0, 2, 3))
        return _crop(dpadded, grid.padding), dW, db

    return y, pullback


def conv_transpose2d(
    x: Array,
    W: Array,
    b: Array | None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Array, Pullback]:
    """Each pixel x[n, c, h, w] paints the kernel W[c], times itself, over window (h, w) of y.

    x (N, C, H, W), W (C, O / groups, Kh, Kw), b (O,) or None -> y (N, O, OH, OW).
    """
    grid = Grid.of("conv_transpose2d", W.shape[2:], stride, padding, dilation)
    extra = np.broadcast_to(output_padding, 2)
    N, C, H, width = x.shape
    O = W.shape[1] * groups
    last_row, last_column = _window(grid, H - 1, width - 1)
    size = last_row.stop + extra[0], last_column.stop + extra[1]
    canvas = np.zeros((N, O, *size), x.dtype)
    for c in range(C):
        channels = _group(c, C, O, groups)
        for h in range(H):
            for w in range(width):
                pixel = x[:, c, h, w][:, None, None, None]  # (N, 1, 1, 1)
                canvas[:, channels, *_window(grid, h, w)] += pixel * W[c]
    y = _crop(canvas, grid.padding)
    if b is not None:
        y = y + b[:, None, None]

    def pullback(g: Array) -> tuple:
        dcanvas = _pad(g, grid.padding)
        dx, dW = np.zeros_like(x), np.zeros_like(W)
        for c in range(C):
            channels = _group(c, C, O, groups)
            for h in range(H):
                for w in range(width):
                    window = dcanvas[:, channels, *_window(grid, h, w)]  # (N, O, Kh, Kw)
                    dx[:, c, h, w] = (window * W[c]).sum(axis=(1, 2, 3))
                    dW[c] += (x[:, c, h, w][:, None, None, None] * window).sum(axis=0)
        return dx, dW, None if b is None else g.sum(axis=(0, 2, 3))

    return y, pullback


def _window(grid: Grid, h: int, w: int) -> tuple[slice, slice]:
    """Return the rows and the columns of the padded image under window (h, w)."""
    (sh, sw), (dh, dw) = grid.stride, grid.dilation
    return (
        slice(h * sh, h * sh + grid.span[0], dh),
        slice(w * sw, w * sw + grid.span[1], dw),
    )


def _group(kernel: int, kernels: int, channels: int, groups: int) -> slice:
    """Return the channels of the group that a kernel belongs to."""
    group = kernel // (kernels // groups)
    return slice(group * (channels // groups), (group + 1) * (channels // groups))


def _pad(x: Array, padding: Pair) -> Array:
    (ph, pw) = padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


def _crop(x: Array, padding: Pair) -> Array:
    (ph, pw), (H, W) = padding, x.shape[2:]
    return x[:, :, ph : H - ph, pw : W - pw]
