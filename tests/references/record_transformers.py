"""Ten steps of training of each transformer in PyTorch, from our weights: `transformers.npz`.

python -m tests.references.record_transformers
"""

from pathlib import Path
from typing import Any

import numpy as np

from nnbook import models, nn
from nnbook.interchange import to_torch
from tests.references.record_attention import randomize

FILE = Path(__file__).with_name("transformers.npz")
STEPS, RATE, SMOOTHING = 10, 0.003, 0.1
D, HEADS, HIDDEN, LAYERS = 8, 2, 12, 2
SIZE = {"width": D, "heads": HEADS, "hidden": HIDDEN, "layers": LAYERS}
NAMES = ["gpt", "gpt_tied", "transformer", "transformer_tied", "transformer_pre", "vit"]


def draw(name: str, dtype: Any = np.float64) -> tuple[nn.Module, tuple, np.ndarray]:
    """Return our network with random weights, its inputs, and the targets."""
    rng = np.random.default_rng(len(name))
    options = {**SIZE, "rng": rng, "dtype": dtype}
    kind, _, variant = name.partition("_")
    if kind == "gpt":
        network = models.GPT(11, 7, tied=variant == "tied", **options)
        text = rng.integers(0, 11, (5, 8))
        inputs, target = (text[:, :-1],), text[:, 1:]
    elif kind == "vit":
        network = models.VisionTransformer(6, 3, 2, 5, **options)
        inputs, target = (rng.standard_normal((7, 2, 6, 6)).astype(dtype),), rng.integers(0, 5, 7)
    else:
        tied, pre_norm = variant == "tied", variant == "pre"
        vocabularies = (13, 13) if tied else (11, 13)
        network = models.Transformer(
            *vocabularies, 9, tied=tied, pre_norm=pre_norm, dropout=0, **options
        )
        source, text = rng.integers(1, 11, (5, 9)), rng.integers(1, 13, (5, 8))
        source[np.arange(9) >= np.array([9, 1, 4, 6, 9])[:, None]] = 0  # padding
        inputs, target = (source, text[:, :-1]), text[:, 1:]
    randomize(network, rng, 0.3)
    return network, inputs, target


