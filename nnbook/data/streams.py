"""A long text as batches for a language model: the target of each token is the one after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnbook.data._checks import check_rng, whole

Array = np.ndarray


def streams(tokens: Any, *, batch_size: int, length: int) -> Iterator[tuple[Array, Array]]:
    """Read a text in order, in B places at once, T tokens at a time.

    Row b of each batch goes on where row b of the batch before ended, so a recurrent network can
    carry its state over. The text is cut into B equal parts; what is left over at the ends is not
    read.

    Parameters
    ----------
    tokens : integer array (N,)
    batch_size, length : int
        B and T.

    Yields
    ------
    x, y : integer arrays (B, T)
        The tokens, and the one after each.

    Raises
    ------
    TypeError, ValueError
        If the tokens are not integers (N,), or too few for one batch; if B or T is no whole number
        of at least 1. At the call, not at the first batch.

    Examples
    --------
    >>> x, y = next(streams(np.arange(9), batch_size=2, length=3))
    >>> x.tolist(), y.tolist()
    ([[0, 1, 2], [4, 5, 6]], [[1, 2, 3], [5, 6, 7]])
    """
    tokens, batch_size, length = _checked("streams", tokens, batch_size, length)
    part = (len(tokens) - 1) // batch_size
    if part < length:
        raise ValueError(
            f"{len(tokens)} tokens are too few for {batch_size} streams of {length} and one more"
        )
    starts = part * np.arange(batch_size)[:, None]  # (B, 1)
    places = (starts + t + np.arange(length) for t in range(0, part - length + 1, length))  # (B, T)
    return ((tokens[at], tokens[at + 1]) for at in places)


def crops(
    tokens: Any, *, batch_size: int, length: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Cut B stretches of T tokens out of a text, anywhere: x and y (B, T), as from `streams`."""
    check_rng("crops", rng)
    tokens, batch_size, length = _checked("crops", tokens, batch_size, length)
    if len(tokens) <= length:
        raise ValueError(f"{len(tokens)} tokens are too few for a stretch of {length} and one more")
    at = rng.integers(0, len(tokens) - length, (batch_size, 1)) + np.arange(length)
    return tokens[at], tokens[at + 1]


def _checked(name: str, tokens: Any, batch_size: Any, length: Any) -> tuple[Array, int, int]:
    """Return the tokens as an array and both sizes as whole numbers of at least 1."""
    tokens = np.asarray(tokens)
    if tokens.ndim != 1 or tokens.dtype.kind not in "iu":
        raise TypeError(f"{name} expected integer tokens (N,), got {tokens.dtype} {tokens.shape}")
    sizes = {"batch_size": batch_size, "length": length}
    for what, size in sizes.items():
        sizes[what] = whole(name, what, size)
        if sizes[what] < 1:
            raise ValueError(f"{name} expected a {what} of at least 1, got {size}")
    return tokens, sizes["batch_size"], sizes["length"]
