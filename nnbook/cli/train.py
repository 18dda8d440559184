"""`train`: the networks that can be trained from the command line.

A further one is a function and a line in `TASKS`.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from nnbook import checkpoint
from nnbook.cli import dates, images, text
from nnbook.parallel import one_thread


@dataclass(frozen=True)
class Task:
    """A network to train: the function that does it, one line of help, and its default options.

    How long it trains is counted in epochs, passes over all rows, or in steps; the other is None.
    """

    run: Callable[[Namespace], int]
    help: str
    lr: float
    batch_size: int
    epochs: int | None = None
    steps: int | None = None


TASKS = {
    "mnist": Task(
        images.mnist, "a dense network on handwritten digits", lr=3e-3, batch_size=128, epochs=10
    ),
    "lenet": Task(
        images.lenet, "LeNet-5 of today on handwritten digits", lr=3e-3, batch_size=128, epochs=8
    ),
    "char-lstm": Task(
        text.char_lstm, "an LSTM on Shakespeare's plays", lr=5e-3, batch_size=32, steps=2000
    ),
    "gpt": Task(text.gpt, "a small GPT on Shakespeare's plays", lr=4e-3, batch_size=16, steps=2000),
    "dates": Task(
        dates.dates, "a GRU with attention that rewrites dates", lr=5e-3, batch_size=64, epochs=6
    ),
}


def run(options: Namespace) -> int:
    """Carry out `train NETWORK`."""
    checkpoint.check_place(options.out)  # better now than when minutes have gone by
    try:
        # These matrices are too small to gain much from a second core, and threads that wait for
        # each other take many times longer once another program wants one.
        with one_thread():
            return TASKS[options.network].run(options)
    except KeyboardInterrupt:
        print("interrupted; nothing was saved")
        return 130
