"""Convolution: the same small kernel slides over the whole image.

Like every library of the field we call convolution what mathematics calls correlation: the kernel
is not flipped. The matrix products are in `_correlation`, the loops they replace in
`convolution_plain`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnbook.ops import _correlation
from nnbook.ops._images import Grid, Pair, batch_first, batch_last, check_sequences
from nnbook.ops._sums import row_sums
from nnbook.ops.padding import check_mode, pad2d
from nnbook.ops.shape import reshape
from nnbook.tensor import Array, Input, Needs, Pullback, Tensor, primitive


@primitive(selective=True)
def conv2d(
    x: Input,
    W: Input,
    b: Input | None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    padding_mode: str = "zeros",
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Array, Pullback]:
    """Convolution: y[n, o, h, w] = b[o] + Σ x[n, c, hs + id - p, ws + jd - p] W[o, c, i, j].

    The sum is over c, i, j. dW sums x g over all windows, db sums g; dx collects, at every pixel,
    W g of all windows over it.

    Parameters
    ----------
    x : array (N, C, H, W)
    W : array (O, C / groups, Kh, Kw)
    b : array (O,), or None
    stride, dilation : int or pair
        s, the pixels from one window to the next; d, from one entry of the kernel to the next.
    padding : int, pair, "same" or "valid"
        p, the pixels added on each side. "valid" adds none; "same" gives y the size of x, which
        needs a kernel of odd size and stride 1.
    padding_mode : str
        What the added pixels hold: "zeros", "reflect", "replicate" or "circular", see `pad2d`.
    groups : int
        Channels and kernels are cut into so many groups; a kernel sees the channels of its own.

    Returns
    -------
    y : array (N, O, OH, OW), where OH = ⌊(H + 2p - d (Kh - 1) - 1) / s⌋ + 1, and OW likewise

    Raises
    ------
    ValueError
        If channels, groups or biases do not match, the kernel is larger than the padded image, or
        stride, padding or dilation make no sense.

    Notes
    -----
    Book: :eq:`eq-conv2d` and :eq:`eq-conv2d-backward`; the size of y is :eq:`eq-conv-size`.
    """
    _correlation.check("conv2d", x, W, b, groups)
    told: Any = 0 if padding in ("same", "valid") else padding
    grid = Grid.of("conv2d", W.shape[2:], stride, told, dilation)
    if padding == "same":
        grid = replace(grid, padding=_same("conv2d", W, grid.stride, grid.span))
    unpad = None
    if padding_mode != "zeros":
        check_mode("conv2d", padding_mode, x, grid.padding)
        x, unpad = pad2d.rule(x, padding=grid.padding, mode=padding_mode)
        grid = replace(grid, padding=(0, 0))
    outputs = grid.outputs("conv2d", x)
    windows = _correlation.unroll(batch_last(x), grid, groups, outputs)
    y = _correlation.correlate(windows, W, outputs)  # (O, OH, OW, N)
    if b is not None:
        y += b[:, None, None, None]
    size = x.shape[2:]

    def pullback(g: Array, needs: Needs = (True, True, True)) -> tuple:
        g = batch_last(g)  # (O, OH, OW, N)
        dx = None
        if needs[0]:
            dx = batch_first(_correlation.input_gradient(g, W, grid, groups, size))
            dx = unpad(dx)[0] if unpad else dx
        dW = _correlation.kernel_gradient(windows, g, W) if needs[1] else None
        return dx, dW, None if b is None else row_sums(g.reshape(len(g), -1))

    return batch_first(y), pullback


def conv1d(
    x: Input,
    W: Input,
    b: Input | None,
    *,
    stride: int = 1,
    padding: int | str = 0,
    padding_mode: str = "zeros",
    dilation: int = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of sequences: `conv2d` of images one pixel high.

    Parameters
    ----------
    x : tensor (N, C, T)
    W : tensor (O, C / groups, K)
    b : tensor (O,), or None
    stride, padding, padding_mode, dilation, groups
        As in `conv2d`.

    Returns
    -------
    y : tensor (N, O, OT)

    Raises
    ------
    ValueError
        As `conv2d`.
    """
    if len(x.shape) != 3 or len(W.shape) != 3:
        raise ValueError(
            f"conv1d expected x (N, C, T) and W (O, C, K), got x {x.shape}, W {W.shape}"
        )
    _correlation.check_channels("conv1d", x, W, b, groups)
    p: Any = 0 if padding == "valid" else padding
    if padding == "same":
        (p,) = _same("conv1d", W, (stride,), (dilation * (W.shape[2] - 1) + 1,))
    check_sequences("conv1d", x, W.shape[2], stride, p, dilation)
    check_mode("conv1d", padding_mode, x, (p,))
    y = conv2d(
        reshape(x, shape=(*x.shape[:2], 1, x.shape[2])),
        reshape(W, shape=(*W.shape[:2], 1, W.shape[2])),
        b,
        stride=(1, stride),
        padding=(0, p),
        padding_mode=padding_mode,
        dilation=(1, dilation),
        groups=groups,
    )
    return reshape(y, shape=(y.shape[0], y.shape[1], y.shape[3]))


def _same(name: str, W: Input, stride: tuple[int, ...], span: tuple[int, ...]) -> Any:
    """Return, for each axis that the kernel moves along, the padding that keeps its length."""
    if any(s != 1 for s in stride):
        got = stride if len(stride) > 1 else stride[0]
        raise ValueError(f'{name}: padding="same" needs stride 1, got {got}')
    if any(n % 2 == 0 for n in span):
        covered = span if len(span) > 1 else span[0]
        raise ValueError(
            f'{name}: padding="same" adds as much on the left as on the right, so the kernel must '
            f"cover an odd number of places; W {W.shape} with its dilation covers {covered}"
        )
    return tuple(n // 2 for n in span)
