"""When the mix of classes has changed since training: probabilities for the new mix."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import finite
from nnbook.metrics._probabilities import class_probabilities

Array = np.ndarray


def change_prior(probabilities: Any, old: Any, new: Any) -> Array:
    """Return the probabilities that a classifier would give if the classes came in other shares.

    p'ₖ = pₖ π'ₖ/πₖ / Σⱼ pⱼ π'ⱼ/πⱼ. Book: :eq:`eq-change-prior`.

    Right if only the shares π have changed, not what the examples of each class look like.

    Parameters
    ----------
    probabilities : array (N, K), or (N,) for two classes
        As the classifier gives them; a single number is the probability of class 1.
    old, new : arrays (K,), or numbers for two classes
        π and π': the share of each class in training and now; a single number is that of class 1.
        The old ones are above 0.

    Returns
    -------
    array of the shape of `probabilities`

    Raises
    ------
    TypeError, ValueError
        If something is no probability, does not add up to 1, or the number of classes differs; if
        an example has probability 0 for every class that there is now.

    Notes
    -----
    Source: Elkan (2001), Theorem 2, for two classes; Saerens, Latinne and Decaestecker (2002).

    Examples
    --------
    >>> change_prior([0.5, 0.2], old=0.2, new=0.5)
    array([0.8, 0.5])
    """
    P = class_probabilities("change_prior", probabilities)
    ratio = _shares("new", new, P.shape[1], low=0) / _shares("old", old, P.shape[1])
    weighted = P * ratio
    total = weighted.sum(axis=1, keepdims=True)
    if not total.all():
        raise ValueError(
            "change_prior got an example that is surely of a class whose share is now 0"
        )
    changed = weighted / total
    return changed[:, 1] if np.ndim(probabilities) == 1 else changed


def estimate_prior(
    probabilities: Any, old: Any, *, tolerance: float = 1e-6, limit: int = 10_000
) -> Any:
    """Estimate the shares of the classes from new examples, without their labels.

    π' ← mean over the examples of `change_prior(p, π, π')`, from π' = π, until no share moves by
    more than `tolerance`: the EM algorithm. Book: :eq:`eq-estimate-prior`.

    It finds the shares that make the new examples most likely, *if only the shares have changed*.
    Where the examples of a class look different now, it takes that for other shares.

    Parameters
    ----------
    probabilities, old
        As in `change_prior`, for the new examples.
    tolerance : float
    limit : int
        How many rounds at most.

    Returns
    -------
    array (K,), or a float for two classes

    Raises
    ------
    TypeError, ValueError
        As in `change_prior`.

    Notes
    -----
    Source: Saerens, Latinne and Decaestecker (2002).

    Examples
    --------
    >>> p = np.repeat([0.9, 0.1], [20, 80])  # half of the training examples were of class 1
    >>> round(estimate_prior(p, old=0.5), 3)
    0.125
    """
    P = class_probabilities("estimate_prior", probabilities)
    start = now = _shares("old", old, P.shape[1])
    for _ in range(limit):
        before, now = now, change_prior(P, start, now).mean(axis=0)
        now = now / now.sum()
        if np.abs(now - before).max() <= tolerance:
            break
    return float(now[1]) if np.ndim(probabilities) == 1 else now


def _shares(name: str, shares: Any, K: int, low: float = 1e-12) -> Array:
    """Return the shares of K classes, (K,)."""
    found = finite(f"the {name} shares", shares).astype(float)
    if found.ndim == 0 and K == 2:
        found = np.array([1 - found, found])
    if found.shape != (K,):
        raise ValueError(f"expected the {name} shares of {K} classes, got shape {found.shape}")
    if found.min() < low or found.max() > 1 or abs(found.sum() - 1) > 1e-6:
        raise ValueError(
            f"expected the {name} shares of the classes to be {'above 0' if low else 'at least 0'} "
            f"and to add up to 1, got {found.tolist()}"
        )
    return found
