"""What metrics ask of the probabilities that a classifier gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.metrics._checks import finite

Array = np.ndarray


def class_probabilities(name: str, probabilities: Any) -> Array:
    """Return probabilities as (N, K)."""
    P = finite(f"{name}: probabilities", probabilities).astype(float)
    if P.ndim not in (1, 2) or P.size == 0:
        raise ValueError(f"{name} expected probabilities (N,) or (N, K), got shape {P.shape}")
    if P.min() < 0 or P.max() > 1:
        raise ValueError(f"{name} expected probabilities from 0 to 1; apply a sigmoid to logits")
    if P.ndim == 1:
        return np.stack([1 - P, P], axis=1)
    if not np.allclose(P.sum(axis=1), 1, atol=1e-3):
        raise ValueError(f"{name} expected rows that sum to 1; apply softmax to scores")
    return P
