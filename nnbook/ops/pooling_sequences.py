"""Pooling of sequences, as of images that are one pixel high."""

from __future__ import annotations

from nnbook.ops._images import check_sequences
from nnbook.ops.pooling import avg_pool2d, max_pool2d
from nnbook.ops.shape import reshape
from nnbook.tensor import Input, Operation, Tensor


def max_pool1d(x: Input, *, kernel: int, stride: int | None = None, padding: int = 0) -> Tensor:
    """Max pooling of sequences (N, C, T): `max_pool2d` of images one pixel high. Raises as it."""
    return _of_sequences(max_pool2d, x, kernel, stride, padding)


def avg_pool1d(x: Input, *, kernel: int, stride: int | None = None, padding: int = 0) -> Tensor:
    """Average pooling of sequences (N, C, T): `avg_pool2d` of images one pixel high.

    Raises as it.
    """
    return _of_sequences(avg_pool2d, x, kernel, stride, padding)


def _of_sequences(
    pool: Operation, x: Input, kernel: int, stride: int | None, padding: int
) -> Tensor:
    name, stride = f"{pool.__name__[:-2]}1d", kernel if stride is None else stride
    if len(x.shape) != 3:
        raise ValueError(f"{name} expected x (N, C, T), got shape {x.shape}")
    check_sequences(name, x, kernel, stride, padding)
    if 2 * padding > kernel:
        raise ValueError(
            f"{name} expected padding of at most half the kernel {kernel}, got {padding}: "
            "a window could lie outside the sequence altogether"
        )
    image = reshape(x, shape=(*x.shape[:2], 1, x.shape[2]))
    y = pool(image, kernel=(1, kernel), stride=(1, stride), padding=(0, padding))
    return reshape(y, shape=(y.shape[0], y.shape[1], y.shape[3]))
