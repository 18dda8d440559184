"""The transformer of 2017: an encoder reads a sequence, a decoder writes another one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook import decoding, init, ops
from nnbook.nn import (
    DecoderBlock,
    Dropout,
    Embedding,
    EncoderBlock,
    KeyValueCache,
    LayerNorm,
    Linear,
    Module,
    ReLU,
    SinusoidalPositions,
)
from nnbook.nn.attention_cache import kept_if_refused
from nnbook.nn.module import mode
from nnbook.tensor import Array, Tensor, no_grad


class Transformer(Module):
    """Encoder-decoder transformer.

    Parameters
    ----------
    source_vocabulary, target_vocabulary : int
        The number of tokens of either language.
    limit : int
        The longest sequence, of either.
    width, heads, layers : int
        D, the heads of each block (a divisor of D), and the number of blocks on either side.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    hidden : int, optional
        H of the feed-forward networks; 4 D by default.
    dropout : float in [0, 1)
        On the embedded sequences and on what each sublayer adds, before the norm.
    tied : bool
        One table for the source's embedding, the target's and the head, as in the paper. The
        vocabularies must then be one.
    pre_norm : bool
        Put the norms before the sublayers, and one more at either end; False is the paper's way.
    padding : int
        The token that fills sequences up to the length of the longest. Nothing attends to it.
    dtype : dtype

    Notes
    -----
    Source: Vaswani et al. (2017), figure 1. Its label smoothing is `softmax_cross_entropy`'s
    `smoothing`, its learning rate `optim.schedules.inverse_square_root`.
    Book: :eq:`eq-decoder-block`, :eq:`eq-tied-ends`; its size: :eq:`eq-transformer-parameters`.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        limit: int,
        *,
        width: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        hidden: int | None = None,
        dropout: float = 0.1,
        tied: bool = False,
        pre_norm: bool = False,
        padding: int = 0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if tied and source_vocabulary != target_vocabulary:
            raise ValueError(
                f"tied embeddings expected one vocabulary, got {source_vocabulary} source tokens "
                f"and {target_vocabulary} target tokens"
            )
        if layers < 1:
            raise ValueError(f"Transformer expected at least 1 layer on either side, got {layers}")
        if not 0 <= padding < source_vocabulary:
            raise ValueError(
                f"Transformer expected the padding among the source tokens, from 0 to "
                f"{source_vocabulary - 1}, got {padding}"
            )
        sizes = (width, heads, 4 * width if hidden is None else hidden)
        options: dict[str, Any] = {
            "rng": rng,
            "dropout": dropout,
            "pre_norm": pre_norm,
            "dtype": dtype,
        }
        table: dict[str, Any] = {"rng": rng, "std": 1 / math.sqrt(width), "dtype": dtype}
        self.padding = padding
        self.source = Embedding(source_vocabulary, width, **table)
        self.target = self.source if tied else Embedding(target_vocabulary, width, **table)
        self.positions = SinusoidalPositions(limit, width, dtype=dtype)
        self.dropout = Dropout(dropout, rng=rng)
        self.encoder = [EncoderBlock(*sizes, activation=ReLU(), **options) for _ in range(layers)]
        self.decoder = [DecoderBlock(*sizes, activation=ReLU(), **options) for _ in range(layers)]
        self.encoder_norm = LayerNorm(width, dtype=dtype) if pre_norm else None
        self.decoder_norm = LayerNorm(width, dtype=dtype) if pre_norm else None
        head: dict[str, Any] = {
            "rng": rng,
            "bias": False,
            "initial": init.glorot_uniform,
            "dtype": dtype,
        }
        self.head = None if tied else Linear(width, target_vocabulary, **head)

    def forward(self, source: Array, target: Array) -> Tensor:
        """Map source (B, S) and target (B, T) tokens to scores of what comes next, (B, T, V)."""
        return self.decode(target, self.encode(source), source)

    def encode(self, source: Array) -> Tensor:
        """Map source tokens (B, S) to the context (B, S, D)."""
        seen = self._seen(source)
        x = self._embedded(self.source, source)
        for block in self.encoder:
            x = block(x, mask=seen)
        return x if self.encoder_norm is None else self.encoder_norm(x)

    def decode(
        self, target: Array, context: Tensor, source: Array, *, caches: list | None = None
    ) -> Tensor:
        """Map target tokens (B, T) to scores (B, T, V), given the context (B, S, D) of the source.

        With caches, a pair for each block, the tokens continue those that the caches have seen.
        Padding in the target needs no mask: it stands at the end, where nothing before it looks.
        """
        if caches is not None and len(caches) != len(self.decoder):
            raise ValueError(
                f"Transformer expected a pair of caches for each of its {len(self.decoder)} "
                f"decoder blocks, got {len(caches)} pairs"
            )
        seen = self._seen(source)
        caches = caches or [(None, None)] * len(self.decoder)
        own = caches[0][0]
        x = self._embedded(self.target, target, start=own.length if own else 0)
        with kept_if_refused(*(cache for pair in caches for cache in pair)):
            for block, pair in zip(self.decoder, caches):
                x = block(x, context, context_mask=seen, caches=pair)
        x = x if self.decoder_norm is None else self.decoder_norm(x)
        return self.head(x) if self.head else ops.linear(x, ops.transpose(self.target.table), None)

    def _seen(self, source: Array) -> Array:
        """Return the mask of the source's real tokens, for all queries, (B, 1, S)."""
        if np.ndim(source) != 2:
            raise ValueError(f"Transformer expected source tokens (B, S), got {np.shape(source)}")
        return np.asarray(source)[:, None, :] != self.padding

    def _embedded(self, table: Embedding, tokens: Array, *, start: int = 0) -> Tensor:
        """Return √D times the tokens' vectors plus their positions, (B, T, D)."""
        if np.ndim(tokens) != 2:
            raise ValueError(f"Transformer expected tokens (B, T), got {np.shape(tokens)}")
        x = table(tokens)
        x = x * math.sqrt(x.shape[2])
        return self.dropout(self.positions(x, start=start))

    def translate(
        self,
        source: Array,
        *,
        start: int,
        end: int,
        steps: int,
        width: int = 1,
        length_penalty: float = 0.0,
    ) -> list[Array]:
        """Write the target of each source (B, S): greedily, or by beam search of `width` above 1.

        Each step computes the keys and values of its own token only; the others are kept. See
        `nnbook.decoding` for the options. Returns B integer arrays, without the end token.
        """
        with mode(self, training=False), no_grad():
            context = self.encode(source)
            caches = [(KeyValueCache(), KeyValueCache()) for _ in self.decoder]
            memory = (caches, context, np.asarray(source))
            if width == 1:
                starts = np.full(len(source), start)
                found = decoding.greedy(self._step, memory, start=starts, end=end, steps=steps)
            else:
                options: dict[str, Any] = {
                    "start": start,
                    "end": end,
                    "steps": steps,
                    "width": width,
                }
                options |= {"select": _select, "length_penalty": length_penalty}
                rows = (_select(memory, np.array([b])) for b in range(len(source)))
                found = [decoding.beam_search(self._step, row, **options)[0].tokens for row in rows]
        return found

    def _step(self, tokens: Array, memory: tuple) -> tuple[Array, tuple]:
        caches, context, source = memory
        return self.decode(tokens[:, None], context, source, caches=caches).data[:, 0], memory


def _select(memory: tuple, rows: Array) -> tuple:
    """Return what the decoder remembers of the sequences `rows`."""
    caches, context, source = memory
    return [tuple(c.select(rows) for c in pair) for pair in caches], context[rows], source[rows]
