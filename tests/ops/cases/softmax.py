"""Cases of softmax and its relatives, with large scores and short axes."""

from tests.ops.case import Case
from tests.ops.draw import given, normal


def _large(shape):
    return lambda rng: [1000 + 3 * rng.standard_normal(shape)]


def _axes(op):
    return [
        Case(op, "the last axis", normal((5, 7))),
        Case(op, "the first axis", normal((5, 3, 7)), given(axis=0)),
        Case(op, "an axis between", normal((5, 3, 7)), given(axis=-2)),
        Case(op, "one score", normal((5, 1))),
        Case(op, "a single row", normal((7,))),
        Case(op, "large scores", _large((5, 3))),
    ]


CASES = [
    *_axes("softmax"),
    *_axes("log_softmax"),
    *_axes("logsumexp"),
    Case("logsumexp", "the axis kept", normal((5, 3, 7)), given(axis=1, keepdims=True)),
]
