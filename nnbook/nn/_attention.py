"""What the attention layers check before they compute."""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array, Parameter, Tensor


def check_heads(width: int, heads: int, rotary: bool = False) -> None:
    """Refuse a width that its heads do not divide, or that rotary positions cannot halve."""
    if heads < 1 or width < 1 or width % heads:
        raise ValueError(
            f"attention expected a width divisible by its heads, got {width} / {heads}"
        )
    if rotary and width // heads % 2:
        raise ValueError(f"rotary positions expected an even width a head, got {width} / {heads}")


def check_sequence(name: str, expected: str, x: Tensor, W: Parameter) -> tuple[int, int]:
    """Return how many sequences of how many steps; refuse another width than that of W's inputs."""
    D = W.shape[0]
    if x.ndim != 3 or x.shape[2] != D or x.shape[1] < 1:
        raise ValueError(f"{name} expected {expected}, {D}) of at least one step, got {x.shape}")
    return x.shape[0], x.shape[1]


def for_heads(name: str, mask: Array | None, full: tuple[int, int, int]) -> Array | None:
    """(B, T, S) -> (B, 1, T, S): all heads have one mask. Refuse one that does not broadcast."""
    mask = None if mask is None else np.asarray(mask)
    if mask is None or mask.ndim > 3:  # one with an axis of the heads is as `ops.attention` has it
        return mask
    if not all(m in (1, n) for m, n in zip(mask.shape[::-1], full[::-1])):
        raise ValueError(
            f"{name} expected a mask that broadcasts to (B, T, S) = {full}, got {mask.shape}"
        )
    return mask[:, None] if mask.ndim == 3 else mask
