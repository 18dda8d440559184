"""Starting values for weights, as large as keeps the signal's variance from layer to layer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.tensor import Array

Initializer = Callable[..., Array]


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return fan-in and fan-out: how many inputs a unit sums, how many units an input feeds.

    A weight (I, O) of a dense layer has I and O. A kernel (O, C, K, K) has C·K·K and O·K·K.

    >>> fans((3, 7)), fans((8, 4, 5, 5))
    ((3, 7), (100, 200))
    """
    if len(shape) < 2:
        raise ValueError(f"fans expected a weight with at least 2 axes, got shape {shape}")
    if len(shape) == 2:
        return shape
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _generator(rng: Any) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "weights are drawn by a numpy Generator, rng=np.random.default_rng(0) for example, "
            f"got rng of type {type(rng).__name__}"
        )
    return rng


def normal(
    shape: tuple[int, ...],
    *,
    rng: np.random.Generator,
    std: float = 0.01,
    dtype: np.typing.DTypeLike = np.float32,
) -> Array:
    """Draw from the normal distribution N(0, std²)."""
    return (std * _generator(rng).standard_normal(shape)).astype(dtype)


def uniform(
    shape: tuple[int, ...],
    *,
    rng: np.random.Generator,
    bound: float,
    dtype: np.typing.DTypeLike = np.float32,
) -> Array:
    """Draw uniformly from [-bound, bound), whose variance is bound² / 3."""
    return _generator(rng).uniform(-bound, bound, shape).astype(dtype)


def he_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw from N(0, 2 / fan-in), for ReLU. Source: He, Zhang, Ren and Sun (2015).

    Book: :eq:`eq-he`.
    """
    return normal(shape, rng=rng, std=math.sqrt(2 / fans(shape)[0]), dtype=dtype)


def he_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw uniformly with the variance 2 / fan-in, for ReLU. Source: He et al. (2015)."""
    return uniform(shape, rng=rng, bound=math.sqrt(6 / fans(shape)[0]), dtype=dtype)


def glorot_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw from N(0, 2 / (fan-in + fan-out)), for tanh. After Glorot and Bengio (2010).

    Book: :eq:`eq-glorot`.
    """
    return normal(shape, rng=rng, std=math.sqrt(2 / sum(fans(shape))), dtype=dtype)


def glorot_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw uniformly with the variance 2 / (fan-in + fan-out). Source: Glorot and Bengio (2010).

    Book: :eq:`eq-glorot`.
    """
    return uniform(shape, rng=rng, bound=math.sqrt(6 / sum(fans(shape))), dtype=dtype)


def lecun_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw from N(0, 1 / fan-in). After LeCun, Bottou, Orr and Müller (1998)."""
    return normal(shape, rng=rng, std=math.sqrt(1 / fans(shape)[0]), dtype=dtype)


def orthogonal(
    shape: tuple[int, int],
    *,
    rng: np.random.Generator,
    gain: float = 1.0,
    dtype: np.typing.DTypeLike = np.float32,
) -> Array:
    """Draw a matrix with orthonormal rows or columns, times `gain`. Source: Saxe et al. (2014)."""
    if len(shape) != 2:
        raise ValueError(f"orthogonal expected a matrix's shape, got {shape}")
    rows, columns = max(shape), min(shape)
    q, r = np.linalg.qr(_generator(rng).standard_normal((rows, columns)))
    q *= np.sign(np.diag(r))  # without this, the draw is not uniform over orthogonal matrices
    return (gain * (q if shape[0] >= shape[1] else q.T)).astype(dtype)


def identity(
    shape: tuple[int, int],
    *,
    rng: np.random.Generator | None = None,
    scale: float = 1.0,
    dtype: np.typing.DTypeLike = np.float32,
) -> Array:
    """Return `scale` times the identity, for recurrent weights. Nothing is drawn.

    A recurrent layer of ReLUs then starts by keeping its state. Source: Le, Jaitly and Hinton
    (2015).
    """
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError(f"identity expected a square matrix's shape, got {shape}")
    return (scale * np.eye(shape[0])).astype(dtype)
