"""Sequence to sequence: one recurrent network reads, another writes, with or without attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import decoding, ops
from nnbook.data.padding import mask_of
from nnbook.nn import Dropout, Embedding, Linear, Module
from nnbook.nn.module import mode
from nnbook.nn.recurrent import State, recurrent
from nnbook.tensor import Array, Input, Parameter, Tensor, no_grad

SCORES = ("additive", "multiplicative")


class Attend(Module):
    """Let each state of the decoder look at the encoder's outputs: h̃ = tanh([context, h] Wc).

    The context is the mean of the encoder's outputs, weighted by the softmax of their scores
    against h: w · tanh(h Wq + y Wk) with the additive score, hᵀ W y with the multiplicative.

    Notes
    -----
    Source: Luong, Pham and Manning (2015), equation 5, for h̃ and the multiplicative score;
    Bahdanau, Cho and Bengio (2015) for the additive one, who give the context to the decoder's
    next step instead.
    """

    def __init__(
        self,
        hidden: int,
        *,
        score: str,
        rng: np.random.Generator,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if score not in SCORES:
            raise ValueError(f"expected the attention to be one of {SCORES} or None, got {score!r}")
        self.score = score
        options: dict[str, Any] = {"rng": rng, "bias": False, "dtype": dtype}
        if score == "additive":
            self.query = Linear(hidden, hidden, **options)
            self.key = Linear(hidden, hidden, **options)
            w = rng.uniform(-1, 1, hidden) / hidden**0.5
            self.w = Parameter(w.astype(dtype))
        else:
            self.W = Linear(hidden, hidden, **options).W
        self.combine = Linear(2 * hidden, hidden, **options)

    def context(self, h: Tensor, y: Tensor, values: Input, mask: Array | None) -> Tensor:
        """Return the weighted means of `values` (B, S, E) for the states h (B, T, H): (B, T, E)."""
        if self.score == "additive":
            return ops.additive_attention(self.query(h), self.key(y), values, self.w, mask=mask)
        return ops.multiplicative_attention(h, y, values, self.W, mask=mask)

    def forward(self, h: Tensor, y: Tensor, mask: Array | None) -> Tensor:
        """Map states h (B, T, H) and the encoder's outputs y (B, S, H) to h̃ (B, T, H)."""
        context = self.context(h, y, y, mask)
        return ops.tanh(self.combine(ops.concatenate(context, h, axis=-1)))


