"""Attention as its formulas read, one operation after another: what the fast rules must equal."""

from __future__ import annotations

import math

import numpy as np

from nnbook.ops.activation import tanh
from nnbook.ops.choice import where
from nnbook.ops.elementwise import multiply
from nnbook.ops.linalg import matmul
from nnbook.ops.position import angles
from nnbook.ops.shape import reshape, stack, transpose
from nnbook.ops.softmax import softmax
from nnbook.tensor import Array, Tensor


def plain_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    *,
    mask: Array | None = None,
    scale: float | None = None,
    bias: Array | None = None,
) -> Tensor:
    """softmax(Q Kᵀ / √D + bias) V, equal to `attention`.

    q (..., T, D), k (..., S, D), v (..., S, E) -> (..., T, E). Book: :eq:`eq-scaled-attention`.
    """
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scores = matmul(q, _swapped(k)) * scale  # (..., T, S)
    if bias is not None:
        scores = scores + np.asarray(bias, scores.dtype)
    return matmul(_masked_softmax(scores, mask), v)  # (..., T, E)


def plain_additive_attention(
    q: Tensor, k: Tensor, v: Tensor, w: Tensor, *, mask: Array | None = None
) -> Tensor:
    """softmax(w · tanh(q + k)) V, equal to `additive_attention`.

    q (..., T, H), k (..., S, H), v (..., S, E), w (H,) -> (..., T, E). Book:
    :eq:`eq-additive-score`.
    """
    *batch, T, H = q.shape
    S = k.shape[-2]
    q = reshape(q, shape=(*batch, T, 1, H))
    k = reshape(k, shape=(*batch, 1, S, H))
    scores = (tanh(q + k) * w).sum(axis=-1)  # (..., T, S)
    return matmul(_masked_softmax(scores, mask), v)


def plain_multiplicative_attention(
    q: Tensor, k: Tensor, v: Tensor, W: Tensor, *, mask: Array | None = None
) -> Tensor:
    """softmax(q W kᵀ) V, equal to `multiplicative_attention`.

    q (..., T, H), k (..., S, D), v (..., S, E), W (H, D) -> (..., T, E). Book:
    :eq:`eq-multiplicative-score`.
    """
    scores = matmul(matmul(q, W), _swapped(k))  # (..., T, S)
    return matmul(_masked_softmax(scores, mask), v)


def plain_rotary(x: Tensor, *, positions: Array, base: float = 10000.0) -> Tensor:
    """Turn each pair of features, a complex number, by its angle. Equal to `rotary`.

    Book: :eq:`eq-rotary`.
    """
    turned = angles("plain_rotary", positions, x.shape[-1], base).astype(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]  # (..., T, D/2)
    cos, sin = np.cos(turned), np.sin(turned)
    real = multiply(even, cos) - multiply(odd, sin)
    imaginary = multiply(even, sin) + multiply(odd, cos)
    return reshape(stack(real, imaginary, axis=-1), shape=x.shape)


def _swapped(k: Tensor) -> Tensor:
    return transpose(k, axes=(*range(k.ndim - 2), -1, -2))


def _masked_softmax(scores: Tensor, mask: Array | None) -> Tensor:
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(where(scores, lowest, mask=mask))
    return weights * mask.astype(scores.dtype)  # zeros for a query that may attend to nothing
