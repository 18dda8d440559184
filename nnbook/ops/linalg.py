"""Matrix products: the weighted sums of a whole layer at once."""

from __future__ import annotations

import numpy as np

from nnbook.ops._shapes import sum_to
from nnbook.ops._sums import column_sums
from nnbook.tensor import Array, Input, Needs, Pullback, primitive


@primitive(selective=True)
def linear(x: Input, W: Input, b: Input | None) -> tuple[Array, Pullback]:
    """Fully connected layer: y = x W + b.

    dx = g Wᵀ, dW = xᵀ g and db = Σ g, the sums running over every axis of g but the last.

    Parameters
    ----------
    x : array (..., I)
    W : array (I, O)
    b : array (O,), or None for a layer without bias

    Returns
    -------
    y : array (..., O)

    Raises
    ------
    ValueError
        If the last axis of x is not I, or the shapes of W and b disagree.

    Notes
    -----
    Book: :eq:`eq-linear` and :eq:`eq-linear-backward`.
    """
    if W.ndim != 2 or (b is not None and b.shape != W.shape[1:]):
        raise ValueError(
            "linear expected W (I, O) and b (O,), "
            f"got W {W.shape} and b {None if b is None else b.shape}"
        )
    if x.ndim == 0 or x.shape[-1] != W.shape[0]:
        raise ValueError(
            f"linear expected x (..., {W.shape[0]}) to fit W {W.shape}, got x {x.shape}: "
            f"the last axis must be {W.shape[0]}" + (f", not {x.shape[-1]}" if x.ndim else "")
        )
    # One product, however many axes there are. On small matrices .dot is called faster than @.
    x2 = x if x.ndim == 2 else x.reshape(-1, x.shape[-1])  # (N, I)
    y = x2.dot(W)  # (N, O)
    if b is not None:
        y += b

    def pullback(g: Array, needs: Needs = (True, True, True)) -> tuple:
        g2 = g if g.ndim == 2 else g.reshape(-1, g.shape[-1])  # (N, O)
        dx = g2.dot(W.T).reshape(x.shape) if needs[0] else None
        db = None if b is None else column_sums(g2)
        return dx, x2.T.dot(g2), db

    return (y if x.ndim == 2 else y.reshape(*x.shape[:-1], W.shape[1])), pullback


@primitive(integers=True)
def matmul(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Matrix product: y = a b over the last two axes, the axes before them broadcast.

    da = g bᵀ, db = aᵀ g, summed over what was broadcast.

    Parameters
    ----------
    a : array (..., M, K)
    b : array (..., K, N)

    Returns
    -------
    y : array (..., M, N)

    Raises
    ------
    ValueError
        If an input has fewer than two axes, the inner lengths K differ, or the axes before the
        last two do not broadcast.
    """
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"matmul expected a (..., M, K) and b (..., K, N), got a {a.shape} and b {b.shape}"
        )
    try:
        y = np.matmul(a, b)  # (..., M, N)
    except ValueError:
        raise ValueError(
            "matmul expected the axes before the last two to broadcast, "
            f"got a {a.shape} and b {b.shape}"
        ) from None

    def pullback(g: Array) -> tuple:
        da = np.matmul(g, b.swapaxes(-1, -2))
        db = np.matmul(a.swapaxes(-1, -2), g)
        return sum_to(da, a.shape), sum_to(db, b.shape)

    return y, pullback
