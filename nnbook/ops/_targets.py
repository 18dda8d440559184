"""What the losses ask of their targets: a shape, real numbers, probabilities, class numbers."""

from __future__ import annotations

import numpy as np

from nnbook.ops._sums import extremes
from nnbook.tensor import Array


def like(name: str, y: Array, target: Array) -> Array:
    """Return the target in y's dtype; refuse another shape, and what are no real numbers."""
    target = np.asarray(target)
    if target.shape != y.shape:
        raise ValueError(
            f"{name} expected a target of the outputs' shape {y.shape}, got {target.shape}; "
            "a loss does not broadcast"
        )
    if y.size == 0:
        raise ValueError(f"{name} expected at least one output, got shape {y.shape}")
    if target.dtype == y.dtype:
        return target
    if target.dtype.kind not in "biuf":  # complex numbers would lose a part, dates their unit
        raise TypeError(f"{name} expected a target of real numbers, got dtype {target.dtype}")
    return target.astype(y.dtype)


def check_probabilities(name: str, letter: str, p: Array) -> None:
    """Refuse what lies outside [0, 1]. NaN passes: `backward` and `fit` say where it came from."""
    low, high = extremes(p)
    if low < 0 or high > 1:
        raise ValueError(f"{name} expected 0 ≤ {letter} ≤ 1, got {p.min()} to {p.max()}")


def shares(name: str, z: Array, target: Array) -> Array:
    """Return the probabilities of all classes (..., V) in z's dtype; each row has to sum to 1."""
    target = like(name, z, target)
    check_probabilities(name, "target", target)
    sums = target.sum(axis=-1, dtype=np.float64)
    if not np.allclose(sums, 1, atol=1e-3):
        worst = sums.flat[np.abs(sums - 1).argmax()]
        raise ValueError(f"{name} expected rows of the target that sum to 1, got {worst:.4g}")
    return target


def check_labels(name: str, labels: Array, shape: tuple[int, ...], classes: int) -> Array:
    """Return class numbers as an integer array; refuse a wrong dtype, shape or range."""
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{name} expected integer class labels, got dtype {labels.dtype}")
    if labels.shape != shape:
        raise ValueError(f"{name} expected labels of shape {shape}, got {labels.shape}")
    if labels.size == 0:
        raise ValueError(f"{name} expected at least one label, got shape {labels.shape}")
    low, high = extremes(labels)
    if low < 0 or high >= classes:
        wrong = low if low < 0 else high
        raise ValueError(f"{name} expected labels from 0 to {classes - 1}, got {wrong}")
    return labels
