"""Transposed convolution: every pixel paints the kernel, times itself, onto a larger image."""

from __future__ import annotations

from nnbook.ops import _correlation
from nnbook.ops._images import Grid, Pair, batch_first, batch_last, pair
from nnbook.tensor import Array, Input, Needs, Pullback, primitive


@primitive(selective=True)
def conv_transpose2d(
    x: Input,
    W: Input,
    b: Input | None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Array, Pullback]:
    """Convolution transposed: y[n, o, hs + id - p, ws + jd - p] sums x[n, c, h, w] W[c, o, i, j].

    It is `conv2d`'s dx as an operation of its own, so its dx is a convolution of g, and images grow
    by the stride instead of shrinking. It does not undo a convolution: it is its matrix transposed.

    Parameters
    ----------
    x : array (N, C, H, W)
    W : array (C, O / groups, Kh, Kw)
    b : array (O,), or None
    stride, padding, dilation, groups
        Those of the convolution it is the transpose of. Here padding cuts pixels off.
    output_padding : int or pair, less than the stride
        Which of the sizes that convolution would take to (H, W): so many pixels more.

    Returns
    -------
    y : array (N, O, OH, OW), where OH = (H - 1) s - 2p + d (Kh - 1) + 1 + output_padding

    Raises
    ------
    ValueError
        If channels, groups or biases do not match, nothing is left of the output, or
        stride, padding or dilation make no sense.

    Notes
    -----
    Book: :eq:`eq-conv-transpose2d`, the transpose by :eq:`eq-adjoint`; the size of y is
    :eq:`eq-conv-transpose-size`.

    Source: Zeiler, Krishnan, Taylor and Fergus (2010), under the name deconvolution.
    """
    _correlation.check("conv_transpose2d", x, W, b, groups, transposed=True)
    grid = Grid.of("conv_transpose2d", W.shape[2:], stride, padding, dilation)
    extra = pair("conv_transpose2d", "output_padding", output_padding, least=0)
    if extra[0] >= grid.stride[0] or extra[1] >= grid.stride[1]:
        raise ValueError(
            f"conv_transpose2d expected output_padding below the stride {grid.stride}, got {extra}"
        )
    size = tuple(
        (n - 1) * s - 2 * p + span + more
        for n, s, p, span, more in zip(x.shape[2:], grid.stride, grid.padding, grid.span, extra)
    )
    if min(size) < 1:
        raise ValueError(
            f"conv_transpose2d: padding {grid.padding} leaves nothing of {x.shape}: {size}"
        )
    flat = batch_last(x)  # (C, H, W, N)
    y = _correlation.input_gradient(flat, W, grid, groups, size)  # (O, OH, OW, N)
    if b is not None:
        y += b[:, None, None, None]

    def pullback(g: Array, needs: Needs = (True, True, True)) -> tuple:
        g = batch_last(g)
        windows = _correlation.unroll(g, grid, groups, x.shape[2:])
        dx = batch_first(_correlation.correlate(windows, W, x.shape[2:])) if needs[0] else None
        dW = _correlation.kernel_gradient(windows, flat, W) if needs[1] else None
        return dx, dW, None if b is None else g.sum(axis=(1, 2, 3))

    return batch_first(y), pullback
