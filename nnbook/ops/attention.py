"""Attention: every query takes a mean of all values, weighted by how well their keys fit it.

Scores are kept transposed, (..., S, T), keys before queries: the softmax then runs along the
second-last axis, along which NumPy works on whole rows at once, several times faster than along
short last axes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.ops._masks import blocked
from nnbook.ops._shapes import number
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def attention(
    q: Input,
    k: Input,
    v: Input,
    *,
    mask: Array | None = None,
    causal: bool = False,
    scale: float | None = None,
    bias: Array | None = None,
) -> tuple[Array, Pullback]:
    """Scaled dot-product attention: Y = P V with P = softmax(Q Kᵀ / √D), row by row.

    dV = Pᵀ G and dP = G Vᵀ. Through the softmax, dS = P (dP - r), where r[t] = Σₛ P[t, s] dP[t, s],
    which is G[t] · Y[t]. Then dQ = dS K / √D and dK = dSᵀ Q / √D.

    Parameters
    ----------
    q : array (..., T, D)
        T queries. Axes before them (batch, heads) are worked on side by side.
    k : array (..., S, D)
        S keys.
    v : array (..., S, E)
        S values.
    mask : boolean array that broadcasts to (..., T, S), optional
        True = the query may attend to the key. A query that may attend to nothing gets zeros,
        and gives zero gradients.
    causal : bool
        Let query t attend to keys up to its own position only. The last query stands at the last
        key, so the T queries may be the newest of S ≥ T positions, as in decoding with a cache.
    scale : float, optional
        What the scores are multiplied by; 1/√D by default.
    bias : array that broadcasts to (..., T, S), optional
        A constant that is added to the scores, such as a slope along the distance; -inf is the same
        as a mask's False. PyTorch's mask of floating-point numbers.

    Returns
    -------
    y : array (..., T, E)

    Raises
    ------
    TypeError, ValueError
        If the shapes do not fit together, the mask is not boolean, or mask or bias do not
        broadcast.

    Notes
    -----
    Book: :eq:`eq-scaled-attention`, :eq:`eq-attention-backward`.
    Source: Vaswani et al. (2017), equation 1. With as many queries as keys, `causal` is PyTorch's
    `is_causal`; with fewer, PyTorch lines up the first query with the first key instead.
    """
    check_shapes("attention", q, k, v)
    if q.shape[-1] != k.shape[-1] or q.shape[-1] == 0:
        raise ValueError(
            f"attention expected q and k of one width D ≥ 1, got q {q.shape} and k {k.shape}"
        )
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else float(scale)
    scaled = q * scale  # (..., T, D): fewer numbers to scale than the scores
    scores = np.matmul(k, scaled.swapaxes(-1, -2))  # (..., S, T)
    p = softmax_over_keys(scores, blocked("attention", scores, mask, causal, bias))
    y, pull_mean = weighted_mean(p, v)

    def pullback(g: Array) -> tuple:
        ds, dv = pull_mean(g)  # (..., S, T), (..., S, E)
        dq = np.matmul(ds.swapaxes(-1, -2), k, out=heads_inside(q.shape, q))
        dq *= scale
        dk = np.matmul(ds, scaled, out=heads_inside(k.shape, k))
        return dq, dk, dv

    return y, pullback


@primitive
def split_heads(x: Input, *, heads: int, parts: int = 1) -> tuple[Any, Pullback]:
    """Cut the features of x into `parts` arrays (queries, keys, values) of several heads each.

    Nothing is copied. The cotangents of the parts are laid side by side again. Book:
    :eq:`eq-heads`.

    Parameters
    ----------
    x : array (B, T, parts · heads · E)
    heads, parts : int

    Returns
    -------
    array (B, heads, T, E), or a tuple of `parts` of them if `parts` is more than 1

    Raises
    ------
    ValueError
        If x does not have three axes, or the last one cannot be cut into equal heads.
    """
    number("split_heads", "heads", heads, least=1)
    number("split_heads", "parts", parts, least=1)
    if x.ndim != 3 or x.shape[2] % (parts * heads):
        raise ValueError(
            f"split_heads expected x (B, T, D) with D divisible by {parts} parts of {heads} heads, "
            f"got {x.shape}"
        )
    B, T, D = x.shape
    apart = (B, T, parts, heads, D // (parts * heads))
    cut = x.reshape(apart).transpose(2, 0, 3, 1, 4)  # (parts, B, heads, T, E)

    def pullback(g: Array | tuple) -> tuple:
        dx = np.empty(apart, x.dtype)
        for i, part in enumerate(g if parts > 1 else (g,)):
            dx[:, :, i] = part.swapaxes(1, 2)  # (B, T, heads, E)
        return (dx.reshape(B, T, D),)

    return tuple(cut) if parts > 1 else cut[0], pullback


@primitive
def merge_heads(y: Input) -> tuple[Array, Pullback]:
    """Lay heads side by side: y (B, heads, T, E) -> (B, T, heads · E). The cotangent is cut.

    Book: :eq:`eq-heads`.
    """
    if y.ndim != 4:
        raise ValueError(f"merge_heads expected y (B, heads, T, E), got {y.shape}")
    B, heads, T, E = y.shape

    def pullback(g: Array) -> tuple:
        return (g.reshape(B, T, heads, E).swapaxes(1, 2),)

    return y.swapaxes(1, 2).reshape(B, T, heads * E), pullback


def attention_weights(
    q: Array,
    k: Array,
    *,
    mask: Array | None = None,
    causal: bool = False,
    scale: float | None = None,
) -> Array:
    """Return the weights P (..., T, S) that `attention` gives the values, for looking at them.

    Book: :eq:`eq-scaled-attention`.

    >>> q = np.zeros((2, 3), np.float32)
    >>> attention_weights(q, q, causal=True)
    array([[1. , 0. ],
           [0.5, 0.5]], dtype=float32)
    """
    identity = np.broadcast_to(np.eye(k.shape[-2], dtype=k.dtype), (*k.shape[:-1], k.shape[-2]))
    return attention(q, k, identity, mask=mask, causal=causal, scale=scale).data


def check_shapes(name: str, q: Array, k: Array, v: Array) -> None:
    """Refuse queries, keys and values that do not belong together. Each rule checks widths."""
    if (
        min(q.ndim, k.ndim, v.ndim) < 2
        or not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]
        or k.shape[-2] != v.shape[-2]
        or k.shape[-2] == 0
    ):
        raise ValueError(
            f"{name} expected q (..., T, D), k (..., S, D) and v (..., S, E) with the "
            f"same leading axes and at least one key, got q {q.shape}, k {k.shape} and v {v.shape}"
        )


def softmax_over_keys(scores: Array, added: Array | None) -> Array:
    """Turn scores (..., S, T) into weights, in place; zeros for a query that sees nothing."""
    if added is not None:
        scores += added
    top = scores.max(axis=-2, keepdims=True)
    if added is not None:
        top[top == -np.inf] = 0  # all blocked: the exponentials become 0, and not NaN
    scores -= top
    np.exp(scores, out=scores)
    total = np.ones((1, scores.shape[-2]), scores.dtype) @ scores  # (..., 1, T): sums, but faster
    if added is not None:
        total[total == 0] = 1
    scores /= total
    return scores


def weighted_mean(p: Array, v: Array) -> tuple[Array, Pullback]:
    """Compute y = Pᵀ V for weights p (..., S, T), softmax of scores S. Pulled back: dS and dV."""
    shape = (*p.shape[:-2], p.shape[-1], v.shape[-1])  # (..., T, E)
    y = np.matmul(p.swapaxes(-1, -2), v, out=heads_inside(shape, v))

    def pullback(g: Array) -> tuple:
        dv = np.matmul(p, g, out=heads_inside(v.shape, v))
        ds = np.matmul(v, g.swapaxes(-1, -2))  # dP (..., S, T)
        ds -= np.vecdot(g, y)[..., None, :]  # Σₛ P dP = G · Y, one number a query
        ds *= p
        return ds, dv

    return y, pullback


def heads_inside(shape: tuple[int, ...], like: Array) -> Array:
    """Allocate (..., heads, T, E), the heads beside the features, so that merging is no copy."""
    if len(shape) < 3:
        return np.empty(shape, like.dtype)
    *batch, heads, T, E = shape
    return np.empty((*batch, T, heads, E), like.dtype).swapaxes(-3, -2)
