"""Classifying texts: by their words alone, and by reading them in order."""

from __future__ import annotations

import numpy as np

from nnbook import ops
from nnbook.data.padding import mask_of
from nnbook.nn import Dropout, Embedding, Linear, Module
from nnbook.nn.recurrent import recurrent
from nnbook.tensor import Array, Tensor

POOLINGS = ("mean", "max", "last")


def pool(y: Tensor, lengths: Array, kind: str) -> Tensor:
    """Pool (B, T, H) over the real steps to (B, H): their mean or their maximum."""
    mask = mask_of(lengths, y.shape[1])[:, :, None]  # (B, T, 1)
    if kind == "mean":
        counts = np.asarray(lengths, y.dtype)[:, None]  # (B, 1)
        return (y * mask.astype(y.dtype)).sum(axis=1) / counts
    return ops.where(y, np.full((1, 1, 1), -np.inf, y.dtype), mask=mask).max(axis=1)


class BagOfWords(Module):
    """The mean of the words' vectors, and a linear layer: the order of the words is not seen.

    Parameters
    ----------
    vocabulary, features, classes : int
        V, D and the number of classes.
    rng : numpy.random.Generator
    dropout : float in [0, 1)
        On the mean.

    Notes
    -----
    After Iyyer et al. (2015), whose network has hidden layers on top.
    Book: :eq:`eq-text-masked-mean`.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        features: int,
        classes: int,
        rng: np.random.Generator,
        dropout: float = 0.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.embedding = Embedding(vocabulary, features, rng=rng, std=0.1, dtype=dtype)
        self.dropout = Dropout(dropout, rng=rng)
        self.head = Linear(features, classes, rng=rng, dtype=dtype)

    def forward(self, tokens: Array, lengths: Array) -> Tensor:
        """Map tokens (B, T), of which lengths (B,) are real, to scores (B, classes)."""
        if np.ndim(tokens) != 2 or np.shape(lengths) != np.shape(tokens)[:1]:
            raise ValueError(
                "BagOfWords expected tokens (B, T) and one length a text, (B,), "
                f"got {np.shape(tokens)} and {np.shape(lengths)}"
            )
        x = self.embedding(tokens)  # (B, T, D)
        return self.head(self.dropout(pool(x, lengths, "mean")))


class TextClassifier(Module):
    """Embedding, recurrent layers, pooling over time, scores of the classes.

    Parameters
    ----------
    vocabulary, features, hidden, classes : int
        V, D, H and the number of classes.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    cell : "rnn", "lstm" or "gru"
    layers : int
    bidirectional : bool
    pooling : "mean", "max" or "last"
        Of the last layer's outputs over the real steps; "last" is its final state.
    dropout : float in [0, 1)
        On the embeddings, between the layers, and before the scores.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net = TextClassifier(50, features=8, hidden=6, classes=2, rng=rng, bidirectional=True)
    >>> net(np.zeros((3, 7), int), np.array([7, 2, 1])).shape
    (3, 2)
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        features: int,
        hidden: int,
        classes: int,
        rng: np.random.Generator,
        cell: str = "lstm",
        layers: int = 1,
        bidirectional: bool = False,
        pooling: str = "mean",
        dropout: float = 0.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if pooling not in POOLINGS:
            raise ValueError(f"expected pooling to be one of {POOLINGS}, got {pooling!r}")
        self.pooling, self.directions = pooling, 2 if bidirectional else 1
        self.embedding = Embedding(vocabulary, features, rng=rng, std=0.1, dtype=dtype)
        self.recurrent = recurrent(
            cell,
            features,
            hidden,
            rng=rng,
            layers=layers,
            bidirectional=bidirectional,
            dropout=dropout if layers > 1 else 0.0,
            dtype=dtype,
        )
        self.dropout = Dropout(dropout, rng=rng)
        self.head = Linear(self.directions * hidden, classes, rng=rng, dtype=dtype)

    def forward(self, tokens: Array, lengths: Array) -> Tensor:
        """Map tokens (B, T), of which lengths (B,) are real, to scores (B, classes)."""
        x = self.dropout(self.embedding(tokens))  # (B, T, D)
        y, state = self.recurrent(x, lengths=lengths)  # (B, T, directions · H)
        if self.pooling == "last":
            h = state[0] if isinstance(state, tuple) else state  # (layers · directions, B, H)
            top = [h[h.shape[0] - self.directions + k] for k in range(self.directions)]
            pooled = ops.concatenate(*top, axis=-1)
        else:
            pooled = pool(y, lengths, self.pooling)
        return self.head(self.dropout(pooled))
