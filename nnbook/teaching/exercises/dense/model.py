"""Exercises of the chapter *The Model object* on what a loop measures and when it stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook import nn, no_grad, ops
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array, Tensor

exercise(
    "dense.model-epoch-loss",
    asks="a function epoch_loss(losses, sizes) that returns a number",
    solution=lambda losses, sizes: np.dot(losses, sizes) / np.sum(sizes),
    inputs=lambda rng: (rng.uniform(1, 5, 7), np.array([5, 5, 5, 5, 5, 5, 3])),
    mistakes={
        "all batches alike: a batch counts by its rows, and the last one has fewer": (
            lambda losses, sizes: np.mean(losses)
        ),
        "divided by the batches: divide the sum over rows by the number of rows": (
            lambda losses, sizes: np.dot(losses, sizes) / len(sizes)
        ),
        "a sum over rows: divide it by the number of rows": lambda losses, sizes: np.dot(
            losses, sizes
        ),
        "the last batch left out: its rows count as much as all others": lambda losses, sizes: (
            np.dot(losses[:-1], sizes[:-1]) / np.sum(sizes[:-1])
        ),
        "divided by the size: a batch with more rows counts more, not less": lambda losses, sizes: (
            np.sum(losses / sizes) / np.sum(1 / sizes)
        ),
        "divided as if every batch were full: the rows are the sum of the sizes": (
            lambda losses, sizes: np.dot(losses, sizes) / (len(sizes) * sizes[0])
        ),
    },
)

#: Curves with their patience: a stop, a tie, no stop, bad epochs that are not in a row.
CURVES = (
    ([5, 4, 4.5, 3, 3.5, 3.2, 3.6, 3.7, 2.9, 3.0, 3.1, 3.2, 2.5], 3),
    ([3, 2, 2, 2, 2, 1], 3),
    ([3, 2, 1], 2),
    ([4, 5, 3, 6, 2, 7, 1.9, 8], 2),
)


def _patience(
    losses: Sequence[float],
    wait: int,
    *,
    tie: bool = False,
    in_all: bool = False,
    later: int = 0,
    before: bool = False,
    larger: bool = False,
) -> tuple[int, int]:
    best, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        now, then = losses[epoch - 1], losses[(epoch - 1 if before else best) - 1]
        if larger:
            now, then = -now, -then
        if now < then or (tie and now == then):
            best, waited = epoch, waited if in_all else 0
            continue
        waited += 1
        if waited >= wait + later:
            return epoch, best
    return len(losses), best


def _of_curves(patience: Callable) -> list | None:
    values = []
    for losses, wait in CURVES:
        pair = patience(list(losses), wait)
        if pair is None:
            return None
        if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
            raise AnswerError(f"expected two whole numbers, got {kind(pair)}")
        values.append(tuple(pair))
    return values


exercise(
    "dense.model-patience",
    asks="a function patience(losses, wait) that returns two whole numbers",
    solution=_patience,
    probe=_of_curves,
    inputs=lambda rng: (),
    mistakes={
        "one epoch too many: it stops as soon as it has waited so long": lambda losses, wait: (
            _patience(losses, wait, later=1)
        ),
        "waiting never starts again: a better epoch sets the count back to zero": (
            lambda losses, wait: _patience(losses, wait, in_all=True)
        ),
        "a tie taken for better: only a smaller loss is": lambda losses, wait: _patience(
            losses, wait, tie=True
        ),
        "compared with the epoch before: compare with the best so far": lambda losses, wait: (
            _patience(losses, wait, before=True)
        ),
        "larger taken for better: a loss should be small": lambda losses, wait: _patience(
            losses, wait, larger=True
        ),
        "counted from zero: the first epoch has the number 1": lambda losses, wait: tuple(
            n - 1 for n in _patience(losses, wait)
        ),
        "the best of all there could be: epochs after the stop are not run": lambda losses, wait: (
            _patience(losses, wait)[0],
            int(np.argmin(losses)) + 1,
        ),
        "no stop: it ends after so many epochs without a better one": lambda losses, wait: (
            len(losses),
            int(np.argmin(losses)) + 1,
        ),
    },
)


class _Watched(nn.Module):
    """A small network with dropout that remembers how many rows it was shown at a time."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.layers = nn.Sequential(
            nn.Linear(3, 5, rng=rng, dtype=np.float64),
            nn.Dropout(0.5, rng=rng),
            nn.Linear(5, 4, rng=rng, dtype=np.float64),
        )
        self.seen: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.seen.append(len(x.data if isinstance(x, Tensor) else x))
        return self.layers(x)


