"""What convolution and pooling share: where a window lies, and how images lie in memory.

A reader of the book sees images as (N, C, H, W), as in PyTorch. In memory they lie as (C, H, W, N),
the batch innermost: neighbours in memory are then the same pixel of different images, which every
window treats alike, so that all inner loops run over long contiguous stretches. The operations
return transposed views, and NumPy's elementwise functions keep their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnbook.ops._shapes import is_integer, number
from nnbook.tensor import Array

Pair = tuple[int, int]


def batch_last(x: Array) -> Array:
    """(N, C, ...) -> (C, ..., N), contiguous. Free for what an operation on images returned."""
    return np.ascontiguousarray(x.transpose(*range(1, x.ndim), 0))


def batch_first(x: Array) -> Array:
    """(C, ..., N) -> (N, C, ...), a view."""
    return x.transpose(-1, *range(x.ndim - 1))


def pair(name: str, what: str, value: int | Pair, *, least: int) -> Pair:
    """Return (vertical, horizontal) from one number or two; refuse what is below `least`."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(values) != 2 or not all(is_integer(v, least) for v in values):
        raise ValueError(
            f"{name} expected {what} to be an integer of at least {least}, or two of them "
            f"(vertical, horizontal), got {value!r}"
        )
    return int(values[0]), int(values[1])


@dataclass(frozen=True)
class Grid:
    """Where entry (i, j) of a kernel lies in window (h, w): over pixel (hs + id - p, ws + jd - p).

    s, p and d are stride, padding and dilation. Each field is a pair (vertical, horizontal).
    """

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    @classmethod
    def of(
        cls,
        name: str,
        kernel: int | Pair,
        stride: int | Pair,
        padding: int | Pair,
        dilation: int | Pair = 1,
    ) -> Grid:
        """Check the four, given as numbers or pairs, for the operation `name`."""
        return cls(
            pair(name, "kernel", kernel, least=1),
            pair(name, "stride", stride, least=1),
            pair(name, "padding", padding, least=0),
            pair(name, "dilation", dilation, least=1),
        )

    @property
    def span(self) -> Pair:
        """The pixels from the first entry of the kernel to its last, d (K - 1) + 1."""
        (kh, kw), (dh, dw) = self.kernel, self.dilation
        return dh * (kh - 1) + 1, dw * (kw - 1) + 1

    def outputs(self, name: str, x: Array) -> Pair:
        """Return how many windows fit x (N, C, H, W): ⌊(H + 2p - span) / s⌋ + 1, and so for W."""
        padded = tuple(n + 2 * p for n, p in zip(x.shape[2:], self.padding))
        if padded[0] < self.span[0] or padded[1] < self.span[1]:
            raise ValueError(
                f"{name}: the kernel {self.kernel} with dilation {self.dilation} covers "
                f"{self.span} pixels, the image only {padded}: x {x.shape} with padding "
                f"{self.padding}"
            )
        (h, w), (sh, sw) = padded, self.stride
        return (h - self.span[0]) // sh + 1, (w - self.span[1]) // sw + 1

    def entries(self, padded: Array, outputs: Pair) -> Iterator[Array]:
        """Yield, for each entry of the kernel, the pixels of padded (C, H, W, N) it lies over.

        Each is a view (C, OH, OW, N).
        """
        (kh, kw), (sh, sw), (dh, dw) = self.kernel, self.stride, self.dilation
        for i in range(kh):
            for j in range(kw):
                top, left = i * dh, j * dw
                bottom, right = top + sh * (outputs[0] - 1) + 1, left + sw * (outputs[1] - 1) + 1
                yield padded[:, top:bottom:sh, left:right:sw]

    def column(self, j: int, width: int, outputs: int) -> tuple[slice, slice]:
        """Return the columns of an image that the kernel's column j lies over, and the windows.

        Windows in which it lies over the padding are left out.
        """
        s = self.stride[1]
        first = j * self.dilation[1] - self.padding[1]  # the column in window 0
        start = max(0, -(first // s))
        stop = min(outputs, (width - 1 - first) // s + 1)
        if stop <= start:
            return slice(0, 0), slice(0, 0)
        return slice(first + s * start, first + s * (stop - 1) + 1, s), slice(start, stop)


def check_images(name: str, x: Array) -> None:
    """Refuse what is not a batch of images."""
    if x.ndim != 4:
        raise ValueError(f"{name} expected images x (N, C, H, W), got an array of shape {x.shape}")


def check_sequences(
    name: str, x: Array, kernel: int, stride: int, padding: int, dilation: int = 1
) -> None:
    """Refuse windows that do not fit sequences x (N, C, T), in terms of sequences.

    The operation then runs on images one pixel high, whose errors would speak of those.
    """
    for what, value in (("kernel", kernel), ("stride", stride), ("dilation", dilation)):
        number(name, what, value, least=1)
    number(name, "padding", padding, least=0)
    span, steps = dilation * (kernel - 1) + 1, x.shape[2] + 2 * padding
    if steps < span:
        raise ValueError(
            f"{name}: the kernel {kernel} with dilation {dilation} covers {span} steps, the "
            f"sequence only {steps}: x {x.shape} with padding {padding}"
        )
