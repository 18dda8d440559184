"""Choosing between entries: the larger, the smaller, within limits, or by a mask."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.ops._shapes import cannot_broadcast, sum_to
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def clip(
    x: Input, *, low: float | None = None, high: float | None = None
) -> tuple[Array, Pullback]:
    """Limit: y = min(max(x, low), high). dy/dx = 1 where low ≤ x ≤ high, else 0. Any shape.

    Parameters
    ----------
    x : array
    low, high : float, optional
        The limits; without one there is none on that side.

    Raises
    ------
    ValueError
        If low is larger than high, one of them is NaN, or there is neither.
    """
    lowest = -math.inf if low is None else low
    highest = math.inf if high is None else high
    if not lowest <= highest or (low is None and high is None):
        raise ValueError(f"clip expected low ≤ high, at least one of them, got {low} and {high}")
    y = np.clip(x, lowest, highest)
    return y, lambda g: (np.multiply(g, (x >= lowest) & (x <= highest)),)


@primitive(integers=True)
def minimum(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Take the smaller: y = min(a, b), with broadcasting. It gets the cotangent; a tie halves it.

    Shapes that do not broadcast raise a ValueError.
    """
    try:
        y = np.minimum(a, b)
    except ValueError:
        raise cannot_broadcast("minimum", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        tie = a == b
        to_a = g * np.where(tie, g.dtype.type(0.5), (a < b).astype(g.dtype))
        return sum_to(to_a, a.shape), sum_to(g - to_a, b.shape)

    return y, pullback


@primitive(integers=True)
def maximum(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Take the larger: y = max(a, b), with broadcasting. It gets the cotangent; a tie halves it.

    Shapes that do not broadcast raise a ValueError.
    """
    try:
        y = np.maximum(a, b)
    except ValueError:
        raise cannot_broadcast("maximum", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        tie = a == b
        to_a = g * np.where(tie, g.dtype.type(0.5), (a > b).astype(g.dtype))
        return sum_to(to_a, a.shape), sum_to(g - to_a, b.shape)

    return y, pullback


@primitive(integers=True)
def where(a: Input, b: Input, *, mask: Array) -> tuple[Array, Pullback]:
    """Choose: y = a where `mask` is True, else b. Each gets the cotangent of what it gave.

    a, b and mask broadcast. Shapes that do not raise a ValueError, a mask that is not boolean a
    TypeError.
    """
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"where expected a boolean mask, got dtype {mask.dtype}")

    try:
        y: Any = np.where(mask, a, b)
    except ValueError:
        raise cannot_broadcast("where", a=a, b=b, mask=mask) from None

    def pullback(g: Array) -> tuple:
        return sum_to(g * mask, a.shape), sum_to(g * ~mask, b.shape)

    return y, pullback
