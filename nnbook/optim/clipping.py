"""Keeping gradients from being too large for the step they cause."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nnbook.tensor import Parameter


def clip_grad_norm(parameters: Iterable[Parameter], limit: float) -> float:
    """Scale all gradients by one factor so that their joint norm is at most `limit`.

    g ← g · min(1, limit / |g|), |g| over all parameters together, so the direction stays.
    Source: Pascanu, Mikolov and Bengio (2013).

    Returns
    -------
    float
        The norm before clipping.

    Raises
    ------
    FloatingPointError
        If the norm is NaN or infinite: no factor makes such gradients usable.
    """
    if not limit > 0:
        raise ValueError(f"clip_grad_norm expected a positive limit, got {limit}")
    having = [p for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(float(np.vdot(p.grad, p.grad)) for p in having))
    if not math.isfinite(norm):
        raise FloatingPointError(f"clip_grad_norm expected finite gradients, their norm is {norm}")
    if norm > limit:
        for p in having:
            _scale(p, limit / norm)
    return norm


def clip_grad_value(parameters: Iterable[Parameter], limit: float) -> None:
    """Cut every entry of every gradient to [-limit, limit]. This can change the direction."""
    if not limit > 0:
        raise ValueError(f"clip_grad_value expected a positive limit, got {limit}")
    for p in parameters:
        if p.grad is not None:
            _replace(p, np.clip(p.grad, -limit, limit))


def _scale(p: Parameter, factor: float) -> None:
    _replace(p, p.grad * p.dtype.type(factor))


def _replace(p: Parameter, gradient: np.ndarray) -> None:
    if p.grad is p.gradient_view:
        p.gradient_view[...] = gradient
    else:
        p.grad = gradient
