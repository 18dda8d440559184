"""What attention remembers from step to step while a network writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from nnbook.tensor import Array, Tensor


class KeyValueCache:
    """The keys and values of the steps so far, so that decoding computes them once.

    k and v are (B, heads, S, E), or None at the beginning. Gradients do not pass through it.
    Book: :eq:`eq-cached-step`.
    """

    def __init__(self) -> None:
        self.k: Array | None = None
        self.v: Array | None = None

    @property
    def length(self) -> int:
        """The number of steps held, S."""
        return 0 if self.k is None else self.k.shape[2]

    def extend(self, k: Tensor, v: Tensor) -> tuple[Array, Array]:
        """Append the keys and values of new steps. Returns those of all steps."""
        if k.requires_grad or v.requires_grad:
            raise RuntimeError("a cache is for decoding, without gradients: use it under no_grad()")
        if self.k is None or self.v is None:
            self.k, self.v = k.data, v.data
            return self.k, self.v
        if k.shape[:2] + k.shape[3:] != self.k.shape[:2] + self.k.shape[3:]:
            raise ValueError(
                f"the cache holds keys (B, heads, S, E) = {self.k.shape} and goes on with the same "
                f"B, heads and E, got {k.shape}"
            )
        self.k = np.concatenate([self.k, k.data], axis=2)
        self.v = np.concatenate([self.v, v.data], axis=2)
        return self.k, self.v

    def select(self, rows: Array) -> KeyValueCache:
        """Return a cache of the sequences `rows` (N,), in that order, as beam search needs."""
        chosen = KeyValueCache()
        if self.k is not None and self.v is not None:
            chosen.k, chosen.v = self.k[rows], self.v[rows]
        return chosen


@contextmanager
def kept_if_refused(*caches: KeyValueCache | None) -> Iterator[None]:
    """Put caches back to what they hold now if what is done inside fails, wherever it does.

    Otherwise a step that was refused half-way would be there twice when it is tried again.
    """
    before = [(cache, cache.k, cache.v) for cache in caches if cache is not None]
    try:
        yield
    except BaseException:  # an interrupt too
        for cache, k, v in before:
            cache.k, cache.v = k, v
        raise
