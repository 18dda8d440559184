"""GPT: a transformer that reads text from left to right and says at each step what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnbook import decoding, init, ops
from nnbook.nn import (
    Dropout,
    Embedding,
    EncoderBlock,
    KeyValueCache,
    LayerNorm,
    LearnedPositions,
    Linear,
    Module,
)
from nnbook.nn.attention_cache import kept_if_refused
from nnbook.nn.module import mode
from nnbook.tensor import Array, Tensor, no_grad


class GPT(Module):
    """Decoder-only transformer: embedding, positions, causal blocks with pre-norm, norm, head.

    Parameters
    ----------
    vocabulary : int
        V.
    context : int
        The longest sequence it can read.
    width, heads, layers : int
        D, the heads of each block (a divisor of D), and the number of blocks.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    hidden : int, optional
        H of the feed-forward networks; 4 D by default.
    dropout : float in [0, 1)
        On the embedded text and on what each sublayer adds.
    tied : bool
        Use the embedding's table, transposed, as the weights of the head.
    rotary : bool
        Turn queries and keys by their positions, instead of adding learned positions.
    dtype : dtype

    Notes
    -----
    Source: Radford et al. (2018, 2019). Weights start from N(0, 0.02²), those of each block's last
    products divided by √(2 layers), as in GPT-2. There is no dropout on the attention weights.
    Book: :eq:`eq-gpt-parameters` counts them.

    Examples
    --------
    >>> gpt = GPT(65, 32, width=16, heads=2, layers=1, rng=np.random.default_rng(0))
    >>> gpt(np.zeros((3, 7), int)).shape
    (3, 7, 65)
    """

    def __init__(
        self,
        vocabulary: int,
        context: int,
        *,
        width: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        hidden: int | None = None,
        dropout: float = 0.0,
        tied: bool = False,
        rotary: bool = False,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if min(context, layers) < 1:
            raise ValueError(
                f"GPT expected a context and layers of at least 1, got {context} and {layers}"
            )
        self.context = context
        self.tokens = Embedding(vocabulary, width, rng=rng, std=0.02, dtype=dtype)
        self.positions = None if rotary else LearnedPositions(context, width, rng=rng, dtype=dtype)
        self.dropout = Dropout(dropout, rng=rng)
        self.blocks = [
            EncoderBlock(
                width,
                heads,
                4 * width if hidden is None else hidden,
                rng=rng,
                dropout=dropout,
                rotary=rotary,
                initial=small_normal,
                dtype=dtype,
            )
            for _ in range(layers)
        ]
        for block in self.blocks:
            for last in (block.attention.out, block.feed_forward.outer):
                last.W.data = last.W.data / (2 * layers) ** 0.5
        self.norm = LayerNorm(width, dtype=dtype)
        head: dict[str, Any] = {"rng": rng, "bias": False, "initial": small_normal, "dtype": dtype}
        self.head = None if tied else Linear(width, vocabulary, **head)

    def forward(self, tokens: Array, *, caches: list[KeyValueCache] | None = None) -> Tensor:
        """Map tokens (B, T) to the scores of the next token at each step, (B, T, V).

        With caches, one a block, the tokens continue those that the caches have seen.
        """
        if caches is not None and len(caches) != len(self.blocks):
            raise ValueError(
                f"GPT expected a cache for each of its {len(self.blocks)} blocks, "
                f"got {len(caches)} caches"
            )
        start = caches[0].length if caches else 0
        if np.ndim(tokens) != 2 or start + np.shape(tokens)[1] > self.context:
            raise ValueError(
                f"GPT expected tokens (B, T) of at most {self.context} steps, "
                f"got {np.shape(tokens)}" + (f" after {start}" if start else "")
            )
        x = self.tokens(tokens)  # (B, T, D)
        if self.positions is not None:
            x = self.positions(x, start=start)
        x = self.dropout(x)
        each: Sequence[KeyValueCache | None] = caches or [None] * len(self.blocks)
        with kept_if_refused(*each):
            for block, cache in zip(self.blocks, each):
                x = block(x, causal=True, cache=cache)
        x = self.norm(x)
        return self.head(x) if self.head else ops.linear(x, ops.transpose(self.tokens.table), None)

    def generate(
        self,
        prompt: Array,
        steps: int,
        *,
        rng: np.random.Generator | None = None,
        cached: bool = True,
        **options: Any,
    ) -> Array:
        """Continue texts token by token.

        Parameters
        ----------
        prompt : integer array (B, T), T ≥ 1
        steps : int
            How many tokens to add, at least 0. Past the context, only its last tokens are read.
        rng : numpy.random.Generator, optional
            Draws the tokens. Without it, each is the likeliest.
        cached : bool
            Compute the keys and values of each token once. False computes all of them at every
            step, which gives the same text.
        **options
            Those of `nnbook.decoding.sample`: temperature, top_k, top_p. They need an rng.

        Returns
        -------
        tokens : integer array (B, steps)
            The new ones.
        """
        tokens = np.asarray(prompt)
        if tokens.ndim != 2 or tokens.shape[1] == 0 or steps < 0:
            raise ValueError(
                "generate expected a prompt (B, T) with T ≥ 1 and steps of at least 0, "
                f"got {tokens.shape} and {steps}"
            )
        if rng is None and options:
            raise TypeError(
                f"generate takes {', '.join(options)} with rng=: without it nothing is drawn"
            )

        def choose(scores: Array) -> Array:
            if rng is None:
                return decoding.likeliest(scores)
            return decoding.sample(scores, rng=rng, **options)

        caches = [KeyValueCache() for _ in self.blocks]
        with mode(self, training=False), no_grad():
            for _ in range(steps):
                if cached and tokens.shape[1] <= self.context:
                    scores = self(tokens[:, caches[0].length :], caches=caches)
                else:  # the window slides: every token gets another position, and new keys
                    scores = self(tokens[:, -self.context :])
                new = choose(scores.data[:, -1])  # (B, V) -> (B,)
                tokens = np.concatenate([tokens, new[:, None]], axis=1)
        return tokens[:, tokens.shape[1] - steps :]


def small_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw from N(0, 0.02²)."""
    return init.normal(shape, rng=rng, std=0.02, dtype=dtype)