def twin_of(network: nn.Module) -> Any:
    """Return the same network made of PyTorch's own layers, with our weights."""
    import torch
    from torch import nn as tnn
    from torch.nn import functional as F

    def gelu(z: torch.Tensor) -> torch.Tensor:
        return F.gelu(z, approximate="tanh")

    def encoder(activation: Any, pre_norm: bool) -> tnn.ModuleList:
        block = {"activation": activation, "norm_first": pre_norm, "dropout": 0.0}
        make = tnn.TransformerEncoderLayer
        return tnn.ModuleList(
            make(D, HEADS, HIDDEN, batch_first=True, **block) for _ in range(LAYERS)
        )

    class Positions(tnn.Module):
        def __init__(self, steps: int) -> None:
            super().__init__()
            self.P = tnn.Parameter(torch.zeros(steps, D))

    def ahead(T: int) -> torch.Tensor:
        return torch.ones(T, T, dtype=torch.bool).triu(1)

    class GPT(tnn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens = tnn.Embedding(11, D)
            self.positions = Positions(7)
            self.blocks = encoder(gelu, True)
            self.norm = tnn.LayerNorm(D)
            if network.head is not None:
                self.head = tnn.Linear(D, 11, bias=False)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            x = self.tokens(tokens) + self.positions.P
            for block in self.blocks:
                x = block(x, src_mask=ahead(tokens.shape[1]))
            table = self.tokens.weight if network.head is None else self.head.weight
            return F.linear(self.norm(x), table)

    class VisionTransformer(tnn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = tnn.Linear(18, D)
            self.class_token = tnn.Parameter(torch.zeros(1, 1, D))
            self.positions = Positions(5)
            self.blocks = encoder(gelu, True)
            self.norm = tnn.LayerNorm(D)
            self.head = tnn.Linear(D, 5)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            # The patches by the convolution that the embedding amounts to
            kernel = self.embed.weight.reshape(D, 2, 3, 3)
            x = F.conv2d(images, kernel, self.embed.bias, stride=3).flatten(2).transpose(1, 2)
            x = torch.cat([self.class_token.expand(len(x), -1, -1), x], 1) + self.positions.P
            for block in self.blocks:
                x = block(x)
            return self.head(self.norm(x)[:, 0])

    class Transformer(tnn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.source = tnn.Embedding(len(network.source.table.data), D)
            self.target = self.source
            pre = network.decoder_norm is not None
            if network.head is not None:
                self.target = tnn.Embedding(13, D)
                self.head = tnn.Linear(D, 13, bias=False)
            self.encoder = encoder("relu", pre)
            block = {"dropout": 0.0, "activation": "relu", "norm_first": pre}
            self.decoder = tnn.ModuleList(
                tnn.TransformerDecoderLayer(D, HEADS, HIDDEN, batch_first=True, **block)
                for _ in range(LAYERS)
            )
            self.encoder_norm = tnn.LayerNorm(D) if pre else tnn.Identity()
            self.decoder_norm = tnn.LayerNorm(D) if pre else tnn.Identity()

        def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
            t = torch.arange(9)[:, None] / 10000 ** (torch.arange(0, D, 2) / D)
            P = torch.stack([t.sin(), t.cos()], -1).flatten(1)
            hidden = source == 0
            x = self.source(source) * D**0.5 + P[: source.shape[1]]
            for block in self.encoder:
                x = block(x, src_key_padding_mask=hidden)
            context = self.encoder_norm(x)
            T = target.shape[1]
            x = self.target(target) * D**0.5 + P[:T]
            for block in self.decoder:
                x = block(x, context, tgt_mask=ahead(T), memory_key_padding_mask=hidden)
            table = self.target.weight if network.head is None else self.head.weight
            return F.linear(self.decoder_norm(x), table)

    torch.set_num_threads(1)  # small networks: several threads would only wait for each other
    torch.set_default_dtype(torch.float64)
    try:
        twin = {"GPT": GPT, "VisionTransformer": VisionTransformer, "Transformer": Transformer}
        built = twin[type(network).__name__]()
    finally:
        torch.set_default_dtype(torch.float32)
    state = {k: torch.from_numpy(v) for k, v in to_torch(network).items()}
    built.load_state_dict(state)
    return built


def torch_answer(name: str) -> dict[str, np.ndarray]:
    """Return PyTorch's first scores, first gradients, ten losses, and weights after them."""
    import torch

    network, inputs, target = draw(name)
    twin = twin_of(network)
    inputs, target = [torch.from_numpy(x) for x in inputs], torch.from_numpy(target)
    optimizer = torch.optim.Adam(twin.parameters(), lr=RATE)
    answer, losses = {}, []
    torch.set_default_dtype(torch.float64)  # for the positions that forward makes
    try:
        for step in range(STEPS):
            optimizer.zero_grad()
            scores = twin(*inputs)
            flat = scores.reshape(-1, scores.shape[-1])
            loss = torch.nn.functional.cross_entropy(
                flat, target.reshape(-1), label_smoothing=SMOOTHING
            )
            loss.backward()
            if step == 0:
                answer["scores"] = scores.detach().numpy()
                first = {k: p.grad.numpy().copy() for k, p in twin.named_parameters()}
            optimizer.step()
            losses.append(loss.item())
    finally:
        torch.set_default_dtype(torch.float32)
    return answer | {"losses": np.array(losses)} | {f"d.{k}": g for k, g in first.items()}


def digest(answer: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the answer with each gradient as two numbers, to keep the file small.

    They are its products with two fixed random arrays: a wrong or misplaced entry changes them.
    """
    short = {}
    for key, array in answer.items():
        if key.startswith("d."):
            along = np.random.default_rng(array.size).standard_normal((2, array.size))
            array = along @ np.ravel(array)
        short[key] = array
    return short


def main() -> None:
    """Write the file."""
    answers = {f"{n}/{k}": v for n in NAMES for k, v in digest(torch_answer(n)).items()}
    np.savez_compressed(FILE, **answers)
    print(f"{FILE.name}: {len(answers)} arrays, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
