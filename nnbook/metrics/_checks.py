"""What every metric asks of the arrays it is given."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray


def as_array(name: str, values: Any) -> Array:
    """Return the values as an array of real numbers; refuse a Tensor, and what is none, in words.

    Raises
    ------
    TypeError
        If the values are a Tensor, of unequal lengths, words or complex numbers.
    """
    if getattr(values, "__array_ufunc__", Ellipsis) is None:  # a Tensor, which metrics do not know
        raise TypeError(f"{name} expected an array, got a {type(values).__name__}; use its .data")
    try:
        values = np.asarray(values)
    except ValueError:  # rows of unequal lengths
        raise TypeError(f"{name} expected an array, got rows of unequal lengths") from None
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{name} expected real numbers, got dtype {values.dtype}")
    return values


def finite(name: str, values: Any) -> Array:
    """Return the values as an array of finite real numbers."""
    values = as_array(name, values)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} expected finite numbers, got NaN or infinity among them")
    return values