class Seq2Seq(Module):
    """Encoder and decoder, two recurrent networks: the decoder begins with the encoder's final
    state.

    Parameters
    ----------
    source, target : int
        The sizes V of the two vocabularies.
    features, hidden : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    attention : "additive" or "multiplicative", optional
        Without it, all that the decoder knows of the source is the state it begins with.
    cell : "rnn", "lstm" or "gru"
    layers : int
    dropout : float in [0, 1)
        On the embeddings, between the layers, and before the scores.

    Notes
    -----
    Sources: Sutskever, Vinyals and Le (2014) and Cho et al. (2014); for attention see `Attend`.
    Book: :eq:`eq-sequence-probability`, and with attention :eq:`eq-attend`.

    Examples
    --------
    >>> net = Seq2Seq(30, 20, features=8, hidden=6, rng=np.random.default_rng(0))
    >>> net(np.ones((3, 7), int), np.ones((3, 5), int), np.array([7, 2, 1])).shape
    (3, 5, 20)
    """

    def __init__(
        self,
        source: int,
        target: int,
        *,
        features: int,
        hidden: int,
        rng: np.random.Generator,
        attention: str | None = None,
        cell: str = "lstm",
        layers: int = 1,
        dropout: float = 0.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        between = dropout if layers > 1 else 0.0
        options = {"rng": rng, "layers": layers, "dropout": between, "dtype": dtype}
        self.source = Embedding(source, features, rng=rng, std=0.1, dtype=dtype)
        self.encoder = recurrent(cell, features, hidden, **options)
        self.target = Embedding(target, features, rng=rng, std=0.1, dtype=dtype)
        self.decoder = recurrent(cell, features, hidden, **options)
        self.attend = Attend(hidden, score=attention, rng=rng, dtype=dtype) if attention else None
        self.dropout = Dropout(dropout, rng=rng)
        self.head = Linear(hidden, target, rng=rng, dtype=dtype)

    def forward(self, source: Array, target: Array, lengths: Array | None = None) -> Tensor:
        """Score each next token, the right ones before it given (teacher forcing).

        Parameters
        ----------
        source : integer array (B, S)
        target : integer array (B, T)
            The beginning token and the target, without its last token.
        lengths : integer array (B,), optional
            How much of each source is real.

        Returns
        -------
        logits : array (B, T, V)
        """
        y, mask, state = self.encode(source, lengths)
        return self.decode(target, state, y, mask)[0]

    def encode(
        self, source: Array, lengths: Array | None = None
    ) -> tuple[Tensor, Array | None, State]:
        """Read the source (B, S). Returns outputs (B, S, H), mask (B, 1, S) and final state."""
        x = self.dropout(self.source(source))
        y, state = self.encoder(x, lengths=lengths)
        mask = None if lengths is None else mask_of(lengths, y.shape[1])[:, None]
        return y, mask, state

    def decode(
        self, target: Array, state: State, y: Tensor, mask: Array | None
    ) -> tuple[Tensor, State]:
        """Go on writing from a state. Returns the scores (B, T, V) and the new state."""
        x = self.dropout(self.target(target))
        h, state = self.decoder(x, state)
        if self.attend:
            h = self.attend(h, y, mask)
        return self.head(self.dropout(h)), state

    def alignment(self, source: Array, target: Array, lengths: Array | None = None) -> Array:
        """Return how much each target token looks at each source token, (B, T, S)."""
        if not self.attend:
            raise ValueError("this network has no attention, so there is no alignment")
        with mode(self, training=False), no_grad():
            y, mask, state = self.encode(source, lengths)
            h, _ = self.decoder(self.target(target), state)
            each = np.broadcast_to(np.eye(y.shape[1], dtype=y.dtype), (*y.shape[:2], y.shape[1]))
            return self.attend.context(h, y, each, mask).data

    def translate(
        self,
        source: Array,
        lengths: Array | None = None,
        *,
        start: int,
        end: int,
        steps: int,
        width: int = 1,
        length_penalty: float = 0.0,
    ) -> list[Array]:
        """Write the target of each source (B, S): greedily, or by beam search if `width` is above
        1.

        See `nnbook.decoding` for the options. Returns B integer arrays, without the end token.
        """
        with mode(self, training=False), no_grad():
            y, mask, state = self.encode(source, lengths)
            memory = (state, y, mask)
            if width == 1:
                starts = np.full(y.shape[0], start)
                found = decoding.greedy(self._step, memory, start=starts, end=end, steps=steps)
            else:
                found = [
                    decoding.beam_search(
                        self._step,
                        _select(memory, np.array([b])),
                        start=start,
                        end=end,
                        steps=steps,
                        width=width,
                        select=_select,
                        length_penalty=length_penalty,
                    )[0].tokens
                    for b in range(y.shape[0])
                ]
        return found

    def _step(self, tokens: Array, memory: tuple) -> tuple[Array, tuple]:
        state, y, mask = memory
        scores, state = self.decode(tokens[:, None], state, y, mask)
        return scores.data[:, 0], (state, y, mask)


def _select(memory: tuple, rows: Array) -> tuple:
    """Return what the decoder remembers of the sequences `rows`."""
    state, y, mask = memory
    pair = isinstance(state, tuple)
    state = tuple(s[:, rows] for s in state) if pair else state[:, rows]
    return state, y[rows], None if mask is None else mask[rows]
