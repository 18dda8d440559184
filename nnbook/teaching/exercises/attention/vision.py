"""Exercises of the chapter *A vision transformer*: patches, their kernel, sizes, the way back."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _cut(images: Array, P: int, axes: tuple[int, ...] = (0, 2, 4, 1, 3, 5)) -> Array:
    B, C, H, W = images.shape
    grid = images.reshape(B, C, H // P, P, W // P, P)
    return grid.transpose(axes).reshape(B, -1, C * P * P)


def _lay_out(squares: Array, P: int, shape: tuple[int, ...]) -> Array:
    B, C, H, W = shape
    rows = squares.reshape(B, H // P, W // P, C, P, P)
    return rows.transpose(0, 3, 1, 4, 2, 5).reshape(shape)


exercise(
    "attention.vision-cut",
    asks="a function cut(images, P) that returns an array (B, N, C P²)",
    solution=_cut,
    inputs=lambda rng: (rng.standard_normal((3, 5, 8, 12)), 4),
    mistakes={
        "cut in lines: a reshape alone takes pixels that follow each other, not squares": (
            lambda images, P: images.reshape(len(images), -1, images.shape[1] * P * P)
        ),
        "column by column: the patches of a row of the grid come one after the other": (
            lambda images, P: _cut(images, P, (0, 4, 2, 1, 3, 5))
        ),
        "channel last: within a patch the channel comes first, then the row, then the column": (
            lambda images, P: _cut(images, P, (0, 2, 4, 3, 5, 1))
        ),
        "columns before rows: within a patch the row comes before the column": (
            lambda images, P: _cut(images, P, (0, 2, 4, 1, 5, 3))
        ),
        "channels apart: a token has all channels of its patch": lambda images, P: _cut(
            images, P, (0, 1, 2, 4, 3, 5)
        ),
    },
)


def _kernel(E: Array, C: int) -> Array:
    P = math.isqrt(len(E) // C)
    return E.T.reshape(-1, C, P, P)


def _channels_last(E: Array, C: int) -> Array:
    P = math.isqrt(len(E) // C)
    return E.T.reshape(-1, P, P, C).transpose(0, 3, 1, 2)


exercise(
    "attention.vision-kernel",
    asks="a function kernel(E, C) that returns an array (D, C, P, P)",
    solution=_kernel,
    inputs=lambda rng: (rng.standard_normal((3 * 16, 7)), 3),
    mistakes={
        "not transposed: each of the D outputs is a column of E": lambda E, C: E.reshape(
            _kernel(E, C).shape
        ),
        "channels last: the rows of E go through the channels first": _channels_last,
        "turned: rows and columns of a patch keep their places": lambda E, C: _kernel(
            E, C
        ).swapaxes(2, 3),
        "flipped: conv2d lays the kernel on the image as it is": lambda E, C: _kernel(E, C)[
            :, :, ::-1, ::-1
        ],
    },
)


def _cost(
    H: int, P: int, C: int, K: int, D: int, M: int, *, extra: int = 0, more: int = 1
) -> tuple[int, int]:
    N = (H // P) ** 2
    n = M * (12 * D**2 + 13 * D) + (C * P**2 + N + 5) * D + (D + 1) * K
    return n + extra * D, (N + more) ** 2


exercise(
    "attention.vision-count",
    asks="a function cost(H, P, C, K, D, M) that returns two whole numbers, parameters and pairs",
    solution=_cost,
    inputs=lambda rng: (
        5 * int(rng.integers(6, 11)),
        5,
        3,
        int(rng.integers(11, 19)),
        8 * int(rng.integers(4, 8)),
        int(rng.integers(4, 9)),
    ),
    mistakes={
        "no place for the class token: the table has N + 1 rows": lambda *a: _cost(*a, extra=-1),
        "class token forgotten: it looks and is looked at, so there are (N + 1)² pairs": (
            lambda *a: _cost(*a, more=0)
        ),
        "last norm forgotten: a norm has a scale and a shift of D numbers each": lambda *a: _cost(
            *a, extra=-2
        ),
        "one channel: a patch has C P² numbers": lambda H, P, C, K, D, M: _cost(H, P, 1, K, D, M),
        "side of the grid: N is the number of patches in both directions": (
            lambda H, P, C, K, D, M: (
                _cost(H, P, C, K, D, M)[0] - ((H // P) ** 2 - H // P) * D,
                (H // P + 1) ** 2,
            )
        ),
    },
)


def _backward(images: Array, E: Array, g: Array, P: int) -> tuple[Array, Array, Array]:
    dE = np.einsum("bni,bno->io", _cut(images, P), g)
    return _lay_out(g @ E.T, P, images.shape), dE, g.sum(axis=(0, 1))


exercise(
    "attention.vision-back",
    asks="a function backward(images, E, g, P) that returns (dimages, dE, db)",
    solution=_backward,
    inputs=lambda rng: (
        rng.standard_normal((3, 5, 8, 12)),
        rng.standard_normal((5 * 16, 7)),
        rng.standard_normal((3, 6, 7)),
        4,
    ),
    mistakes={
        "pixels out of place: the squares have to be laid out in the image again": (
            lambda images, E, g, P: (
                (g @ E.T).reshape(images.shape),
                *_backward(images, E, g, P)[1:],
            )
        ),
        "one patch for all: E and b are used in every patch, so their terms add over n": (
            lambda images, E, g, P: (
                _backward(images, E, g, P)[0],
                *_backward(images, E, g / g.shape[1], P)[1:],
            )
        ),
        "mean over the batch: the loss has already divided by the batch": lambda images, E, g, P: (
            _backward(images, E, g, P)[0],
            *_backward(images, E, g / len(g), P)[1:],
        ),
        "image in lines: dE needs the patches as they were cut": lambda images, E, g, P: (
            _backward(images, E, g, P)[0],
            np.einsum("bni,bno->io", images.reshape(*g.shape[:2], -1), g),
            g.sum(axis=(0, 1)),
        ),
    },
)
