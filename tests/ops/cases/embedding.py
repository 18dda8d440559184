"""Cases of the embedding."""

import numpy as np

from tests.ops.case import Case


def _table(V, D):
    return lambda rng: [rng.standard_normal((V, D))]


def _tokens(V, *shape, **constants):
    return lambda rng: {"tokens": rng.integers(0, V, shape), **constants}


CASES = [
    Case("embedding", "batch and time, tokens repeated", _table(5, 3), _tokens(5, 7, 9)),
    Case("embedding", "one token", _table(5, 3), lambda rng: {"tokens": np.array(2)}),
    Case("embedding", "no token", _table(5, 3), lambda rng: {"tokens": np.zeros((0, 7), int)}),
    Case("embedding", "padding", _table(5, 3), _tokens(5, 7, 9, padding=2), frozen=2),
    Case(
        "embedding",
        "padding first, few tokens",
        _table(301, 3),
        _tokens(5, 7, 9, padding=0),
        frozen=0,
    ),
    Case("embedding", "a large vocabulary", _table(301, 3), _tokens(301, 7, 9)),
    Case("embedding", "a large vocabulary, few tokens", _table(301, 3), _tokens(5, 7, 9)),
]
