"""How well numbers are predicted."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def r2(outputs: Array, *, target: Array) -> float:
    """Return the coefficient of determination: R² = 1 - Σ (y - t)² / Σ (t - mean t)².

    1 is perfect, 0 is as good as always answering the mean. outputs and target (N,) or (N, D); with
    D columns, the mean over them.

    Raises
    ------
    ValueError
        If the shapes differ, or a column of the target is constant, so that nothing is to explain.
    """
    y, t = np.asarray(outputs, np.float64), np.asarray(target, np.float64)
    if y.shape != t.shape or t.ndim not in (1, 2) or t.size == 0:
        raise ValueError(f"r2 expected two arrays (N,) or (N, D), got {y.shape} and {t.shape}")
    spread = np.sum((t - t.mean(axis=0)) ** 2, axis=0)
    if not np.all(np.ptp(t, axis=0) > 0):
        raise ValueError("r2 expected a target that varies, got one that is constant")
    return float(np.mean(1 - np.sum((y - t) ** 2, axis=0) / spread))
