"""Cases of attention in its three forms, of the heads, and of the rotary positions."""

import numpy as np

from tests.ops.case import Case


def _normal(*shapes):
    return lambda rng: [rng.standard_normal(s) for s in shapes]


def _mask(*shape):
    """Draw a mask in which every query may attend to key 0 at least."""

    def constants(rng):
        mask = rng.random(shape) < 0.5
        mask[..., 0] = True
        return {"mask": mask}

    return constants


def _some_rows_see_nothing(rng):
    mask = rng.random((3, 5, 7)) < 0.5
    mask[1, 2] = False
    mask[2] = False
    return {"mask": mask}


def _causal_and_padded(rng):
    mask = np.ones((3, 1, 5), bool)
    mask[0, :, 3:] = mask[2, :, :2] = False
    return {"mask": mask, "causal": True}


def _bias(*shape, hidden=False, **constants):
    """A bias of that shape; `hidden` makes some entries -inf, among them all of the first row."""

    def draw(rng):
        bias = rng.standard_normal(shape)
        if hidden:
            bias[rng.random(shape) < 0.3] = -np.inf
            bias[0] = -np.inf
        return {"bias": bias, **constants}

    return draw


def _fixed(**constants):
    return lambda rng: constants


CROSS = _normal((3, 5, 11), (3, 7, 11), (3, 7, 9))
ALIGN = (3, 5, 11), (3, 7, 11), (3, 7, 9), (11,)
CASES = [
    Case("attention", "cross-attention", CROSS),
    Case("attention", "no batch axis", _normal((5, 11), (7, 11), (7, 9))),
    Case("attention", "batch and heads", _normal((3, 2, 5, 11), (3, 2, 5, 11), (3, 2, 5, 11))),
    Case("attention", "causal", _normal((3, 5, 11), (3, 5, 11), (3, 5, 9)), _fixed(causal=True)),
    Case("attention", "causal, newest queries", CROSS, _fixed(causal=True)),
    Case("attention", "mask for each query", CROSS, _mask(3, 5, 7)),
    Case("attention", "mask for all queries", CROSS, _mask(3, 1, 7)),
    Case("attention", "mask without batch axis", CROSS, _mask(7)),
    Case("attention", "rows that see nothing", CROSS, _some_rows_see_nothing),
    Case(
        "attention",
        "causal and padded",
        _normal((3, 5, 11), (3, 5, 11), (3, 5, 9)),
        _causal_and_padded,
    ),
    Case("attention", "scale of one's own", CROSS, _fixed(scale=0.7)),
    Case("attention", "bias for each query", CROSS, _bias(3, 5, 7)),
    Case("attention", "bias and causal mask", CROSS, _bias(7, causal=True)),
    Case("attention", "bias that hides keys", CROSS, _bias(3, 1, 7, hidden=True)),
    Case("attention", "one step", _normal((1, 1, 11), (1, 1, 11), (1, 1, 9))),
    Case("additive_attention", "a batch", _normal(*ALIGN)),
    Case("additive_attention", "no batch axis", _normal((5, 11), (7, 11), (7, 9), (11,))),
    Case("additive_attention", "mask", _normal(*ALIGN), _mask(3, 1, 7)),
    Case("additive_attention", "rows that see nothing", _normal(*ALIGN), _some_rows_see_nothing),
    Case("multiplicative_attention", "two widths", _normal((3, 5, 2), *ALIGN[1:3], (2, 11))),
    Case("multiplicative_attention", "mask", _normal(*ALIGN[:3], (11, 11)), _mask(3, 1, 7)),
    Case(
        "multiplicative_attention",
        "rows that see nothing",
        _normal(*ALIGN[:3], (11, 11)),
        _some_rows_see_nothing,
    ),
    Case("split_heads", "queries, keys and values", _normal((3, 5, 42)), _fixed(heads=2, parts=3)),
    Case("split_heads", "one part", _normal((3, 5, 14)), _fixed(heads=2)),
    Case("merge_heads", "three heads", _normal((5, 3, 7, 9))),
    Case("rotary", "heads", _normal((3, 5, 7, 6))),
    Case("rotary", "positions", _normal((5, 6)), _fixed(positions=np.array([9, 3, 3, 0, 70]))),
    Case("rotary", "another base", _normal((5, 6)), _fixed(base=50.0)),
]
