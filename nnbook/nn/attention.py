"""Attention with several heads, of a sequence to itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import init, ops
from nnbook.nn._attention import check_heads, check_sequence, for_heads
from nnbook.nn.attention_cache import KeyValueCache, kept_if_refused
from nnbook.nn.linear import Linear
from nnbook.nn.module import Module
from nnbook.tensor import Array, Tensor


class MultiHeadAttention(Module):
    """Self-attention: h heads attend side by side, each in a space of D / h features of its own.

    Y = [Y₁ … Yₕ] Wᵒ, where Yᵢ is the attention of the queries, keys and values x Wᵢ. All Wᵢ lie in
    one matrix, so one product makes the queries, keys and values of all heads.

    Parameters
    ----------
    width : int
        D.
    heads : int
        h, a divisor of D.
    rng : numpy.random.Generator
        Draws the weights.
    bias : bool
        Whether the two products have a bias.
    rotary : bool
        Turn queries and keys by their positions. See `nnbook.ops.rotary`.
    initial : callable
        As in `Linear`.
    dtype : dtype

    Notes
    -----
    See `nnbook.ops.attention`. Source: Vaswani et al. (2017), section 3.2.2. Their separate
    matrices for each head and for queries, keys and values are columns of `qkv.W`.
    Book: :eq:`eq-heads`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        rotary: bool = False,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        check_heads(width, heads, rotary)
        self.heads, self.rotary = heads, rotary
        options: dict[str, Any] = {"rng": rng, "bias": bias, "initial": initial, "dtype": dtype}
        self.qkv = Linear(width, 3 * width, **options)
        self.out = Linear(width, width, **options)

    def forward(
        self,
        x: Tensor,
        *,
        mask: Array | None = None,
        causal: bool = False,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Map x (B, T, D) to (B, T, D).

        Parameters
        ----------
        x : array (B, T, D)
        mask : boolean array (T, S) or (B, T, S), optional
            True = may attend. (B, 1, S) hides the padding at the end of each sequence.
        causal : bool
            Let each step attend to itself and those before it.
        cache : KeyValueCache, optional
            x continues what is in the cache: S = steps in the cache + T. It is extended.
        """
        mask = self._checked(x, mask, 0 if cache is None else cache.length)
        with kept_if_refused(cache):
            q, k, v = self._queries_keys_values(x, cache)
            y = ops.attention(q, k, v, mask=mask, causal=causal)
        return self.out(ops.merge_heads(y))

    def weights(self, x: Tensor, *, mask: Array | None = None, causal: bool = False) -> Array:
        """Return how much each step attends to each, (B, heads, T, T)."""
        mask = self._checked(x, mask, 0)
        q, k, _ = self._queries_keys_values(x, None)
        return ops.attention_weights(q.data, k.data, mask=mask, causal=causal)

    def _checked(self, x: Tensor, mask: Array | None, cached: int) -> Array | None:
        """Refuse what is no sequence. Return the mask for all heads."""
        B, T = check_sequence("MultiHeadAttention", "x (B, T", x, self.qkv.W)
        return for_heads("MultiHeadAttention", mask, (B, T, cached + T))

    def _queries_keys_values(self, x: Tensor, cache: KeyValueCache | None) -> tuple:
        q, k, v = ops.split_heads(self.qkv(x), heads=self.heads, parts=3)  # (B, heads, T, E)
        start = 0 if cache is None else cache.length
        if self.rotary:
            positions = np.arange(start, start + x.shape[1])
            q, k = ops.rotary(q, positions=positions), ops.rotary(k, positions=positions)
        if cache is not None:
            k, v = cache.extend(k, v)
        return q, k, v
