"""Every network of the book, small, with a drawn batch and its loss: the rows of a comparison.

A framework's twins are built from the same row, so that one loop serves all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from nnbook import init, models, nn, ops, optim
from nnbook.models.lenet_1998 import map_loss
from nnbook.tensor import Array, Tensor

Inputs = tuple[Array, ...]
Batch = tuple[Inputs, Array]

#: The sizes that a twin needs to know. V are tokens, S and T steps, B examples.
B, V, S, T, CLASSES = 6, 11, 7, 5, 5
WIDTHS = {"features": 5, "hidden": 7}
TRANSFORMER = {"width": 8, "heads": 2, "layers": 2, "hidden": 12}
SIZES: dict[str, dict[str, Any]] = {
    "mlp": {"sizes": (12, 9, 7, CLASSES)},
    "lenet-1998": {},
    "lenet": {},
    "vgg": {"channels": 3, "size": 8, "classes": CLASSES, "widths": (4, 6), "hidden": 10},
    "resnet": {"channels": 3, "classes": CLASSES, "widths": (4, 6), "blocks": 2},
    "rnn": {"vocabulary": V, **WIDTHS},
    "lstm": {"vocabulary": V, "layers": 2, **WIDTHS},
    "gru": {"vocabulary": V, **WIDTHS},
    "gru-2014": {"vocabulary": V, **WIDTHS},
    "text": {"vocabulary": V, "classes": 3, **WIDTHS},
    "seq2seq": {"source": V, "target": V + 2, **WIDTHS},
    "transformer": {"source_vocabulary": V, "target_vocabulary": V + 2, "limit": S, **TRANSFORMER},
    "gpt": {"vocabulary": V, "context": S, **TRANSFORMER},
    "vit": {"image": 6, "patch": 3, "channels": 3, "classes": CLASSES, **TRANSFORMER},
}


class Row(NamedTuple):
    """One network of the book.

    Attributes
    ----------
    title : str
    chapter : str
        The page that builds it.
    make : callable
        `make(rng=, dtype=, **SIZES[name])` gives the network, without dropout.
    draw : callable
        `draw(rng, dtype)` gives a batch; `Row.batch` draws it.
    optimizer : str
        What trains it in the comparison: a key of `OPTIMIZERS`.
    penalties : bool
        Whether the outputs are the penalties of 1998 and the loss is `map_loss`; else they are
        scores (..., V), and the loss is the mean cross-entropy with integer targets (...).
    """

    title: str
    chapter: str
    make: Callable[..., nn.Module]
    draw: Callable[[np.random.Generator, Any], Batch]
    optimizer: str = "momentum"
    penalties: bool = False

    def batch(self, rng: np.random.Generator, dtype: Any = np.float64) -> Batch:
        """Draw a batch: what the network is called with, and the targets.

        Images are (B, C, H, W). Tokens and lengths are integers.
        """
        return self.draw(rng, dtype)

    def loss(self, network: nn.Module, inputs: Inputs, target: Array) -> Tensor:
        """Return the mean loss of our network on a batch, on the tape."""
        outputs = network(*inputs)
        if self.penalties:
            return map_loss(outputs, target=target)
        return ops.softmax_cross_entropy(outputs, target=target)


#: What trains the networks: the name of `nnbook.optim`, and its options by our names. All of them
#: are sums of few powers of two, because Keras rounds them to single precision, and eps is so small
#: that its place does not matter.
BETAS = (0.875, 1 - 2**-10)
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 2**-3}),
    "momentum": ("Momentum", {"lr": 2**-7, "momentum": 0.875}),
    "gentle": ("Momentum", {"lr": 2**-12, "momentum": 0.875}),
    "nesterov": ("Nesterov", {"lr": 2**-7, "momentum": 0.875}),
    "adam": ("Adam", {"lr": 2**-6, "betas": BETAS, "eps": 1e-30}),
    "adamw": ("AdamW", {"lr": 2**-8, "betas": BETAS, "decay": 2**-7, "eps": 1e-30}),
}


def images(channels: int, side: int, classes: int) -> Callable[[np.random.Generator, Any], Batch]:
    """Return what draws images (B, C, H, W) and their labels."""

    def draw(rng: np.random.Generator, dtype: Any) -> Batch:
        x = rng.standard_normal((B, channels, side, side)).astype(dtype)
        return (x,), rng.integers(0, classes, B)

    return draw


def vectors(rng: np.random.Generator, dtype: Any) -> Batch:
    """Draw vectors (B, 12) and their labels."""
    return (rng.standard_normal((B, 12)).astype(dtype),), rng.integers(0, CLASSES, B)


def text(rng: np.random.Generator, dtype: Any) -> Batch:
    """Draw tokens (B, S), and for each step the one that comes next."""
    drawn = rng.integers(0, V, (B, S + 1))
    return (drawn[:, :-1],), drawn[:, 1:]


def sentences(rng: np.random.Generator, dtype: Any) -> Batch:
    """Draw tokens (B, S), how many of them are real (B,), and a label each. 0 is the padding."""
    lengths, tokens = _padded(rng)
    return (tokens, lengths), rng.integers(0, 3, B)


def pairs(rng: np.random.Generator, dtype: Any) -> Batch:
    """Draw sources (B, S), targets (B, T) without their last token, lengths; and what follows."""
    lengths, source = _padded(rng)
    target = rng.integers(1, V + 2, (B, T + 1))
    return (source, target[:, :-1], lengths), target[:, 1:]


def padded_pairs(rng: np.random.Generator, dtype: Any) -> Batch:
    """Draw the same without lengths: the transformer knows the padding by its token, 0."""
    (source, target, _), following = pairs(rng, dtype)
    return (source, target), following


def _padded(rng: np.random.Generator) -> tuple[Array, Array]:
    lengths = rng.integers(2, S + 1, B)
    lengths[0] = S
    tokens = rng.integers(1, V, (B, S))
    return lengths, np.where(np.arange(S) < lengths[:, None], tokens, 0)


def gru_of_2014(*, features: int, hidden: int, **options: Any) -> nn.Module:
    """Return the language model with the GRU whose reset gate acts before the product."""
    model = models.CharacterLanguageModel(cell="gru", features=features, hidden=hidden, **options)
    own = {key: options[key] for key in ("rng", "dtype")}
    model.recurrent = nn.GRU(features, hidden, reset="before", **own)
    return model


def _language(cell: str) -> Callable[..., nn.Module]:
    return lambda **options: models.CharacterLanguageModel(cell=cell, **options)


NETWORKS: dict[str, Row] = {
    "mlp": Row("MLP", "dense/real-data", models.MLP, vectors, "sgd"),
    "lenet-1998": Row(
        "LeNet-5 of 1998",
        "convolution/lenet-1998",
        models.LeNet1998,
        images(1, 32, 10),
        "gentle",
        penalties=True,
    ),
    "lenet": Row("LeNet", "convolution/lenet-today", models.LeNet, images(1, 28, 10)),
    "vgg": Row(
        "VGG",
        "convolution/depth",
        lambda **options: models.VGG(dropout=0.0, **options),
        images(3, 8, CLASSES),
        "nesterov",
    ),
    "resnet": Row("ResNet", "convolution/residual", models.ResNet, images(3, 8, CLASSES)),
    "rnn": Row("RNN", "recurrent/cell", _language("rnn"), text),
    "lstm": Row("LSTM", "recurrent/lstm", _language("lstm"), text, "adam"),
    "gru": Row("GRU, reset after", "recurrent/gru", _language("gru"), text, "adam"),
    "gru-2014": Row("GRU, reset before", "recurrent/gru", gru_of_2014, text, "adam"),
    "text": Row(
        "text classifier",
        "recurrent/classifying",
        lambda **options: models.TextClassifier(bidirectional=True, **options),
        sentences,
        "adam",
    ),
    "seq2seq": Row(
        "seq2seq with attention",
        "attention/seq2seq",
        lambda **options: models.Seq2Seq(attention="additive", **options),
        pairs,
        "adam",
    ),
    "transformer": Row(
        "transformer",
        "attention/transformer",
        lambda **options: models.Transformer(dropout=0.0, **options),
        padded_pairs,
        "adamw",
    ),
    "gpt": Row("GPT", "attention/gpt", models.GPT, text, "adamw"),
    "vit": Row(
        "vision transformer", "attention/vision", models.VisionTransformer, images(3, 6, CLASSES),
        "adamw",
    ),
}  # fmt: skip


def ours(name: str, *, dtype: Any = np.float64, seed: int = 0) -> nn.Module:
    """Return our network of that name, every parameter shaken.

    As networks start, their biases are zero and the weights of a GPT so small that all forms of
    the GELU are one: nothing that went wrong there would show.
    """
    if name not in NETWORKS:
        raise ValueError(f"expected one of {', '.join(NETWORKS)}, got {name!r}")
    rng = np.random.default_rng(seed)
    network = NETWORKS[name].make(rng=rng, dtype=dtype, **SIZES[name])
    for p in network.parameters():
        inputs = init.fans(p.shape)[0] if p.ndim > 1 else 9
        noise = 0.5 * rng.standard_normal(p.shape) / inputs**0.5
        p.data = p.data + noise.astype(dtype)
    return network


def optimizer(name: str, network: nn.Module) -> optim.Optimizer:
    """Return the optimizer that trains the network of that name."""
    kind, options = OPTIMIZERS[NETWORKS[name].optimizer]
    return getattr(optim, kind)(network.named_parameters(), **options)
