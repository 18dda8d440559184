"""From probabilities to actions: what each error costs decides where the threshold lies."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import as_array, finite
from nnbook.metrics._probabilities import class_probabilities

Array = np.ndarray


def cost_threshold(costs: Any) -> float:
    """Return the probability above which acting is cheaper than waiting.

    p* = (C₁₀ - C₀₀) / (C₁₀ - C₀₀ + C₀₁ - C₁₁). Book: :eq:`eq-cost-threshold`.

    Parameters
    ----------
    costs : array (2, 2)
        C: row 0 for waiting, row 1 for acting; column 0 if the answer turns out to be *no*, column
        1 if it is *yes*.

    Raises
    ------
    ValueError
        If the costs are not of shape (2, 2) or not finite; if acting does not cost more than
        waiting where the answer is *no*, or waiting not more than acting where it is *yes*: then
        one of the two actions is never the dearer one, and there is nothing to decide.

    Notes
    -----
    Source: Elkan (2001), who calls such a matrix reasonable.

    Examples
    --------
    >>> cost_threshold([[0, 150], [30, 30]])  # an insurance of 30 against a loss of 150
    0.2
    """
    C = _costs("cost_threshold", costs)
    if C.shape != (2, 2):
        raise ValueError(f"cost_threshold expected costs of shape (2, 2), got {C.shape}")
    too_early, too_late = C[1, 0] - C[0, 0], C[0, 1] - C[1, 1]
    if too_early <= 0 or too_late <= 0:
        raise ValueError(
            "cost_threshold expected acting to cost more than waiting if the answer is no, and "
            f"less if it is yes, got {C.tolist()}: one action is never the dearer one"
        )
    return float(too_early / (too_early + too_late))


def cheapest_action(probabilities: Any, costs: Any) -> Array:
    """Return for each example the action with the lowest expected cost, the first of equal ones.

    argminₐ Σₖ pₖ Cₐₖ. Book: :eq:`eq-cheapest-action`.

    Parameters
    ----------
    probabilities : array (N, K), or (N,) for two classes
        Each row adds up to 1; a single number is the probability of class 1.
    costs : array (A, K)
        C: what each of A actions costs in each of K cases.

    Raises
    ------
    TypeError, ValueError
        If a probability is not between 0 and 1 or a row does not add up to 1, a cost is not
        finite, or the number of classes differs.

    Examples
    --------
    >>> cheapest_action([0.1, 0.3], [[0, 150], [30, 30]])
    array([0, 1])
    """
    C = _costs("cheapest_action", costs)
    P = class_probabilities("cheapest_action", probabilities)
    if C.shape[1] != P.shape[1]:
        raise ValueError(
            f"cheapest_action expected costs of {P.shape[1]} classes, got shape {C.shape}"
        )
    return (P @ C.T).argmin(axis=1)


def mean_cost(actions: Any, *, target: Any, costs: Any) -> float:
    """Return what the actions cost on average, given what turned out to be true: mean of C[a, t].

    Parameters
    ----------
    actions, target : integer arrays (N,)
        Row and column of `costs` for each example.
    costs : array (A, K)

    Raises
    ------
    TypeError, ValueError
        If the lengths differ, nothing is in them, a number is not whole, or has no row or column.

    Examples
    --------
    >>> mean_cost([0, 0, 1], target=[0, 1, 1], costs=[[0, 150], [30, 30]])
    60.0
    """
    C = _costs("mean_cost", costs)
    rows, columns = (
        _numbers(f"mean_cost: {name}", values, n)
        for name, values, n in (("actions", actions, len(C)), ("target", target, C.shape[1]))
    )
    if rows.shape != columns.shape or rows.size == 0:
        raise ValueError(
            f"mean_cost expected as many actions as targets, got {rows.shape} and {columns.shape}"
        )
    return float(C[rows, columns].mean())


def _costs(name: str, costs: Any) -> Array:
    C = finite(f"{name}: costs", costs).astype(float)
    if C.ndim != 2 or 0 in C.shape:
        raise ValueError(f"{name} expected costs of shape (actions, classes), got {C.shape}")
    return C


def _numbers(name: str, values: Any, n: int) -> Array:
    found = as_array(name, values)
    whole = found.astype(np.intp) if found.ndim == 1 and np.isfinite(found).all() else None
    if whole is None or (whole != found).any() or ((whole < 0) | (whole >= n)).any():
        raise ValueError(f"{name} expected a vector of whole numbers from 0 to {n - 1}")
    return whole
