"""How good a band is: an interval for each number, of which a promised share should be inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import finite

Array = np.ndarray


def coverage(low: Any, high: Any, *, target: Any) -> float:
    """Return the share of targets that lie in their intervals, the ends included.

    Parameters
    ----------
    low, high : arrays (...)
        The ends of the intervals, in the units of the target.
    target : array (...)

    Raises
    ------
    TypeError, ValueError
        If the shapes differ or nothing is in them, a number is not finite, or a lower end lies
        above its upper end.

    Examples
    --------
    >>> coverage([0, 0, 0, 0], [1, 1, 1, 1], target=[0.5, 1, 2, -1])
    0.5
    """
    low, high, target = (
        finite(f"coverage: {name}", values)
        for name, values in (("low", low), ("high", high), ("target", target))
    )
    if not low.shape == high.shape == target.shape or target.size == 0:
        raise ValueError(
            f"coverage expected three arrays of one shape, got {low.shape}, {high.shape} and "
            f"{target.shape}"
        )
    crossed = int((low > high).sum())
    if crossed:
        raise ValueError(f"coverage expected low ≤ high, got {crossed} intervals that are crossed")
    return float(np.mean((low <= target) & (target <= high)))
