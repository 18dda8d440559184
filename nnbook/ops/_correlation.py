"""Three sums over the windows of an image: the correlation with a kernel, and its two gradients.

    y[o, h, w]        = Σ x[c, hs + id - p, ws + jd - p] W[o, c, i, j]     over c, i, j
    dW[o, c, i, j]    = Σ x[c, hs + id - p, ws + jd - p] g[o, h, w]        over h, w and the batch
    dx[c, hs + id - p, ws + jd - p] collects  Σ W[o, c, i, j] g[o, h, w]   over o

Each is one batched matrix product, a matrix for each row of windows. The windows of one row overlap
those of the next in all rows but one, so a window is copied along its width only (K-fold, where the
usual im2col copies K²-fold), and its height is a view of rows that overlap.

Images are (C, H, W, N). G is the number of groups of channels, Kh and Kw are the kernel's size, OH
and OW count the windows.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnbook.ops._images import Grid, Pair, check_images
from nnbook.ops._shapes import number
from nnbook.parallel import in_shares
from nnbook.tensor import Array


def _windows_of_rows(rows: Array, kernel: int, stride: int, dilation: int) -> Array:
    """(G, H, M, L) -> (G, OH, Kh·M, L): the rows that a row of windows lies over, on each other."""
    span = dilation * (kernel - 1) + 1
    stacked = sliding_window_view(rows, span, axis=1)[:, ::stride, :, :, ::dilation]
    stacked = stacked.transpose(0, 1, 4, 2, 3)  # (G, OH, Kh, M, L)
    # A view still, unless rows are left out between those of one window (dilation).
    return stacked.reshape(*stacked.shape[:2], kernel * rows.shape[2], rows.shape[3])


def unroll(x: Array, grid: Grid, groups: int, outputs: Pair) -> Array:
    """x (C, H, W, N) -> windows (G, OH, Kh·C/G·Kw, OW·N), one matrix for each row of windows."""
    C, H, W, N = x.shape
    top, OW = grid.padding[0], outputs[1]
    rows = np.empty((groups, H + 2 * top, C // groups, grid.kernel[1], OW, N), x.dtype)
    rows[:, :top], rows[:, top + H :] = 0, 0
    inside = rows[:, top : top + H]
    source = x.reshape(groups, C // groups, H, W, N).transpose(0, 2, 1, 3, 4)  # (G, H, C/G, W, N)

    def copy(h: slice) -> None:
        for j in range(grid.kernel[1]):
            columns, windows = grid.column(j, W, OW)
            inside[:, h, :, j, windows] = source[:, h, :, columns]
            inside[:, h, :, j, : windows.start] = 0  # there it lies over the padding
            inside[:, h, :, j, windows.stop :] = 0

    in_shares(copy, H, inside.size)
    rows = rows.reshape(groups, H + 2 * top, C // groups * grid.kernel[1], OW * N)
    return _windows_of_rows(rows, grid.kernel[0], grid.stride[0], grid.dilation[0])


def correlate(windows: Array, W: Array, outputs: Pair) -> Array:
    """windows and W (O, C/G, Kh, Kw) -> y (O, OH, OW, N)."""
    G, O = len(windows), len(W)
    kernels = W.transpose(0, 2, 1, 3).reshape(G, 1, O // G, -1)  # in the order of the windows' rows
    y = np.empty((G, O // G, outputs[0], windows.shape[-1]), windows.dtype)
    rows = y.transpose(0, 2, 1, 3)  # (G, OH, O/G, OW·N)

    def multiply(h: slice) -> None:
        np.matmul(kernels, windows[:, h], out=rows[:, h])

    in_shares(multiply, outputs[0], O // G * windows.size / 8)
    return y.reshape(O, *outputs, windows.shape[-1] // outputs[1])


def kernel_gradient(windows: Array, g: Array, W: Array) -> Array:
    """windows and g (O, OH, OW, N) -> dW (O, C/G, Kh, Kw), the sum over windows and batch."""
    (G, OH, _, L), (O, C, Kh, Kw) = windows.shape, W.shape
    rows = g.reshape(G, O // G, OH, L).transpose(0, 2, 1, 3)  # (G, OH, O/G, OW·N)
    products = np.empty((*windows.shape[:3], O // G), g.dtype)  # (G, OH, Kh·C/G·Kw, O/G)

    def multiply(h: slice) -> None:
        np.matmul(windows[:, h], rows[:, h].swapaxes(-1, -2), out=products[:, h])

    in_shares(multiply, OH, O // G * windows.size / 8)
    dW = products.sum(axis=1)  # (G, Kh·C/G·Kw, O/G)
    return dW.reshape(G, Kh, C, Kw, O // G).transpose(0, 4, 2, 1, 3).reshape(W.shape)


def input_gradient(g: Array, W: Array, grid: Grid, groups: int, size: Pair) -> Array:
    """g (O, OH, OW, N) and W (O, C/G, Kh, Kw) -> dx (C, H, W, N) of the size (H, W)."""
    (H, width), (OH, OW, N) = size, g.shape[1:]
    O, C, Kh, Kw = W.shape
    G, OG, top, hang = groups, O // groups, grid.padding[0], grid.span[0] - 1
    # Seen from a row of pixels, the windows over it are rows of g: the kernel slides over g upside
    # down. Those rows are put as far apart as the windows are, with zeros between and around them.
    tall = np.zeros((G, H + 2 * top + hang, OG, OW * N), g.dtype)
    apart = slice(hang, hang + grid.stride[0] * OH, grid.stride[0])
    tall[:, apart] = g.reshape(G, OG, OH, OW * N).transpose(0, 2, 1, 3)
    rows = _windows_of_rows(tall[:, top : top + H + hang], Kh, 1, grid.dilation[0])
    flipped = W.reshape(G, OG, C, Kh, Kw)[:, :, :, ::-1].transpose(0, 2, 4, 3, 1)
    flipped = flipped.reshape(G, C * Kw, Kh * OG)
    columns = [grid.column(j, width, OW) for j in range(Kw)]
    dx = np.empty((G, C, H, width, N), g.dtype)

    def spread(share: slice) -> None:
        dx[:, :, share] = 0
        for h in range(share.start, share.stop):  # a row at a time, so that it stays in the cache
            # The kernel's rows from `first` to `last` lie over g, the others over the zeros around.
            first = max(0, -((top + h - hang) // grid.dilation[0]))
            last = (hang + grid.stride[0] * (OH - 1) - top - h) // grid.dilation[0]
            over = slice(first * OG, max(first, last + 1) * OG)
            row = np.matmul(flipped[:, :, over], rows[:, h, over]).reshape(G, C, Kw, OW, N)
            for j, (pixels, windows) in enumerate(columns):
                dx[:, :, h, pixels] += row[:, :, j, windows]

    in_shares(spread, H, C * Kw * rows.size / 8)
    return dx.reshape(G * C, H, width, N)


def check(
    name: str, x: Array, W: Array, b: Array | None, groups: int, *, transposed: bool = False
) -> None:
    """Refuse images, kernels, biases and groups that do not fit each other."""
    check_images(name, x)
    if W.ndim != 4:
        raise ValueError(f"{name} expected a kernel W with 4 axes, got shape {W.shape}")
    check_channels(name, x, W, b, groups, transposed=transposed)


def check_channels(
    name: str, x: Array, W: Array, b: Array | None, groups: int, *, transposed: bool = False
) -> None:
    """Refuse channels of x (N, C, ...), W, b and groups that do not fit each other."""
    number(name, "groups", groups, least=1)
    C = x.shape[1]
    fits, out = W.shape[1] * groups, len(W)
    if transposed:
        fits, out = out, fits
    if C % groups:
        raise ValueError(f"{name}: {groups} groups do not divide the {C} channels of x {x.shape}")
    if fits != C:
        raise ValueError(
            f"{name}: W {W.shape} with groups={groups} fits {fits} channels, "
            f"but axis 1 of x {x.shape} has {C}"
        )
    if out % groups:
        raise ValueError(f"{name}: {groups} groups do not divide the {out} kernels of W {W.shape}")
    if b is not None and np.shape(b) != (out,):
        raise ValueError(f"{name} expected b ({out},) for W {W.shape}, got b {np.shape(b)}")
