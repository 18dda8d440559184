"""The blocks of transformers: attention and a small network, each with a way around and a norm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import init
from nnbook.nn.activation import GELU
from nnbook.nn.attention import MultiHeadAttention
from nnbook.nn.attention_cache import KeyValueCache, kept_if_refused
from nnbook.nn.attention_cross import CrossAttention
from nnbook.nn.dropout import Dropout
from nnbook.nn.linear import Linear
from nnbook.nn.module import Module
from nnbook.nn.normalization import LayerNorm
from nnbook.tensor import Array, Tensor


class FeedForward(Module):
    """The same small network at every step: y = a(x W₁ + b₁) W₂ + b₂. x (B, T, D), W₁ (D, H).

    Book: :eq:`eq-feed-forward`.
    """

    def __init__(
        self,
        width: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        activation: Module | None = None,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.inner = Linear(width, hidden, rng=rng, initial=initial, dtype=dtype)
        self.activation = GELU() if activation is None else activation
        self.outer = Linear(hidden, width, rng=rng, initial=initial, dtype=dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, T, D) to the same shape."""
        return self.outer(self.activation(self.inner(x)))


class _Block(Module):
    """What both kinds of block share: the way around a sublayer, and the place of the norm."""

    pre_norm: bool
    dropout: Dropout

    def around(self, x: Tensor, norm: Module, sublayer: Callable[[Tensor], Tensor]) -> Tensor:
        """Return x + f(norm(x)) with the norm before the sublayer f, or norm(x + f(x)) after it."""
        if self.pre_norm:
            return x + self.dropout(sublayer(norm(x)))
        return norm(x + self.dropout(sublayer(x)))


class EncoderBlock(_Block):
    """Self-attention, then the feed-forward network. With `causal=True` it is the block of a GPT.

    Parameters
    ----------
    width, heads, hidden : int
        D, the number of heads (a divisor of D), and H of the feed-forward network.
    rng : numpy.random.Generator
        Draws weights and dropout masks.
    pre_norm : bool
        Normalize before each sublayer; False puts the norm after the sum, as in the paper of 2017.
    dropout : float in [0, 1)
        Applied to what a sublayer adds.
    activation : Module, optional
        GELU by default.
    norm : callable
        `norm(D, dtype=dtype)` gives a module; `LayerNorm` or `RMSNorm`.
    rotary, initial, dtype
        As in `MultiHeadAttention`.

    Notes
    -----
    Source: Vaswani et al. (2017), figure 1, left. Xiong et al. (2020) compare places of the norm.
    Book: :eq:`eq-pre-norm` and :eq:`eq-post-norm`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        pre_norm: bool = True,
        dropout: float = 0.0,
        activation: Module | None = None,
        norm: Callable[..., Module] = LayerNorm,
        rotary: bool = False,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        options: dict[str, Any] = {"rng": rng, "initial": initial, "dtype": dtype}
        self.pre_norm = pre_norm
        self.dropout = Dropout(dropout, rng=rng)
        self.attention_norm = norm(width, dtype=dtype)
        self.attention = MultiHeadAttention(width, heads, rotary=rotary, **options)
        self.feed_forward_norm = norm(width, dtype=dtype)
        self.feed_forward = FeedForward(width, hidden, activation=activation, **options)

    def forward(
        self,
        x: Tensor,
        *,
        mask: Array | None = None,
        causal: bool = False,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Map x (B, T, D) to the same shape; mask, causal and cache as in `MultiHeadAttention`."""
        x = self.around(
            x,
            self.attention_norm,
            lambda z: self.attention(z, mask=mask, causal=causal, cache=cache),
        )
        return self.around(x, self.feed_forward_norm, self.feed_forward)


class DecoderBlock(_Block):
    """Causal self-attention, attention to the encoder's output, then the feed-forward network.

    Parameters
    ----------
    width, heads, hidden, rng, pre_norm, dropout, activation, norm, initial, dtype
        As in `EncoderBlock`.

    Notes
    -----
    Source: Vaswani et al. (2017), figure 1, right. Book: :eq:`eq-decoder-block`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        pre_norm: bool = True,
        dropout: float = 0.0,
        activation: Module | None = None,
        norm: Callable[..., Module] = LayerNorm,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        options: dict[str, Any] = {"rng": rng, "initial": initial, "dtype": dtype}
        self.pre_norm = pre_norm
        self.dropout = Dropout(dropout, rng=rng)
        self.attention_norm = norm(width, dtype=dtype)
        self.attention = MultiHeadAttention(width, heads, **options)
        self.cross_norm = norm(width, dtype=dtype)
        self.cross = CrossAttention(width, heads, **options)
        self.feed_forward_norm = norm(width, dtype=dtype)
        self.feed_forward = FeedForward(width, hidden, activation=activation, **options)

    def forward(
        self,
        x: Tensor,
        context: Tensor,
        *,
        mask: Array | None = None,
        context_mask: Array | None = None,
        caches: tuple[KeyValueCache | None, KeyValueCache | None] = (None, None),
    ) -> Tensor:
        """Map x (B, T, D) to the same shape, given the encoder's output as context (B, S, D).

        `mask` (B, T, T) is for x, beside the causal one, `context_mask` (B, T, S) for the context.
        The caches are those of the self-attention and of the attention to the context.
        """
        own, other = caches
        with kept_if_refused(own, other):
            x = self.around(
                x,
                self.attention_norm,
                lambda z: self.attention(z, mask=mask, causal=True, cache=own),
            )
            x = self.around(
                x, self.cross_norm, lambda z: self.cross(z, context, mask=context_mask, cache=other)
            )
        return self.around(x, self.feed_forward_norm, self.feed_forward)
