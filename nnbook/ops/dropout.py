"""Dropout with the mask given: the module draws it, so that the operation stays deterministic."""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def dropout(x: Input, *, mask: Array, rate: float) -> tuple[Array, Pullback]:
    """Inverted dropout: y = x · mask / (1 - rate). dy/dx = mask / (1 - rate).

    Parameters
    ----------
    x : array, any shape
    mask : boolean array of x's shape, True = keep
    rate : float in [0, 1)
        The probability that an entry was dropped. Dividing by 1 - rate keeps the mean of y equal
        to x, so nothing has to be scaled when the network is used.

    Raises
    ------
    TypeError, ValueError
        If the mask is not boolean or has another shape, or the rate is outside [0, 1).

    Notes
    -----
    Source: Srivastava et al. (2014), who scale the weights down at test time instead; both agree
    in the mean. Book: :eq:`eq-dropout`.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"dropout expected a rate in [0, 1), got {rate}")
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"dropout expected a boolean mask, got dtype {mask.dtype}")
    if mask.shape != x.shape:
        raise ValueError(f"dropout expected a mask of shape {x.shape}, got {mask.shape}")
    scale = mask * x.dtype.type(1 / (1 - rate))
    return x * scale, lambda g: (g * scale,)