def _traces(evaluate: Callable, x: Array, t: Array) -> list | None:
    network = _Watched()
    loss = evaluate(network, x, t, 5)
    if loss is None:
        return None
    if not network.seen:
        raise AnswerError("the network was never called: network(x) gives the scores")
    modes = {module.training for _, module in network.modules()}
    return [loss, modes == {True}, max(network.seen) <= 5]


def _evaluate(
    network: nn.Module,
    x: Array,
    t: Array,
    batch_size: int,
    *,
    mode: bool = False,
    after: bool = True,
    weighted: bool = True,
    rest: bool = True,
) -> float:
    network.train(mode)
    losses, counts = [], []
    with no_grad():
        for start in range(0, len(x) if rest else len(x) - len(x) % batch_size, batch_size):
            rows = slice(start, start + batch_size)
            losses.append(ops.softmax_cross_entropy(network(x[rows]), target=t[rows]).item())
            counts.append(len(x[rows]))
    network.train(after)
    return float(np.average(losses, weights=counts if weighted else None))


exercise(
    "dense.model-evaluate",
    asks="a function evaluate(network, x, t, batch_size) that returns a number",
    solution=_evaluate,
    probe=_traces,
    inputs=lambda rng: (2 * rng.standard_normal((23, 3)), rng.integers(0, 4, 23)),
    mistakes={
        "in training mode: dropout goes on, so call network.eval() before": (
            lambda *given: _evaluate(*given, mode=True)
        ),
        "left in evaluation: the network must be in training mode again afterwards": (
            lambda *given: _evaluate(*given, after=False)
        ),
        "mean of the means: the last batch has fewer rows and counts less": (
            lambda *given: _evaluate(*given, weighted=False)
        ),
        "the rest left out: the last batch has what is left over": (
            lambda *given: _evaluate(*given, rest=False)
        ),
        "all rows at once: cut them into batches of at most batch_size": (
            lambda network, x, t, batch_size: _evaluate(network, x, t, len(x))
        ),
        "the first batch only: add up all of them": (
            lambda network, x, t, batch_size: _evaluate(network, x[:5], t[:5], batch_size)
        ),
    },
)


SINGLE = "a single number: hand in the losses of all epochs"
ACCURACIES = "accuracies, which rise: hand in the validation loss of each epoch"
TRAINING = "less than half of what the chapter reaches: is it the loss of the training images?"
TURNED = "the chapter's losses first: yours come first"
ALIKE = "no better yet: dropout, a wider layer and more patience help"


def _lower(answer: Any) -> str | None:
    """Compare the smallest loss of a reader's network with that of the chapter's."""
    ours, theirs = answer
    if np.ndim(ours) == 0 or np.ndim(theirs) == 0:
        return SINGLE
    ours, theirs = (np.asarray(losses, float) for losses in (ours, theirs))
    if ours.ndim != 1 or theirs.ndim != 1 or min(len(ours), len(theirs)) < 2:
        return "expected two lists, each with one loss for each epoch"
    if not (np.isfinite(ours).all() and np.isfinite(theirs).all()):
        return "a loss is NaN or infinite: the training has gone wrong"
    if ours[0] < ours[-1] < 1 and ours.argmin() == 0:
        return ACCURACIES
    ratio = ours.min() / theirs.min()
    if ratio < 0.5:
        return TRAINING
    if ratio < 0.98:
        return None
    return TURNED if ratio > 1.02 and len(theirs) != 40 else ALIKE


exercise(
    "dense.model-thousand",
    asks="two lists of validation losses: yours, and those of the chapter's network",
    solution=([0.9, 0.6, 0.48, 0.5], [0.8, 0.55, 0.52, 0.6]),
    accept=_lower,
    mistakes={
        SINGLE: (0.48, 0.52),
        ACCURACIES: ([0.62, 0.71, 0.78, 0.82], [0.8, 0.55, 0.52, 0.6]),
        TRAINING: ([0.9, 0.3, 0.05, 0.01], [0.8, 0.55, 0.52, 0.6]),
        TURNED: ([0.8, 0.55, 0.52, 0.6], [0.9, 0.6, 0.48, 0.5]),
        ALIKE: ([0.8, 0.55, 0.52, 0.6], [0.8, 0.55, 0.52, 0.6]),
    },
)
