"""An n-gram model: counts of what followed each stretch of tokens, long mixed with short."""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array


class NGram:
    """Predict a token from the n - 1 before it, by counting.

    p(x | c) = (#(c x) + d(c) p(x | c')) / (#(c) + d(c)). Here c is the context, c' the same without
    its oldest token, #(c) how often c was followed by anything, and d(c) by how many different
    tokens. Once no token is left in c, 1 / V is mixed in. Where c was never seen, p(x | c') stands
    as it is.

    Parameters
    ----------
    stretches : integer array (N, n)
        What is counted: each row a token and the n - 1 before it. Those of a whole text are
        ``np.lib.stride_tricks.sliding_window_view(text, n)``.
    vocabulary : int
        V, the number of different tokens.

    Raises
    ------
    TypeError, ValueError
        If the stretches are not integers of shape (N, n) from 0 to V - 1, with N and n at least 1;
        if V to the power of n does not fit into 63 bits.

    Notes
    -----
    Book: :eq:`eq-generating-counts`. Source: Witten and Bell (1991), method C, interpolated.

    Examples
    --------
    >>> text = np.array([0, 1, 0, 1, 0, 2])
    >>> pairs = np.lib.stride_tricks.sliding_window_view(text, 2)
    >>> NGram(pairs, 3).probabilities(np.array([[0, 1]]))[-1].round(2)
    array([0.55])
    """

    def __init__(self, stretches: Array, vocabulary: int) -> None:
        self.vocabulary = vocabulary
        self.n = 0
        stretches = self._checked(stretches)
        self.n = stretches.shape[1]
        if self.n < 1 or len(stretches) < 1:
            raise ValueError(f"NGram expected stretches (N, n) to count, got {stretches.shape}")
        if vocabulary**self.n >= 2**63:
            raise ValueError(
                f"NGram expected V ** n below 2 ** 63, got stretches of {self.n} tokens "
                f"out of {vocabulary}"
            )
        self._tables = [self._count(stretches, n) for n in range(1, self.n + 1)]

    def probabilities(self, stretches: Array) -> Array:
        """Return p_1 to p_n of the last token of each stretch (M, n), as an array (n, M)."""
        return self._look_up(stretches)[0]

    def known(self, stretches: Array) -> Array:
        """Return how many contexts of each stretch (M, n), of 0 to n - 1 tokens, were seen."""
        return self._look_up(stretches)[1]

    def count(self, n: int | None = None) -> int:
        """Return the number of different stretches kept, of up to n tokens; of all by default."""
        return sum(len(table[0]) for table in self._tables[:n])

    def _look_up(self, stretches: Array) -> tuple[Array, Array]:
        stretches = self._checked(stretches)
        p = np.full(len(stretches), 1 / self.vocabulary)
        rows, known = [], np.zeros(len(stretches), int)
        for n, (seen, times, contexts, totals, kinds) in enumerate(self._tables, start=1):
            asked = self._keys(stretches, n)
            context = asked // self.vocabulary
            both, total = _found(seen, times, asked), _found(contexts, totals, context)
            d = _found(contexts, kinds, context)
            p = np.where(total > 0, (both + d * p) / np.maximum(total + d, 1), p)
            rows.append(p)
            known += total > 0
        return np.array(rows), known

    def _count(self, stretches: Array, n: int) -> tuple[Array, ...]:
        seen, times = np.unique(self._keys(stretches, n), return_counts=True)
        contexts, first, kinds = np.unique(
            seen // self.vocabulary, return_index=True, return_counts=True
        )
        return seen, times, contexts, np.add.reduceat(times, first), kinds

    def _keys(self, stretches: Array, n: int) -> Array:
        """Return the last n tokens of each stretch as one whole number."""
        key = np.zeros(len(stretches), np.int64)
        for column in range(stretches.shape[1] - n, stretches.shape[1]):
            key = key * self.vocabulary + stretches[:, column].astype(np.int64, copy=False)
        return key

    def _checked(self, stretches: Array) -> Array:
        stretches = np.asarray(stretches)
        if stretches.dtype.kind not in "iu":
            raise TypeError(f"NGram expected integers, got {stretches.dtype}")
        if stretches.ndim != 2 or (self.n and stretches.shape[1] != self.n):
            wanted = f"stretches (N, {self.n or 'n'})"
            raise ValueError(f"NGram expected {wanted}, got {stretches.shape}")
        if stretches.size and not 0 <= stretches.min() <= stretches.max() < self.vocabulary:
            raise ValueError(
                f"NGram expected tokens from 0 to {self.vocabulary - 1}, got some from "
                f"{stretches.min()} to {stretches.max()}"
            )
        return stretches


def _found(keys: Array, values: Array, wanted: Array) -> Array:
    """Return the values of the sorted keys that are wanted, 0 for those that are not there."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)
