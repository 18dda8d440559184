"""Of how many values a loss is the mean: what the losses tell to those who average over batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_COUNTS: ContextVar[list[float] | None] = ContextVar("counts", default=None)


@contextmanager
def counted() -> Iterator[list[float]]:
    """Collect the counts of all losses that are computed inside, in order."""
    counts: list[float] = []
    token = _COUNTS.set(counts)
    try:
        yield counts
    finally:
        _COUNTS.reset(token)


def mean_of(count: float) -> None:
    """Tell that a loss is the mean of so many values, or of values of that weight together."""
    counts = _COUNTS.get()
    if counts is not None:
        counts.append(count)
