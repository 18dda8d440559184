"""Wrong embeddings."""

import numpy as np

from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, leaks_float64, mutates_cotangent, scaled


def _with_gradient(gradient):
    def rule(table, *, tokens, padding=None):
        value, _ = REGISTRY["embedding"].rule(table, tokens=tokens)

        def pullback(g):
            dtable = gradient(table, tokens, g)
            if padding is not None:
                dtable[padding] = 0
            return (dtable,)

        return value, pullback

    return rule


def last_one_wins(table, tokens, g):
    dtable = np.zeros_like(table)
    dtable[tokens] = g
    return dtable


def a_mean_over_the_uses(table, tokens, g):
    dtable = np.zeros_like(table)
    np.add.at(dtable, tokens, g)
    times = np.bincount(tokens.reshape(-1), minlength=len(table))
    return dtable / np.maximum(times, 1).astype(table.dtype)[:, None]


def rows_of_the_next_token(table, tokens, g):
    dtable = np.zeros_like(table)
    np.add.at(dtable, (tokens + 1) % len(table), g)
    return dtable


def padding_is_learned(table, *, tokens, padding=None):
    return REGISTRY["embedding"].rule(table, tokens=tokens)


def the_last_row_is_padding(table, *, tokens, padding=None):
    padding = None if padding is None else len(table) - 1
    return REGISTRY["embedding"].rule(table, tokens=tokens, padding=padding)


FAULTS = [
    Fault("embedding", "padding ignored", padding_is_learned),
    Fault("embedding", "another row taken for the padding", the_last_row_is_padding),
    Fault("embedding", "repeated tokens overwrite each other", _with_gradient(last_one_wins)),
    Fault("embedding", "a mean over a token's uses", _with_gradient(a_mean_over_the_uses)),
    Fault("embedding", "the rows of the next token", _with_gradient(rows_of_the_next_token)),
    Fault("embedding", "a thousandth too large", scaled("embedding")),
    Fault("embedding", "in float64", leaks_float64("embedding")),
    Fault("embedding", "the cotangent overwritten", mutates_cotangent("embedding")),
]
