"""Cases of sums, means and maxima along every choice of axes."""

from tests.ops.case import Case
from tests.ops.draw import distinct, given, normal


def _axes(op, draw):
    shape = (5, 3, 7)
    return [
        Case(op, "everything", draw(shape)),
        Case(op, "everything, axes kept", draw(shape), given(keepdims=True)),
        Case(op, "the first axis", draw(shape), given(axis=0)),
        Case(op, "a negative axis", draw(shape), given(axis=-2)),
        Case(op, "an axis kept", draw(shape), given(axis=1, keepdims=True)),
        Case(op, "two axes", draw(shape), given(axis=(0, -1))),
        Case(op, "two axes out of order", draw(shape), given(axis=(2, 0), keepdims=True)),
        Case(op, "an axis of length 1", draw((5, 1, 7)), given(axis=1)),
        Case(op, "no axis", draw((5, 3)), given(axis=())),
        Case(op, "one number", draw(())),
    ]


CASES = [
    *_axes("sum", normal),
    *_axes("mean", normal),
    *_axes("max", distinct),
    *_axes("var", normal),
    Case("var", "unbiased", normal((5, 3, 7)), given(correction=1)),
    Case("var", "unbiased, along an axis", normal((5, 3, 7)), given(axis=1, correction=1)),
]
