"""A long text as batches for a language model: the target of each token is the one after it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnbook.data._checks import check_rng

Array = np.ndarray


def streams(tokens: Array, *, batch_size: int, length: int) -> Iterator[tuple[Array, Array]]:
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
    ValueError
        If the text is too short for one batch.

    Examples
    --------
    >>> x, y = next(streams(np.arange(9), batch_size=2, length=3))
    >>> x.tolist(), y.tolist()
    ([[0, 1, 2], [4, 5, 6]], [[1, 2, 3], [5, 6, 7]])
    """
    _check(tokens, length)
    part = (len(tokens) - 1) // batch_size
    if batch_size < 1 or part < length:
        raise ValueError(
            f"{len(tokens)} tokens are too few for {batch_size} streams of {length} and one more"
        )
    starts = part * np.arange(batch_size)[:, None]  # (B, 1)
    for t in range(0, part - length + 1, length):
        at = starts + t + np.arange(length)  # (B, T)
        yield tokens[at], tokens[at + 1]


def crops(
    tokens: Array, *, batch_size: int, length: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Cut B stretches of T tokens out of a text, anywhere: x and y (B, T), as from `streams`."""
    check_rng("crops", rng)
    _check(tokens, length)
    if len(tokens) <= length:
        raise ValueError(f"{len(tokens)} tokens are too few for a stretch of {length} and one more")
    at = rng.integers(0, len(tokens) - length, (batch_size, 1)) + np.arange(length)
    return tokens[at], tokens[at + 1]


def _check(tokens: Array, length: int) -> None:
    if np.ndim(tokens) != 1 or tokens.dtype.kind not in "iu":
        raise TypeError(f"expected integer tokens (N,), got {tokens.dtype} {tokens.shape}")
    if length < 1:
        raise ValueError(f"expected a length of at least 1, got {length}")
