"""The embedding layer: a trainable vector for each token of a vocabulary."""

from __future__ import annotations

import numpy as np

from nnbook import init, ops
from nnbook.nn.module import Module
from nnbook.tensor import Array, Parameter, Tensor


class Embedding(Module):
    """Look up a vector for each token: y[...] = table[tokens[...]]. See `nnbook.ops.embedding`.

    Parameters
    ----------
    vocabulary, features : int
        V, the number of tokens, and D, the length of a vector.
    rng : numpy.random.Generator
        Draws the table.
    padding : int, optional
        A token that stands for nothing. Its row is zero and stays so.
    std : float
        The standard deviation of the table's normal values.
    dtype : dtype

    Notes
    -----
    tokens (...), integers from 0 to V - 1 -> y (..., D).

    Examples
    --------
    >>> layer = Embedding(10, 4, rng=np.random.default_rng(0))
    >>> layer(np.array([[1, 2, 1]])).shape
    (1, 3, 4)
    """

    def __init__(
        self,
        vocabulary: int,
        features: int,
        *,
        rng: np.random.Generator,
        padding: int | None = None,
        std: float = 1.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if vocabulary < 1 or features < 1:
            raise ValueError(
                f"Embedding expected at least 1 token and 1 feature, got {vocabulary}, {features}"
            )
        if padding is not None and not 0 <= padding < vocabulary:
            raise ValueError(
                f"Embedding expected padding from 0 to {vocabulary - 1}, got {padding}"
            )
        table = init.normal((vocabulary, features), rng=rng, std=std, dtype=dtype)
        if padding is not None:
            table[padding] = 0
        self.table = Parameter(table)
        self.padding = padding

    def forward(self, tokens: Array) -> Tensor:
        """Map integer tokens (...) to (..., D)."""
        return ops.embedding(self.table, tokens=tokens, padding=self.padding)
