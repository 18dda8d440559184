"""Embedding: a row of a table for each token."""

from __future__ import annotations

import numpy as np

from nnbook.ops._shapes import is_integer
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def embedding(table: Input, *, tokens: Array, padding: int | None = None) -> tuple[Array, Pullback]:
    """Look up rows: y[...] = table[tokens[...]].

    The row of token v gets the sum of the cotangents of all places where v stands:
    d table[v] = Σ g[n] over n with tokens[n] = v. As a formula it is one product, of a matrix with
    a one at (v, n) where tokens[n] = v and g. Book: :eq:`eq-text-embedding` and
    :eq:`eq-text-embedding-backward`.

    Parameters
    ----------
    table : array (V, D)
    tokens : integer array (...), each 0 to V - 1
    padding : int, optional
        A token that stands for nothing: its row gets no gradient, and so stays as it is.

    Returns
    -------
    y : array (..., D)

    Raises
    ------
    TypeError, ValueError
        If the table is not a matrix, or tokens or padding are not integers from 0 to V - 1.
    """
    if table.ndim != 2:
        raise ValueError(f"embedding expected a table (V, D), got {table.shape}")
    tokens = np.asarray(tokens)
    V, D = table.shape
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"embedding expected integer tokens, got dtype {tokens.dtype}")
    if tokens.size and not (tokens.min() >= 0 and tokens.max() < V):
        raise ValueError(
            f"embedding expected tokens from 0 to {V - 1} for a table {table.shape}, "
            f"got {tokens.min()} to {tokens.max()}"
        )
    if padding is not None and not (is_integer(padding, 0) and padding < V):
        raise ValueError(f"embedding expected padding from 0 to {V - 1}, got {padding!r}")

    def pullback(g: Array) -> tuple:
        dtable = _sum_rows(tokens.reshape(-1), g.reshape(-1, D), V)
        if padding is not None:
            dtable[padding] = 0
        return (dtable,)

    return table[tokens], pullback


def _sum_rows(tokens: Array, g: Array, V: int) -> Array:
    """Add up the rows of g (N, D) by token. `np.add.at` does the same, several times slower."""
    if V <= 256:  # few rows: the matrix of ones, though mostly zeros, is the fastest
        ones = np.zeros((V, len(tokens)), g.dtype)
        ones[tokens, np.arange(len(tokens))] = 1
        return ones @ g
    total = np.zeros((V, g.shape[1]), g.dtype)
    if len(tokens):
        order = np.argsort(tokens, kind="stable")
        present, starts = np.unique(tokens[order], return_index=True)
        total[present] = np.add.reduceat(g[order], starts, axis=0)
    return total
