"""Training with a progress bar, on rows in random order or on a stream, and what is said of it."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any, Protocol

import numpy as np

from nnbook import metrics, optim
from nnbook.tensor import Array, Tensor
from nnbook.training import Inputs, Model

#: The largest norm of the gradients of a network that reads or writes sequences.
LIMIT = 1.0

#: A training diverged if the loss is so many times what it was before the first step.
DIVERGED = 2.0


class Loaded(Protocol):
    """A data set: its name, and whether it stands in for another one."""

    @property
    def name(self) -> str:
        """What the set is called."""

    @property
    def embedded(self) -> bool:
        """Whether it is the small one that comes with the dependencies."""


class Clipping:
    """A callback that keeps the gradients' joint norm below `LIMIT`."""

    def on_gradients(self, model: Model) -> None:
        """Clip before the update."""
        optim.clip_grad_norm(model.optimizer.parameters.values(), LIMIT)


class Losses:
    """A callback that keeps the first loss, before any step, and the last hundred."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.latest: list[float] = []

    def add(self, loss: float) -> None:
        """Take in the loss of one batch."""
        self.first = loss if self.first is None else self.first
        self.latest = [*self.latest[-99:], loss]

    def on_batch_end(self, model: Model, logs: dict[str, float]) -> None:
        """Take in what `Model.fit` says."""
        self.add(logs["loss"])

    def check(self) -> None:
        """Raise FloatingPointError if the network is far worse than before its training."""
        last = float(np.mean(self.latest))
        if self.first is not None and last > DIVERGED * self.first:
            raise FloatingPointError(
                f"the training diverged, so nothing was saved: the loss was {self.first:.3g} "
                f"at first and {last:.3g} at the end"
            )


def fit(
    model: Model,
    x: Inputs,
    y: Array,
    options: Namespace,
    *,
    rng: np.random.Generator,
    callbacks: tuple[Any, ...] = (),
) -> None:
    """Train for `options.epochs`, and print how long it took. An interrupt ends it all.

    Raises
    ------
    FloatingPointError
        If the training diverged, as in `descend`.
    """
    start, losses = time.perf_counter(), Losses()
    with np.errstate(all="ignore"):  # as in `descend`
        history = model.fit(
            x,
            y,
            epochs=options.epochs,
            batch_size=options.batch_size,
            rng=rng,
            callbacks=(*callbacks, losses),
        )
    if history.interrupted:
        raise KeyboardInterrupt
    losses.check()
    _say_trained(start, history["loss"][-1])


def descend(losses: Iterator[Tensor], optimizer: optim.Optimizer, *, steps: int) -> None:
    """Take a step down each of the first `steps` losses, and print how long it took.

    A step has its gradients clipped. The losses come from a generator, because each is computed
    only after the step before it.
    """
    start, kept = time.perf_counter(), Losses()
    # A loss that is not finite is an error, which says more than NumPy's warnings on the way.
    with np.errstate(all="ignore"), _bar(steps) as bar:
        for loss in islice(losses, steps):
            optimizer.zero_grad()
            loss.backward()
            optim.clip_grad_norm(optimizer.parameters.values(), LIMIT)
            optimizer.step()
            kept.add(loss.item())
            if bar is not None:
                bar.set_postfix_str(f"loss {kept.latest[-1]:.3f}", refresh=False)
                bar.update()
    kept.check()
    _say_trained(start, float(np.mean(kept.latest)))


def _bar(steps: int) -> AbstractContextManager:
    """Return a progress bar, which shows on a terminal only. Without tqdm, nothing."""
    try:
        from tqdm import tqdm
    except ImportError:
        return nullcontext()
    return tqdm(total=steps, unit=" steps", leave=False, disable=None)


def _say_trained(start: float, loss: float) -> None:
    print(f"trained in {time.perf_counter() - start:.0f} s, loss {loss:.4f}")


def say_data(loaded: Loaded, contents: str, *, wanted: str) -> None:
    """Print what the training runs on, and whether it stands in for what was wanted."""
    print(f"{loaded.name}: {contents}")
    if loaded.embedded:
        print(f"it stands in for {wanted}, not found here and not downloaded")


def share(right: int, n: int) -> str:
    """Write a share in percent with its 95 % interval."""
    low, high = metrics.wilson_interval(right, n)
    return f"{right / n:.2%} (95 % interval {low:.2%} to {high:.2%})"
