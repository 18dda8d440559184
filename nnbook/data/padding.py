"""Sequences of unequal length as one rectangle, and the mask of what in it is real."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def pad(
    sequences: Sequence[Array], *, value: int = 0, length: int | None = None
) -> tuple[Array, Array]:
    """Put sequences of unequal length into one rectangle, filled up with `value` at the end.

    Parameters
    ----------
    sequences : B integer arrays (T₁,), (T₂,), …
    value : int
        The padding.
    length : int, optional
        T. Longer sequences are cut. By default the longest sequence's.

    Returns
    -------
    tokens : integer array (B, T)
    lengths : integer array (B,)
        How much of each row is real.

    Raises
    ------
    ValueError
        If there is no sequence, or an empty one.

    Examples
    --------
    >>> tokens, lengths = pad([np.array([5, 6, 7]), np.array([8])])
    >>> tokens.tolist(), lengths.tolist()
    ([[5, 6, 7], [8, 0, 0]], [3, 1])
    """
    if len(sequences) == 0:
        raise ValueError("pad expected at least one sequence, got none")
    if length is not None and length < 1:
        raise ValueError(f"pad expected a length of at least 1, got {length}")
    whole = [np.asarray(s) for s in sequences]
    for n, s in enumerate(whole):
        if s.ndim != 1 or s.size == 0 or s.dtype.kind not in "iu":
            raise ValueError(
                f"pad expected integer sequences (T,) with T ≥ 1, got {s.dtype} {s.shape} "
                f"at position {n}"
            )
    cut = [s[:length] for s in whole]
    lengths = np.array([len(s) for s in cut])
    tokens = np.full((len(cut), length or lengths.max()), value, np.int64)
    for row, s in zip(tokens, cut):
        row[: len(s)] = s
    return tokens, lengths


def mask_of(lengths: Array, T: int) -> Array:
    """Return the boolean mask (B, T) of lengths (B,): True for a token, False for padding.

    Book: :eq:`eq-text-masked-loss`, where it says which tokens count.
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu":
        raise TypeError(
            f"mask_of expected integer lengths (B,), got {lengths.dtype} {lengths.shape}"
        )
    if lengths.size and not (lengths.min() >= 1 and lengths.max() <= T):
        raise ValueError(
            f"mask_of expected lengths from 1 to {T}, got {lengths.min()} to {lengths.max()}"
        )
    return np.arange(T) < lengths[:, None]
