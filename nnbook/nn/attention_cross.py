"""Attention with several heads, of one sequence to another."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import init, ops
from nnbook.nn._attention import check_heads, check_sequence, for_heads
from nnbook.nn.attention_cache import KeyValueCache, kept_if_refused
from nnbook.nn.linear import Linear
from nnbook.nn.module import Module
from nnbook.tensor import Array, Tensor


class CrossAttention(Module):
    """Attention of a sequence to another one, the context: queries from x, keys and values from it.

    Parameters
    ----------
    width : int
        D, of x, the context and the output.
    heads : int
        A divisor of D.
    rng, bias, initial, dtype
        As in `MultiHeadAttention`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        check_heads(width, heads)
        self.heads = heads
        options: dict[str, Any] = {"rng": rng, "bias": bias, "initial": initial, "dtype": dtype}
        self.q = Linear(width, width, **options)
        self.kv = Linear(width, 2 * width, **options)
        self.out = Linear(width, width, **options)

    def forward(
        self,
        x: Tensor,
        context: Tensor,
        *,
        mask: Array | None = None,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Map x (B, T, D) and context (B, S, D) to (B, T, D); mask is (T, S) or (B, T, S).

        With a cache, the context is read once and then taken from there.
        """
        with kept_if_refused(cache):
            k, v = self._keys_values(context, cache)
            mask = self._checked(x, k, mask)
            q = ops.split_heads(self.q(x), heads=self.heads)  # (B, heads, T, E)
            y = ops.attention(q, k, v, mask=mask)
        return self.out(ops.merge_heads(y))

    def weights(self, x: Tensor, context: Tensor, *, mask: Array | None = None) -> Array:
        """Return how much each step of x attends to each of the context, (B, heads, T, S)."""
        k, _ = self._keys_values(context, None)
        mask = self._checked(x, k, mask)
        q = ops.split_heads(self.q(x), heads=self.heads)
        return ops.attention_weights(q.data, k.data, mask=mask)

    def _checked(self, x: Tensor, k: Tensor | Array, mask: Array | None) -> Array | None:
        """Refuse an x that is no sequence or has other contexts. Return the mask for all heads."""
        B, T = check_sequence("CrossAttention", "x (B, T", x, self.q.W)
        if k.shape[0] != B:
            raise ValueError(
                "CrossAttention expected x (B, T, D) and a context with the same leading axes, "
                f"got x {x.shape} and {k.shape[0]} contexts, with keys {k.shape}"
            )
        return for_heads("CrossAttention", mask, (B, T, k.shape[2]))

    def _keys_values(self, context: Tensor, cache: KeyValueCache | None) -> tuple:
        if cache is not None and cache.length:
            return cache.k, cache.v
        check_sequence("CrossAttention", "a context (B, S", context, self.kv.W)
        k, v = ops.split_heads(self.kv(context), heads=self.heads, parts=2)
        return (k, v) if cache is None else cache.extend(k, v)
