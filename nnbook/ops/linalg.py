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


@primitive
def einsum(*operands: Input, subscripts: str) -> tuple[Array, Pullback]:
    """Einstein's sum: multiply operands along named axes and sum over those not in the result.

    `einsum(a, b, subscripts="ij,jk->ik")` is y[i, k] = Σⱼ a[i, j] b[j, k]. The pullback of an
    operand is an einsum too, its place and the result's exchanged: da[i, j] = Σₖ g[i, k] b[j, k].

    Parameters
    ----------
    *operands : arrays
    subscripts : str
        A letter for each axis, a comma between operands, `->` and the axes of the result.

    Raises
    ------
    ValueError
        If the subscripts do not have that form, do not fit the operands, or name an axis of one
        operand twice (a diagonal).
    """
    places, result = _places(subscripts, operands)
    y = np.asarray(np.einsum(subscripts, *operands, optimize=len(operands) > 2))
    sizes = {c: n for place, x in zip(places, operands) for c, n in zip(place, x.shape)}

    def pullback(g: Array) -> tuple:
        gradients = []
        for i, place in enumerate(places):
            others = [(p, x) for j, (p, x) in enumerate(zip(places, operands)) if j != i]
            others.append((result, g))
            seen = set("".join(p for p, _ in others))
            # an axis that was summed by itself: its entries all get the same
            others += [(c, np.ones(sizes[c], g.dtype)) for c in place if c not in seen]
            names, arrays = zip(*others)
            dx = np.einsum(f"{','.join(names)}->{place}", *arrays, optimize=len(arrays) > 2)
            gradients.append(np.array(dx))
        return tuple(gradients)

    return y, pullback


def _places(subscripts: str, operands: tuple[Array, ...]) -> tuple[list[str], str]:
    """Return the letters of each operand and of the result, if they fit."""
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    places = left.split(",")
    letters = all(part == "" or (part.isascii() and part.isalpha()) for part in (*places, result))
    if not arrow or not letters or len(places) != len(operands):
        raise ValueError(
            f"einsum expected subscripts such as 'ij,jk->ik' for {len(operands)} operands, "
            f"got {subscripts!r}"
        )
    sizes: dict[str, int] = {}
    for place, x in zip(places, operands):
        fits = len(place) == x.ndim and len(set(place)) == len(place)
        if not fits or any(sizes.setdefault(c, n) != n for c, n in zip(place, x.shape)):
            shapes = ", ".join(str(x.shape) for x in operands)
            raise ValueError(f"einsum: {subscripts!r} does not fit operands of shapes {shapes}")
    if len(set(result)) < len(result) or not set(result) <= set(sizes):
        raise ValueError(f"einsum: the result of {subscripts!r} names an axis that is not there")
    return places, result
