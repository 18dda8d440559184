"""Exercises of the chapter *From dense to convolution*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

exercise(
    "convolution.count",
    asks="a function parameters(C, O, K) that returns a whole number",
    solution=lambda C, O, K: O * (C * K * K + 1),
    inputs=lambda rng: tuple(int(n) for n in rng.permutation([3, 5, 7, 11])[:3]),
    mistakes={
        "biases forgotten: each kernel has one bias": lambda C, O, K: O * C * K * K,
        "one channel only: a kernel has a slice for every channel it reads": lambda C, O, K: (
            O * (K * K + 1)
        ),
        "a bias for each slice: a map has one bias, whatever the number of channels": (
            lambda C, O, K: O * C * (K * K + 1)
        ),
        "K weights: a slice has K rows of K weights each": lambda C, O, K: O * (C * K + 1),
    },
)


def _slide(x: Array, w: Array) -> Array:
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


exercise(
    "convolution.slide",
    asks="a function slide(x, w) of arrays (T,) and (K,) that returns an array (T - K + 1,)",
    solution=_slide,
    inputs=lambda rng: (rng.standard_normal(11), rng.standard_normal(4)),
    mistakes={
        "kernel turned round: the first weight meets the first pixel of the window": lambda x, w: (
            _slide(x, w[::-1])
        ),
        "last window forgotten: T - K + 1 windows fit, one more than T - K": lambda x, w: _slide(
            x, w
        )[:-1],
        "padded: no window may hang over the edge": lambda x, w: np.correlate(x, w, "same"),
        "window after window: the windows overlap, each begins one place after the last": (
            lambda x, w: _slide(x, w)[:: len(w)]
        ),
    },
)

exercise(
    "convolution.padding",
    asks="a function padding(K) that returns a whole number, for odd K",
    solution=lambda K: (K - 1) // 2,
    inputs=lambda rng: (int(rng.choice([3, 5, 7, 9])),),
    mistakes={
        "too wide: half of K, rounded down, is (K - 1) / 2 on each side, not on both together": (
            lambda K: K - 1
        ),
        "none: without padding the border is lost": lambda K: 0,
        "rounded up: with (K + 1) / 2 there is one row too many": lambda K: (K + 1) // 2,
        "a half too much: the pixel in the middle of the kernel needs no border": lambda K: K / 2,
    },
)

RIGHT = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
DIAGONAL = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 0]])


def _apply(kernels: tuple, image: Array) -> Array:
    """Slide both kernels over the image (H, W), padding 1."""
    right, diagonal = (np.asarray(k, dtype=float) for k in kernels)
    if right.shape != (3, 3) or diagonal.shape != (3, 3):
        raise ValueError(f"expected two (3, 3) kernels, got {right.shape} and {diagonal.shape}")
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, 1), (3, 3))
    return np.einsum("hwuv,kuv->khw", windows, np.array([right, diagonal]))


exercise(
    "convolution.kernels",
    asks="two arrays (3, 3) in brackets: (right, diagonal)",
    solution=(RIGHT, DIAGONAL),
    inputs=lambda rng: (rng.standard_normal((5, 7)),),
    probe=_apply,
    mistakes={
        "turned round: here the kernel is not flipped, the left neighbour has the left weight": (
            RIGHT[::-1, ::-1],
            DIAGONAL[::-1, ::-1],
        ),
        "the first moves to the left: the new value must come from the left neighbour": (
            RIGHT[:, ::-1],
            DIAGONAL,
        ),
        "the first moves down: rows come first, columns second": (RIGHT.T, DIAGONAL),
        "wrong sign: the pixel minus its neighbour": (RIGHT, -DIAGONAL),
        "exchanged: the one that moves the picture to the right comes first": (DIAGONAL, RIGHT),
    },
)


def _toeplitz(w: Array, n: int) -> Array:
    M = np.zeros((n - len(w) + 1, n))
    for i in range(len(M)):
        M[i, i : i + len(w)] = w
    return M


exercise(
    "convolution.toeplitz",
    asks="a function toeplitz(w, n) that returns a matrix (n - K + 1, n)",
    solution=_toeplitz,
    inputs=lambda rng: (rng.standard_normal(4), int(rng.integers(7, 12))),
    mistakes={
        "kernel turned round: that is the convolution of mathematics": lambda w, n: _toeplitz(
            w[::-1], n
        ),
        "transposed: one row for each output": lambda w, n: _toeplitz(w, n).T,
        "a ring: no window may begin at the end and go on at the beginning": lambda w, n: np.array(
            [np.roll(np.pad(w, (0, n - len(w))), i) for i in range(n)]
        ),
        "not moved: each row begins one place further": lambda w, n: np.tile(
            np.pad(w, (0, n - len(w))), (n - len(w) + 1, 1)
        ),
    },
)
