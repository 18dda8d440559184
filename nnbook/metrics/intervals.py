"""How sure a measured number is: confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

Array = np.ndarray


def wilson_interval(
    successes: int, trials: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Wilson's confidence interval of a share, such as an accuracy on a test set.

    With p = k / n and z the normal quantile: (p + z²/2n ± z √(p (1-p)/n + z²/4n²)) / (1 + z²/n).
    Unlike p ± z √(p (1-p)/n), it stays within [0, 1] and has a width even when p is 0 or 1.
    Source: Wilson (1927).

    >>> low, high = wilson_interval(98, 100)
    >>> f"{low:.3f} {high:.3f}"
    '0.930 0.994'
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"expected 0 ≤ successes ≤ trials, trials ≥ 1, got {successes}, {trials}")
    z = _quantile(confidence)
    p, c = successes / trials, z * z / trials
    half = z * math.sqrt(p * (1 - p) / trials + c / (4 * trials))
    return max(0.0, (p + c / 2 - half) / (1 + c)), min(1.0, (p + c / 2 + half) / (1 + c))


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"expected a confidence between 0 and 1, got {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def bootstrap_interval(
    statistic: Callable[..., float],
    *samples: Array,
    rng: np.random.Generator,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the bootstrap's percentile interval of any statistic of the rows.

    The rows of `samples` are drawn anew with replacement, the same rows of each, `resamples` times;
    the interval holds the middle share `confidence` of the values of `statistic(*drawn)`.
    Source: Efron (1979).
    """
    lengths = {len(s) for s in samples}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"expected samples of one length, not empty, got lengths {lengths}")
    _quantile(confidence)
    n = lengths.pop()
    draws = (rng.integers(n, size=n) for _ in range(resamples))
    values = [statistic(*(np.asarray(s)[rows] for s in samples)) for rows in draws]
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
