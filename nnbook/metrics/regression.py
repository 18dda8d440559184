"""How well numbers are predicted."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import finite

Array = np.ndarray


def r2(outputs: Any, *, target: Any) -> float:
    """Return the coefficient of determination: R² = 1 - Σ (y - t)² / Σ (t - mean t)².

    1 is perfect, 0 is as good as always answering the mean. outputs and target (N,) or (N, D); with
    D columns, the mean over them. Book: :eq:`eq-r-squared`.

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, a number is not finite, or a column of the target is constant, so that
        nothing is to explain.
    """
    y, t = _pair("r2", outputs, target)
    spread = np.sum((t - t.mean(axis=0)) ** 2, axis=0)
    if not np.all(np.ptp(t, axis=0) > 0):
        raise ValueError("r2 expected a target that varies, got one that is constant")
    return float(np.mean(1 - np.sum((y - t) ** 2, axis=0) / spread))


def mean_absolute_error(outputs: Any, *, target: Any) -> float:
    """Return the mean of |y - t|, in the units of the target. Shapes and errors as in `r2`.

    >>> mean_absolute_error([1, 2, 5], target=[1, 3, 3])
    1.0
    """
    y, t = _pair("mean_absolute_error", outputs, target)
    return float(np.mean(np.abs(y - t)))


def root_mean_squared_error(outputs: Any, *, target: Any) -> float:
    """Return √(mean of (y - t)²), in the units of the target. Shapes and errors as in `r2`."""
    y, t = _pair("root_mean_squared_error", outputs, target)
    return float(np.sqrt(np.mean((y - t) ** 2)))


def _pair(name: str, outputs: Any, target: Any) -> tuple[Array, Array]:
    """Return both in double precision, of one shape (N,) or (N, D), not empty."""
    y = finite(f"{name}: outputs", outputs).astype(np.float64)
    t = finite(f"{name}: target", target).astype(np.float64)
    if y.shape != t.shape or t.ndim not in (1, 2) or t.size == 0:
        raise ValueError(f"{name} expected two arrays (N,) or (N, D), got {y.shape} and {t.shape}")
    return y, t
