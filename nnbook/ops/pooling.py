"""Pooling: each window of an image becomes one number, its maximum or its mean."""

from __future__ import annotations

import numpy as np

from nnbook.ops._images import (
    Grid,
    Pair,
    batch_first,
    batch_last,
    check_images,
    pair,
)
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def max_pool2d(
    x: Input, *, kernel: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
) -> tuple[Array, Pullback]:
    """Max pooling: y[n, c, h, w] = max x[n, c, hs + i - p, ws + j - p] over i < Kh, j < Kw.

    dx gets g at the pixel that won. If several are equal, the first of them (row by row) wins.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel : int or pair
        (Kh, Kw).
    stride : int or pair, optional
        s; the kernel's size unless given, so that windows lie side by side.
    padding : int or pair
        p, at most half of the kernel. What lies outside the image never wins.

    Returns
    -------
    y : array (N, C, OH, OW), where OH = ⌊(H + 2p - Kh) / s⌋ + 1, and OW likewise

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image, or kernel, stride or padding make no sense.

    Notes
    -----
    Book: :eq:`eq-max-pool` and :eq:`eq-max-pool-backward`; ties are :eq:`eq-max-direction`.
    """
    grid = _grid("max_pool2d", x, kernel, stride, padding)
    outputs = grid.outputs("max_pool2d", x)
    padded = _pad(batch_last(x), grid, -np.inf)  # (C, H + 2p, W + 2p, N)
    entries = list(grid.entries(padded, outputs))  # each (C, OH, OW, N)
    y = np.maximum(entries[0], entries[-1])
    for entry in entries[1:-1]:
        np.maximum(y, entry, out=y)

    def pullback(g: Array) -> tuple:
        left = np.array(batch_last(g))  # what no pixel of the window has got yet
        dx = _nothing_given(padded, grid)
        *slots, last = grid.entries(dx, outputs)
        # What is outside is -∞, and must not win where all that is inside is -∞ too.
        if any(grid.padding) and np.isneginf(y).any():
            inside = _pad(np.ones_like(batch_last(x), bool), grid, False)
            won = [(e == y) & i for e, i in zip(entries, grid.entries(inside, outputs))]
        else:
            won = [entry == y for entry in entries]
        for wins, slot in zip(won, slots):
            share = left * wins
            left -= share
            _give(slot, share, grid)
        _give(last, left, grid)
        return (batch_first(_crop(dx, grid)),)

    return batch_first(y), pullback


@primitive
def avg_pool2d(
    x: Input, *, kernel: int | Pair, stride: int | Pair | None = None, padding: int | Pair = 0
) -> tuple[Array, Pullback]:
    """Average pooling: y[n, c, h, w] = Σ x[n, c, hs + i - p, ws + j - p] / (Kh Kw) over i, j.

    Every pixel of a window gets g / (Kh Kw). Pixels outside the image count as zeros.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel, stride, padding
        As in `max_pool2d`.

    Returns
    -------
    y : array (N, C, OH, OW), of the size that `max_pool2d` gives

    Raises
    ------
    ValueError
        As `max_pool2d`.

    Notes
    -----
    Book: :eq:`eq-avg-pool`.
    """
    grid = _grid("avg_pool2d", x, kernel, stride, padding)
    outputs = grid.outputs("avg_pool2d", x)
    padded = _pad(batch_last(x), grid, 0)
    share = 1 / (grid.kernel[0] * grid.kernel[1])
    first, *others = grid.entries(padded, outputs)
    y = first.copy()
    for entry in others:
        y += entry
    y *= share

    def pullback(g: Array) -> tuple:
        g = batch_last(g) * share
        dx = _nothing_given(padded, grid)
        for slot in grid.entries(dx, outputs):
            _give(slot, g, grid)
        return (batch_first(_crop(dx, grid)),)

    return batch_first(y), pullback


