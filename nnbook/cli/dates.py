"""`train dates`: a network that reads a day as people write it, and writes it as ISO 8601 says."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnbook import data, models, ops, optim
from nnbook.cli import loop, saved
from nnbook.tensor import Array
from nnbook.training import Model

TRAINING, HELD_OUT = 10_000, 2_000
BEGIN, END = "<bos>", "<eos>"


def dates(options: Namespace) -> int:
    """Train a GRU with attention on generated dates and say how many new ones it gets right."""
    rng = np.random.default_rng(options.seed)
    human, iso = data.dates(TRAINING, rng=rng)
    new_human, new_iso = unseen(human, rng=rng)
    print(f"generated dates: {TRAINING:,} to train, {len(new_human):,} others held out")
    # Both sets of characters are complete after a few hundred dates; a later one would be an error.
    source = data.Vocabulary.of("".join(human), special=["<pad>"])
    target = data.Vocabulary.of("".join(iso), special=[BEGIN, END])

    settings: dict[str, Any] = {
        "source": len(source),
        "target": len(target),
        "features": 32,
        "hidden": 64,
    }
    settings |= {"cell": "gru", "attention": "additive"}
    network = models.Seq2Seq(**settings, rng=rng)
    x, lengths = data.pad([source.encode(text) for text in human])
    y = np.array([target.encode([BEGIN, *text, END]) for text in iso])  # (N, 12), all as long
    steps = options.epochs * -(-TRAINING // options.batch_size)
    schedule = optim.schedules.cosine(options.lr, steps=steps, warmup=min(20, steps // 20))
    optimizer = optim.Adam(network.named_parameters(), schedule)
    model = Model(network, ops.softmax_cross_entropy, optimizer)
    print(f"network: {network.count():,} weights; epochs: {options.epochs}, steps: {steps}")
    inputs = (x, y[:, :-1], lengths)
    loop.fit(model, inputs, y[:, 1:], options, rng=rng, callbacks=(loop.Clipping(),))

    written = write(network, new_human, source, target)
    right = sum(a == b for a, b in zip(written, new_iso))
    print(f"exactly right: {loop.share(right, len(new_iso))}\n")
    for text, ours, true in list(zip(new_human, written, new_iso))[:5]:
        print(f"{text} -> {ours}" + ("" if ours == true else f" (wrong: {true})"))
    vocabularies = {"source": source.tokens, "target": target.tokens}
    saved.save(options.out, network, settings=settings, task="dates", vocabularies=vocabularies)
    return 0


def unseen(known: Sequence[str], *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Draw dates that are not among the known ones, written the way those are."""
    human, iso = data.dates(2 * HELD_OUT, rng=rng)
    seen = set(known)
    new = [pair for pair in zip(human, iso) if pair[0] not in seen]
    human, iso = zip(*new[:HELD_OUT])
    return list(human), list(iso)


def write(
    network: models.Seq2Seq,
    texts: Sequence[str],
    source: data.Vocabulary,
    target: data.Vocabulary,
) -> list[str]:
    """Write each date as the network does, character by character, the likeliest each time."""
    tokens, lengths = data.pad([source.encode(text) for text in texts])
    start, end = target.number[BEGIN], target.number[END]
    rows: list[Array] = network.translate(tokens, lengths, start=start, end=end, steps=11)
    return ["".join(target.decode(row)) for row in rows]
