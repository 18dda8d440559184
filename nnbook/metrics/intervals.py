"""How sure a measured number is: confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from nnbook.metrics._checks import as_array

Array = np.ndarray


def wilson_interval(
    successes: int, trials: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Wilson's confidence interval of a share, such as an accuracy on a test set.

    With p = k / n and z the normal quantile: (p + z²/2n ± z √(p (1-p)/n + z²/4n²)) / (1 + z²/n).
    Unlike p ± z √(p (1-p)/n), it stays within [0, 1] and has a width even when p is 0 or 1.
    Book: :eq:`eq-wilson`. Source: Wilson (1927).

    >>> low, high = wilson_interval(98, 100)
    >>> f"{low:.3f} {high:.3f}"
    '0.930 0.994'
    """
    for number in (successes, trials):
        if as_array("wilson_interval", number).ndim:
            raise ValueError(f"wilson_interval expected two numbers, got {number!r}")
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
    the interval holds the middle share `confidence` of the values of `statistic(*drawn)`. Book:
    :eq:`eq-bootstrap`.

    Parameters
    ----------
    statistic : callable
        Takes the samples, gives a number. Where it refuses a draw with a ValueError (an AUC of
        rows that are all of one class), other rows are drawn: the interval is then that of draws
        for which the statistic is defined.
    samples : arrays, of one length N
    rng : numpy.random.Generator
    resamples : int
        How many draws, at least 1.
    confidence : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the samples are empty or of different lengths; if the statistic refuses the samples
        themselves or more than half of the draws; if it gives NaN.

    Notes
    -----
    Source: Efron (1979).
    """
    lengths = {len(s) for s in samples}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"expected samples of one length, not empty, got lengths {lengths}")
    if resamples < 1:
        raise ValueError(f"bootstrap_interval expected at least 1 resample, got {resamples}")
    _quantile(confidence)
    samples, n = tuple(np.asarray(s) for s in samples), lengths.pop()
    statistic(*samples)  # what it refuses here is no matter of luck
    values: list[float] = []
    refused = 0
    while len(values) < resamples:
        rows = rng.integers(n, size=n)
        try:
            values.append(statistic(*(s[rows] for s in samples)))
        except ValueError as error:
            refused += 1
            if refused > resamples:
                raise ValueError(
                    f"bootstrap_interval: the statistic refused {refused} of "
                    f"{refused + len(values)} draws of {n} rows, the last with: {error}"
                ) from error
    if np.isnan(values).any():
        raise ValueError("bootstrap_interval: the statistic gave NaN for a draw of the rows")
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
