"""The recurrent language model: it reads a text and says at each step what comes next."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import decoding
from nnbook.nn import Dropout, Embedding, Linear, Module
from nnbook.nn.module import mode
from nnbook.nn.recurrent import State, recurrent
from nnbook.tensor import Array, Tensor, no_grad


class CharacterLanguageModel(Module):
    """Embedding, recurrent layers, scores of the next token.

    Parameters
    ----------
    vocabulary, features, hidden : int
        V, D and H.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    cell : "rnn", "lstm" or "gru"
    layers : int
    dropout : float in [0, 1)
        Between the layers, and before the scores.
    dtype : dtype

    Notes
    -----
    As in Graves (2013) and Mikolov et al. (2010), without their connections from the input to
    every layer. The tokens may as well be words or pieces of words.

    Examples
    --------
    >>> model = CharacterLanguageModel(65, features=16, hidden=32, rng=np.random.default_rng(0))
    >>> model(np.zeros((3, 7), int)).shape
    (3, 7, 65)
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        features: int,
        hidden: int,
        rng: np.random.Generator,
        cell: str = "lstm",
        layers: int = 1,
        dropout: float = 0.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.embedding = Embedding(vocabulary, features, rng=rng, dtype=dtype)
        between = dropout if layers > 1 else 0.0
        self.recurrent = recurrent(
            cell, features, hidden, rng=rng, layers=layers, dropout=between, dtype=dtype
        )
        self.dropout = Dropout(dropout, rng=rng)
        self.head = Linear(hidden, vocabulary, rng=rng, dtype=dtype)

    def forward(self, tokens: Array) -> Tensor:
        """Map tokens (B, T) to the scores of the next token at each step, (B, T, V)."""
        return self.read(tokens)[0]

    def read(self, tokens: Array, state: State | None = None) -> tuple[Tensor, State]:
        """Go on reading from a state. Returns the scores (B, T, V) and the new state."""
        x = self.embedding(tokens)  # (B, T, D)
        y, state = self.recurrent(x, state)  # (B, T, H)
        return self.head(self.dropout(y)), state

    def generate(
        self, prompt: Array, steps: int, *, rng: np.random.Generator, **options: Any
    ) -> Array:
        """Continue texts (B, T), T ≥ 1, by `steps` drawn tokens. Returns only those, (B, steps).

        The options are those of `nnbook.decoding.sample`: temperature, top_k, top_p.
        """
        prompt = np.asarray(prompt)
        if prompt.ndim != 2 or prompt.shape[1] == 0:
            raise ValueError(f"generate expected a prompt (B, T) with T ≥ 1, got {prompt.shape}")
        with mode(self, training=False), no_grad():
            state = self.read(prompt[:, :-1])[1] if prompt.shape[1] > 1 else None
            drawn = decoding.generate(
                self._step, state, start=prompt[:, -1], end=None, steps=steps, rng=rng, **options
            )
        return np.array(drawn)

    def _step(self, tokens: Array, state: State | None) -> tuple[Array, State]:
        scores, state = self.read(tokens[:, None], state)
        return scores.data[:, 0], state
