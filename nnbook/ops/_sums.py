"""Sums and extremes of short arrays and along short axes, where .sum() and .max() are slow.

Sums are products with ones, 2 to 6 times as fast.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from nnbook.tensor import Array


@lru_cache(maxsize=64)
def constants(n: int, value: float, dtype: np.dtype) -> Array:
    """Return a read-only vector of n equal values, the same one each time."""
    vector = np.full(n, value, dtype)
    vector.flags.writeable = False
    return vector


def column_sums(x: Array) -> Array:
    """Sum x (N, D) over its rows, to (D,)."""
    return constants(len(x), 1, x.dtype).dot(x)


def row_sums(x: Array) -> Array:
    """Sum x (..., D) over its last axis, to (...)."""
    return x.dot(constants(x.shape[-1], 1, x.dtype))


def row_max(x: Array) -> Array:
    """Take the largest entry of each row of x (N, D), to (N,)."""
    if x.shape[1] > 128:
        return x.max(axis=1)
    return np.maximum.reduce(np.ascontiguousarray(x.T), axis=0)  # whole columns at a time


def extremes(x: Array) -> tuple[float, float]:
    """Find the smallest and the largest of all entries, as Python numbers. There must be one."""
    # To look for their places is called three times as fast as .min() and .max().
    return x.item(x.argmin()), x.item(x.argmax())
