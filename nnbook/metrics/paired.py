"""Two classifiers on one test set: only the examples on which they differ say anything."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from nnbook.metrics.classification import class_numbers

Array = np.ndarray


class McNemar(NamedTuple):
    """What `mcnemar` counts: only the first right, only the second right, and the p-value."""

    first: int
    second: int
    p: float


def mcnemar(first: Any, second: Any, *, target: Any, threshold: float | None = None) -> McNemar:
    """Ask whether two classifiers of the same examples are equally often right: McNemar's test.

    Of the n = a + b examples that exactly one of them gets right, a belong to the first. If both
    were equally good, a would be binomial with n and 1/2. The p-value is the probability of a
    split at least as uneven: p = min(1, 2 Σ C(n, k) / 2ⁿ), where k runs from 0 to the smaller of a
    and b; it is 1 if they never differ. Book: :eq:`eq-mcnemar`.

    Parameters
    ----------
    first, second : arrays (..., V) of scores, or (...) of class numbers
    target : array (...) of class numbers
    threshold : float, optional
        As in `accuracy`.

    Raises
    ------
    TypeError, ValueError
        As in `accuracy`.

    Notes
    -----
    Source: McNemar (1947); this is the exact form of his test, with the binomial distribution
    instead of its approximation.

    Examples
    --------
    >>> mcnemar([1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0], target=[1, 1, 1, 1, 1, 0])
    McNemar(first=5, second=0, p=0.0625)
    """
    right = []
    for outputs in (first, second):
        predicted, true, _ = class_numbers(outputs, target, threshold)
        right.append(predicted == true)
    a, b = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    n = a + b
    tail = sum(math.comb(n, k) for k in range(min(a, b) + 1))
    return McNemar(a, b, min(1.0, 2 * tail / 2**n))
