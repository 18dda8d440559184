"""Cases of arithmetic and elementary functions, with every way of broadcasting."""

import numpy as np

from tests.ops.case import Case
from tests.ops.draw import distinct, given, mask, nonzero, normal, positive


def _pairs(op, draw):
    return [
        Case(op, "same shape", draw((5, 3), (5, 3))),
        Case(op, "a row broadcast", draw((5, 3), (3,))),
        Case(op, "a column broadcast", draw((5, 1), (5, 3))),
        Case(op, "broadcast both ways", draw((7, 1, 3), (5, 1))),
        Case(op, "one number", draw((), (5, 3))),
        Case(op, "two numbers", draw((), ())),
    ]


def _single(op, draw):
    return [
        Case(op, "a matrix", draw((5, 3))),
        Case(op, "three axes, one of length 1", draw((7, 1, 3))),
        Case(op, "one number", draw(())),
    ]


def _where(name, *shapes, of):
    return Case("where", name, normal(*shapes), mask(of))


CASES = [
    *_pairs("add", normal),
    *_pairs("subtract", normal),
    *_pairs("multiply", normal),
    *_pairs("divide", nonzero),
    *_pairs("maximum", distinct),
    *_pairs("minimum", distinct),
    *_single("cos", normal),
    Case("clip", "both limits", distinct((5, 3)), given(low=-0.31, high=0.33)),
    Case("clip", "from below", distinct((5, 7, 3)), given(low=-0.31)),
    Case("clip", "from above", distinct((5, 3)), given(high=0.33)),
    Case("clip", "one number", normal(()), given(low=-9, high=9)),
    Case("power", "to the zeroth at 0", lambda rng: [np.zeros((5, 3))], given(exponent=0)),
    *_single("negative", normal),
    *_single("exp", normal),
    *_single("log", positive),
    *_single("sqrt", positive),
    *_single("absolute", nonzero),
    *_single("sin", normal),
    Case("power", "squares", normal((5, 3)), given(exponent=2)),
    Case("power", "cubes", normal((5, 3)), given(exponent=3)),
    Case("power", "a root", positive((5, 3)), given(exponent=0.5)),
    Case("power", "a negative power", nonzero((5, 3)), given(exponent=-2)),
    Case("power", "to the zeroth", nonzero((5, 3)), given(exponent=0)),
    Case("power", "one number", positive(()), given(exponent=1.7)),
    _where("same shape", (5, 3), (5, 3), of=(5, 3)),
    _where("one number elsewhere", (5, 3), (), of=(5, 3)),
    _where("the mask broadcast", (5, 3), (5, 3), of=(3,)),
    _where("all three broadcast", (5, 1), (3,), of=(7, 1, 1)),
]
