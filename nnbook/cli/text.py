"""`train char-lstm | gpt`: language models of characters, on Shakespeare's plays."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnbook import data, metrics, models, ops, optim
from nnbook.cli import loop, saved
from nnbook.nn import detach
from nnbook.optim.optimizer import Schedule
from nnbook.tensor import Array, Tensor, no_grad

#: T, the characters that a training step looks back over; for the GPT, its whole context.
LENGTH = 64

#: Characters that a trained network is let write.
WRITTEN = 400

#: Read a text in order, once, in some places at a time: the loss of each batch of it.
Reading = Callable[[Any, Array, int], Iterator[Tensor]]


class Plays:
    """The text as numbers: the first nine tenths to train on, the last tenth held out."""

    def __init__(self) -> None:
        loaded = data.tiny_shakespeare()
        self.name, text = loaded.name, loaded.text
        self.tokenizer = data.CharTokenizer.train(text)
        self.training, self.held_out = np.split(self.tokenizer.encode(text), [int(0.9 * len(text))])
        contents = f"{len(self.training):,} characters to train, {len(self.held_out):,} held out"
        loop.say_data(loaded, contents, wanted="Shakespeare's plays")


def char_lstm(options: Namespace) -> int:
    """Train an LSTM that reads the plays in order and carries its state over."""
    plays = Plays()
    rng = np.random.default_rng(options.seed)
    settings: dict[str, Any] = {"vocabulary": len(plays.tokenizer), "features": 64, "hidden": 128}
    network = models.CharacterLanguageModel(**settings, rng=rng)

    def losses() -> Iterator[Tensor]:
        while True:
            yield from read_on(network, plays.training, options.batch_size)

    schedule = _schedule(options)
    optimizer = optim.Adam(network.named_parameters(), schedule)
    return _train(options, plays, network, settings, losses(), optimizer, read_on, rng=rng)


def gpt(options: Namespace) -> int:
    """Train a small GPT with rotary positions on stretches of the plays."""
    plays = Plays()
    rng = np.random.default_rng(options.seed)
    settings: dict[str, Any] = {"vocabulary": len(plays.tokenizer), "context": LENGTH, "width": 128}
    settings |= {"heads": 4, "layers": 2, "rotary": True}
    network = models.GPT(**settings, rng=rng)

    def losses() -> Iterator[Tensor]:
        while True:
            x, y = data.crops(plays.training, batch_size=options.batch_size, length=LENGTH, rng=rng)
            yield ops.softmax_cross_entropy(network(x), target=y)

    schedule = _schedule(options, final=options.lr / 50)
    optimizer = optim.AdamW(network.named_parameters(), schedule, betas=(0.9, 0.99), decay=0.1)
    return _train(options, plays, network, settings, losses(), optimizer, read_apart, rng=rng)


def read_on(
    network: models.CharacterLanguageModel, tokens: Array, batch_size: int
) -> Iterator[Tensor]:
    """Read a text with a state that is carried from batch to batch; gradients end at each."""
    state = None
    for x, y in data.streams(tokens, batch_size=batch_size, length=LENGTH):
        scores, state = network.read(x, state)
        state = detach(state)
        yield ops.softmax_cross_entropy(scores, target=y)


def read_apart(network: models.GPT, tokens: Array, batch_size: int) -> Iterator[Tensor]:
    """Read a text in stretches, each without a memory of the one before."""
    for x, y in data.streams(tokens, batch_size=batch_size, length=LENGTH):
        yield ops.softmax_cross_entropy(network(x), target=y)


def _schedule(options: Namespace, *, final: float = 0.0) -> Schedule:
    steps = options.steps
    warmup = min(100, steps // 20)
    return optim.schedules.cosine(options.lr, steps=steps, warmup=warmup, final=final)


def _train(
    options: Namespace,
    plays: Plays,
    network: models.CharacterLanguageModel | models.GPT,
    settings: dict[str, Any],
    losses: Iterator[Tensor],
    optimizer: optim.Optimizer,
    reading: Reading,
    *,
    rng: np.random.Generator,
) -> int:
    """Train a network, say how well it guesses the held-out text, and let it write some."""
    print(f"network: {network.count():,} weights; steps: {options.steps}")
    loop.descend(losses, optimizer, steps=options.steps)
    network.eval()
    with no_grad():
        held_out = [loss.item() for loss in reading(network, plays.held_out, 16)]
    bits = metrics.bits_per_character(float(np.mean(held_out)))
    print(f"held out: {bits:.3f} bits per character\n")
    prompt = plays.tokenizer.encode("\n")[None]  # (1, 1)
    written = network.generate(prompt, WRITTEN, rng=rng, temperature=0.8)[0]
    print(plays.tokenizer.decode(written).strip())
    saved.save(
        options.out,
        network,
        settings=settings,
        task=options.network,
        data=plays.name,
        characters="".join(plays.tokenizer.vocabulary.tokens),
    )
    return 0
