"""What attention adds to its scores: minus infinity where nothing may be seen, or a bias."""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array


def blocked(
    name: str,
    scores: Array,
    mask: Array | None,
    causal: bool = False,
    bias: Array | None = None,
) -> Array | None:
    """Return -∞ where a query may not attend and the bias, or 0, elsewhere: to add to the scores.

    Like the scores (..., S, T) it has keys before queries.
    """
    S, T = scores.shape[-2:]
    if causal and T > S:
        raise ValueError(
            f"{name}: causal expected at most as many queries as keys, got {T} queries, {S} keys"
        )
    allowed = np.tri(T, S, S - T, dtype=bool) if causal else None  # (T, S)
    if mask is not None:
        mask = check_mask(name, mask, (*scores.shape[:-2], T, S))
        allowed = mask if allowed is None else mask & allowed
    if bias is not None:
        bias = check_bias(name, bias, scores).swapaxes(-1, -2)
    if allowed is None:
        return bias
    seen = np.atleast_2d(allowed).swapaxes(-1, -2)
    added = np.zeros(seen.shape, scores.dtype)
    added[~seen] = -np.inf
    return added if bias is None else added + bias


def check_mask(name: str, mask: Array, full: tuple[int, ...]) -> Array:
    """Return the mask as an array; refuse one that is not boolean or does not broadcast."""
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"{name} expected a boolean mask, True = may attend, got {mask.dtype}")
    fits = all(m in (1, n) for m, n in zip(mask.shape[::-1], full[::-1]))
    if not fits or mask.ndim > len(full):
        raise ValueError(f"{name} expected a mask that broadcasts to {full}, got {mask.shape}")
    return mask


def check_bias(name: str, bias: Array, scores: Array) -> Array:
    """Return what is to be added to scores (..., S, T), in their dtype, as (..., T, S)."""
    bias = np.atleast_2d(np.asarray(bias))
    full = (*scores.shape[:-2], scores.shape[-1], scores.shape[-2])
    if bias.dtype.kind != "f":
        raise TypeError(
            f"{name} expected a floating-point bias, got dtype {bias.dtype}; what a query may "
            "attend to is mask="
        )
    fits = all(m in (1, n) for m, n in zip(bias.shape[::-1], full[::-1]))
    if not fits or bias.ndim > len(full):
        raise ValueError(f"{name} expected a bias that broadcasts to {full}, got {bias.shape}")
    if not (bias < np.inf).all():
        raise ValueError(f"{name} expected a bias of finite numbers or -inf, got NaN or infinity")
    return bias.astype(scores.dtype)
