"""Keeping gradients from being too large for the step they cause."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.optim.parameters import named
from nnbook.tensor import Parameter


def clip_grad_norm(parameters: Any, limit: float) -> float:
    """Scale all gradients by one factor so that their joint norm is at most `limit`.

    g ← g · min(1, limit / |g|), |g| over all parameters together, so the direction stays.
    Book: :eq:`eq-bptt-clip`. Source: Pascanu, Mikolov and Bengio (2013).

    Parameters
    ----------
    parameters : Module, Parameter, or an iterable of Parameter or of (name, Parameter)
        Those without a gradient are left alone.
    limit : float
        Above 0.

    Returns
    -------
    float
        The norm before clipping.

    Raises
    ------
    TypeError, ValueError
        If there is no parameter, something else is among them, or the limit is not positive.
    FloatingPointError
        If a gradient is NaN or infinite: no factor makes such gradients usable.
    """
    if not limit > 0:
        raise ValueError(f"clip_grad_norm expected a positive limit, got {limit}")
    all_of_them = named("clip_grad_norm", parameters).values()
    having = [(p, p.grad) for p in all_of_them if p.grad is not None]
    norm = math.hypot(*(_norm(g) for _, g in having))
    if not math.isfinite(norm):
        raise FloatingPointError(f"clip_grad_norm expected finite gradients, their norm is {norm}")
    if norm > limit:
        for p, g in having:
            _replace(p, _scaled(g, limit / norm))
    return norm


def clip_grad_value(parameters: Any, limit: float) -> None:
    """Cut every entry of every gradient to [-limit, limit]. This can change the direction.

    Parameters and errors as in `clip_grad_norm`, but NaN and infinity are not looked for.
    """
    if not limit > 0:
        raise ValueError(f"clip_grad_value expected a positive limit, got {limit}")
    for p in named("clip_grad_value", parameters).values():
        if p.grad is not None:
            _replace(p, np.clip(p.grad, -limit, limit))


def _norm(gradient: np.ndarray) -> float:
    """Return √Σ g². Squares that overflow, or vanish, are taken of g over its largest entry."""
    with np.errstate(over="ignore", under="ignore"):
        square = float(np.vdot(gradient, gradient))
    smallest = np.finfo(gradient.dtype).tiny / np.finfo(gradient.dtype).eps
    if smallest < square < math.inf or gradient.size == 0:
        return math.sqrt(square)
    largest = float(np.abs(gradient).max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    scaled = gradient / gradient.dtype.type(largest)
    return largest * math.sqrt(float(np.vdot(scaled, scaled)))


def _scaled(gradient: np.ndarray, factor: float) -> np.ndarray:
    """Return the product, also where the factor is too small for the gradient's dtype."""
    if factor > np.finfo(gradient.dtype).tiny:
        return gradient * gradient.dtype.type(factor)
    return (gradient.astype(np.float64) * factor).astype(gradient.dtype)


def _replace(p: Parameter, gradient: np.ndarray) -> None:
    if p.gradient_view is not None and p.grad is p.gradient_view:
        p.gradient_view[...] = gradient
    else:
        p.grad = gradient
