"""The L1 penalty: a step that pulls every weight towards zero by the same amount, and stops there.

The slope of |w| jumps at zero, so a gradient step cannot come to rest there. The proximal step
does: it solves the penalty exactly, after the optimizer's own step.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.optim.optimizer import Decays
from nnbook.optim.parameters import named
from nnbook.tensor import Array


def soft_threshold(x: Array, amount: float) -> Array:
    """Pull towards zero: y = sign(x) max(|x| - a, 0), the w that minimizes ½ (w - x)² + a |w|.

    Parameters
    ----------
    x : array, any shape
    amount : float
        a, 0 or more.

    Raises
    ------
    ValueError
        If the amount is negative or not finite.

    Notes
    -----
    Book: :eq:`eq-soft-threshold`.

    Examples
    --------
    >>> soft_threshold(np.array([-3.0, 0.5, 2.0]), 1.0).tolist()
    [-2.0, 0.0, 1.0]
    """
    if not 0 <= amount < math.inf:
        raise ValueError(f"soft_threshold expected an amount of 0 or more, got {amount}")
    x = np.asarray(x)
    return x - np.clip(x, x.dtype.type(-amount), x.dtype.type(amount))


def shrink(parameters: Any, amount: float, *, decays: Decays | None = None) -> None:
    """Apply the proximal step of the penalty λ Σ |w|: w ← `soft_threshold` (w, η λ).

    Call it after `optimizer.step()`, with `amount` the learning rate times λ.

    Parameters
    ----------
    parameters : as for `Optimizer`
    amount : float
        η λ.
    decays : callable, optional
        As for `Optimizer`: `optim.matrices` leaves biases alone.

    Notes
    -----
    Book: :eq:`eq-proximal-step`. With a plain gradient step before it, this is proximal gradient
    descent; behind Adam it is an approximation, since Adam's steps have another length for every
    weight.
    """
    for name, p in named("shrink", parameters).items():
        if decays is None or decays(name, p):
            p.data = soft_threshold(p.data, amount)