@primitive
def adaptive_avg_pool2d(x: Input, *, size: int | Pair) -> tuple[Array, Pullback]:
    """Average pooling to a given size: y = A x Bᵀ, where each row of A and B averages one window.

    Window h covers the rows ⌊h H / OH⌋ up to ⌈(h + 1) H / OH⌉; columns likewise. dx = Aᵀ g B.

    Parameters
    ----------
    x : array (N, C, H, W)
    size : int or pair
        (OH, OW).

    Returns
    -------
    y : array (N, C, OH, OW)

    Raises
    ------
    ValueError
        If x holds no images of at least one pixel, or the size is not positive.
    """
    check_images("adaptive_avg_pool2d", x)
    OH, OW = pair("adaptive_avg_pool2d", "size", size, least=1)
    N, C, H, W = x.shape
    if H < 1 or W < 1:
        raise ValueError(f"adaptive_avg_pool2d expected at least one pixel, got x {x.shape}")
    A, B = _averages(H, OH, x.dtype), _averages(W, OW, x.dtype)

    def apply(A: Array, x: Array, B: Array) -> Array:
        """x (C, H, W, N) -> A x Bᵀ for each channel and image."""
        x = np.matmul(A, x.reshape(C, x.shape[1], -1))  # (C, OH, W·N)
        return np.matmul(B, x.reshape(C, len(A), -1, N))  # (C, OH, OW, N)

    y = apply(A, batch_last(x), B)
    return batch_first(y), lambda g: (batch_first(apply(A.T, batch_last(g), B.T)),)


@primitive
def global_avg_pool2d(x: Input) -> tuple[Array, Pullback]:
    """Global average pooling: y[n, c] = Σ x[n, c, h, w] / (H W). Every pixel gets g / (H W).

    x (N, C, H, W) -> y (N, C). Images without a pixel raise a ValueError. Book:
    :eq:`eq-global-pool`. Source: Lin, Chen and Yan (2014).
    """
    check_images("global_avg_pool2d", x)
    if 0 in x.shape[2:]:
        raise ValueError(f"global_avg_pool2d expected at least one pixel, got x {x.shape}")
    y = x.mean(axis=(2, 3))

    def pullback(g: Array) -> tuple:
        dx = np.empty((*x.shape[1:], len(x)), x.dtype)  # (C, H, W, N)
        dx[...] = (g.T / (x.shape[2] * x.shape[3]))[:, None, None, :]
        return (batch_first(dx),)

    return y, pullback


def _grid(
    name: str, x: Array, kernel: int | Pair, stride: int | Pair | None, padding: int | Pair
) -> Grid:
    check_images(name, x)
    grid = Grid.of(name, kernel, kernel if stride is None else stride, padding)
    if 2 * grid.padding[0] > grid.kernel[0] or 2 * grid.padding[1] > grid.kernel[1]:
        raise ValueError(
            f"{name} expected padding of at most half the kernel {grid.kernel}, got "
            f"{grid.padding}: a window could lie outside the image altogether"
        )
    return grid


def _pad(x: Array, grid: Grid, value: float) -> Array:
    """x (C, H, W, N) with p rows and columns of `value` around each image."""
    if not any(grid.padding):
        return x
    (ph, pw) = grid.padding
    return np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)), constant_values=value)


def _crop(x: Array, grid: Grid) -> Array:
    """Cut off what `_pad` put on."""
    (ph, pw), (_, H, W, _) = grid.padding, x.shape
    return x[:, ph : H - ph, pw : W - pw] if any(grid.padding) else x


def _nothing_given(padded: Array, grid: Grid) -> Array:
    """Return dx of padded (C, H, W, N) before `_give`: zeros, needless where windows are tiles."""
    sizes = zip(padded.shape[1:3], grid.kernel, grid.stride)
    tiles = all(kernel == stride and size % kernel == 0 for size, kernel, stride in sizes)
    return np.empty_like(padded) if tiles else np.zeros_like(padded)


def _give(slot: Array, share: Array, grid: Grid) -> None:
    """Add to pixels of dx their share. Where windows do not overlap it is their only one."""
    if grid.stride[0] >= grid.kernel[0] and grid.stride[1] >= grid.kernel[1]:
        slot[...] = share
    else:
        slot += share


def _averages(n: int, windows: int, dtype: np.dtype) -> Array:
    """Return the matrix (windows, n) whose rows average equal stretches of n entries."""
    A = np.zeros((windows, n), dtype)
    for h in range(windows):
        start, stop = h * n // windows, -(-(h + 1) * n // windows)
        A[h, start:stop] = 1 / (stop - start)
    return A
