"""Exercises of the chapter *Depth and kernel size*: kernels made of kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _compose(a: Array, b: Array) -> Array:
    k, j = len(a), len(b)
    K = np.zeros((k + j - 1, k + j - 1))
    for u, v in np.ndindex(j, j):
        K[u : u + k, v : v + k] += b[u, v] * a
    return K


def _inside(a: Array, b: Array) -> Array:
    """What is seen without going over the edge, of the turned kernel."""
    cut = (len(b) - 1) // 2
    K = _compose(a, b)
    return K[cut : len(K) - cut, cut : len(K) - cut]


exercise(
    "convolution.depth-compose",
    asks="a function compose(a, b) that returns an array (k + j - 1, k + j - 1)",
    solution=_compose,
    inputs=lambda rng: (rng.standard_normal((5, 5)), rng.standard_normal((3, 3))),
    mistakes={
        "turned round: the second kernel reads at u what the first has put there": lambda a, b: (
            _compose(a, b[::-1, ::-1])
        ),
        "cut off: the pair sees k + j - 1 pixels, more than either": _inside,
        "transposed: rows go with rows": lambda a, b: _compose(a, b.T),
        "one row only: both indices add up": lambda a, b: _compose(
            a, np.vstack([b[:1], 0 * b[1:]])
        ),
        "added: the weights along a path are multiplied": lambda a, b: (
            _compose(a, np.ones_like(b)) + _compose(np.ones_like(a), b)
        ),
        "block by block: neighbouring windows overlap, so their products add up": np.kron,
    },
)


def _split(k: Array, joined: bool = True) -> tuple[Array, Array]:
    roots = np.roots(k[::-1])
    upper = [z for z in roots if z.imag > 1e-12]
    real = sorted(z.real for z in roots if abs(z.imag) <= 1e-12)
    factors = [np.array([abs(z) ** 2, -2 * z.real, 1.0]) for z in upper]
    factors += [np.array([p * q, -p - q, 1.0]) for p, q in zip(real[::2], real[1::2])]
    return (k[4] if joined else 1) * factors[0], factors[1]


def _product(answer: Callable, k: Array) -> Any:
    two = answer(k)
    if two is None:
        return None
    try:
        a, b = (np.asarray(kernel).reshape(-1) for kernel in two)
    except (TypeError, ValueError):
        raise AnswerError("two kernels are expected, a and b") from None
    if a.shape != (3,) or b.shape != (3,):
        raise AnswerError(f"both kernels should have 3 entries, yours have {len(a)} and {len(b)}")
    if np.iscomplexobj(a) and max(np.abs(a.imag).max(), np.abs(b.imag).max()) > 1e-9:
        raise AnswerError("the kernels should be real: a root and its conjugate stay together")
    return np.convolve(a.real, b.real)


def _quartic(rng: np.random.Generator) -> tuple[Array]:
    """Draw a kernel with no real roots, with two or with four."""
    kinds = [[0.5, 1.5, -1.3, 0.9], [0.8 + 0.6j, 0.8 - 0.6j, -1.2, 0.7]]
    kinds.append([0.3 + 1.1j, 0.3 - 1.1j, -0.9 + 0.4j, -0.9 - 0.4j])
    roots = np.array(kinds[int(rng.integers(3))]) * rng.uniform(0.8, 1.2)
    return (rng.uniform(1.5, 3) * np.real(np.poly(roots))[::-1],)


def _of_halves(roots: Array, k: Array) -> tuple[Array, Array]:
    return k[4] * np.poly(roots[:2])[::-1], np.poly(roots[2:])[::-1]


exercise(
    "convolution.depth-split",
    asks="a function split(k) that returns two arrays (3,)",
    solution=_split,
    inputs=_quartic,
    probe=_product,
    mistakes={
        "factor forgotten: roots say nothing about the size, multiply by k[4]": lambda k: _split(
            k, joined=False
        ),
        "factor twice: one of the two kernels carries it": lambda k: (
            _split(k)[0],
            k[4] * _split(k)[1],
        ),
        "other end: the factor is the entry of the highest power, k[4]": lambda k: (
            _split(k)[0] * k[0] / k[4],
            _split(k)[1],
        ),
        "mixed orders: both kernels begin with the same end": lambda k: (
            _split(k)[0],
            _split(k)[1][::-1],
        ),
        "real parts only: a conjugate pair multiplies to |z|², not to its real part squared": (
            lambda k: tuple(
                factor * scale
                for factor, scale in zip(
                    (
                        np.poly(np.sort(np.roots(k[::-1]).real)[:2])[::-1],
                        np.poly(np.sort(np.roots(k[::-1]).real + 1e-9)[2:] * 1.001)[::-1],
                    ),
                    (k[4], 1.0),
                )
            )
        ),
    },
)


def _shifts(K: Array, twice: bool = False, turn: int = 1) -> tuple[Array, Array]:
    A, B, rest = np.zeros((4, 1, 3, 3)), np.zeros((1, 4, 3, 3)), np.array(K)
    for m, (u, v) in enumerate(((0, 0), (0, 2), (2, 0), (2, 2))):
        A[m, 0, turn * u + (1 - turn), turn * v + (1 - turn)] = 1
        B[0, m] = rest[u : u + 3, v : v + 3]
        if not twice:
            rest[u : u + 3, v : v + 3] = 0  # an entry where blocks overlap is used once
    return A, B


def _windows(x: Array, kernels: Array) -> Array:
    """Convolve x (C, H, W) with kernels (O, C, 3, 3), without padding."""
    views = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (1, 2))  # (C, H-2, W-2, 3, 3)
    return np.einsum("chwuv,ocuv->ohw", views, kernels)


def _seen(answer: Callable, K: Array, x: Array) -> Any:
    two = answer(K)
    if two is None:
        return None
    A, B = (np.asarray(kernel, float) for kernel in two)
    if A.shape != (4, 1, 3, 3) or B.shape != (1, 4, 3, 3):
        raise AnswerError(
            f"expected kernels (4, 1, 3, 3) and (1, 4, 3, 3), got {A.shape} and {B.shape}"
        )
    return _windows(np.maximum(_windows(x, A), 0), B)[0]


exercise(
    "convolution.depth-shifts",
    asks="a function shifts(K) that returns arrays (4, 1, 3, 3) and (1, 4, 3, 3)",
    solution=_shifts,
    inputs=lambda rng: (rng.standard_normal((5, 5)), rng.random((1, 9, 11))),
    probe=_seen,
    mistakes={
        "overlap counted twice: the four blocks share a row and a column": lambda K: _shifts(
            K, twice=True
        ),
        "not moved: each block needs an input that is moved to its corner": lambda K: _shifts(
            K, turn=0
        ),
        "kernel turned round: the block at the top reads the pixels at the top": lambda K: _shifts(
            K[::-1, ::-1]
        ),
        "transposed: rows of K stay rows": lambda K: _shifts(K.T),
        "moved backwards: a 1 in the upper left corner reads what lies above and left": lambda K: (
            _shifts(K)[0][:, :, ::-1, ::-1],
            _shifts(K)[1],
        ),
        "negative: behind a ReLU nothing is left of a map times -1": lambda K: (
            -_shifts(K)[0],
            -_shifts(K)[1],
        ),
    },
)
