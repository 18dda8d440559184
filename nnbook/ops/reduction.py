"""Many entries to one: sums, means and maxima along axes.

An axis that is not there raises a ValueError, and so does the mean or maximum of nothing.
"""

from __future__ import annotations

from math import prod as _prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from nnbook.ops._shapes import check_axis
from nnbook.tensor import Array, Input, Pullback, primitive

Axis = int | tuple[int, ...] | None


def _spread(g: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """Repeat a cotangent along the axes that were reduced, to the shape of x."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


def largest(name: str, x: Array, axis: Axis, keepdims: bool) -> Array:
    """Find the largest entries along an axis; refuse an axis that is not there or is empty."""
    check_axis(name, x, axis)
    try:
        return x.max(axis=axis, keepdims=keepdims)
    except ValueError:
        if x.size:  # an axis named twice
            raise
        along = "" if axis is None else f" along axis {axis}"
        raise ValueError(
            f"{name} expected at least one entry{along}, got an array of shape {x.shape}"
        ) from None


@primitive(integers=True)
def sum(x: Input, *, axis: Axis = None, keepdims: bool = False) -> tuple[Array, Pullback]:
    """Sum: y = Σ x along `axis` (all by default). Every summand gets the cotangent of the sum.

    Book: :eq:`eq-sum-mean`.
    """
    check_axis("sum", x, axis)
    y = np.asarray(x.sum(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g, x, axis, keepdims),)


@primitive
def mean(x: Input, *, axis: Axis = None, keepdims: bool = False) -> tuple[Array, Pullback]:
    """Mean: y = Σ x / n along `axis` (all by default). Each of the n gets 1/n of the cotangent.

    Book: :eq:`eq-sum-mean`.
    """
    check_axis("mean", x, axis)
    if x.size == 0:
        raise ValueError(f"mean expected at least one entry, got an array of shape {x.shape}")
    y = np.asarray(x.mean(axis=axis, keepdims=keepdims))
    share = y.size / x.size
    return y, lambda g: (_spread(g * share, x, axis, keepdims),)


@primitive
def var(
    x: Input, *, axis: Axis = None, keepdims: bool = False, correction: int = 0
) -> tuple[Array, Pullback]:
    """Variance: y = Σ (x - x̄)² / (n - c) along `axis` (all by default). dx = 2 g (x - x̄) / (n - c).

    c is the `correction`: 0 for the variance of what is there, as in NumPy and in normalization, 1
    for the unbiased estimate of a larger whole, PyTorch's default. What leaves n - c at 0 or below
    raises a ValueError.
    """
    check_axis("var", x, axis)
    centred = x
    if x.size:  # from the first entry on, so that of what is constant nothing is left
        along = range(x.ndim) if axis is None else normalize_axis_tuple(axis, x.ndim)
        centred = x - x[tuple(slice(0, 1) if i in along else slice(None) for i in range(x.ndim))]
        centred -= centred.mean(axis=axis, keepdims=True)
    n = x.size // _prod(centred.sum(axis=axis, keepdims=True).shape) if x.size else 0
    if n - correction <= 0:
        raise ValueError(
            f"var expected more than {correction} entries along axis {axis}, got shape {x.shape}"
        )
    y = np.asarray((centred * centred).sum(axis=axis, keepdims=keepdims) / (n - correction))
    y = y.astype(x.dtype, copy=False)
    return y, lambda g: (_spread(g * (2 / (n - correction)), x, axis, keepdims) * centred,)


@primitive(integers=True)
def max(x: Input, *, axis: Axis = None, keepdims: bool = False) -> tuple[Array, Pullback]:
    """Maximum: y = max x along `axis` (all by default). The winners share the cotangent equally."""
    y = np.asarray(largest("max", x, axis, keepdims))

    def pullback(g: Array) -> tuple:
        won = x == _spread(y, x, axis, keepdims)
        winners = won.sum(axis=axis, keepdims=True).astype(x.dtype)
        return (_spread(g, x, axis, keepdims) * (won / winners),)

    return y, pullback
