"""Cases of the activation functions, away from their kinks."""

import numpy as np

from tests.ops.case import Case
from tests.ops.draw import given, nonzero, normal


def _far(rng):
    return [np.array([-31.0, -13.0, -5.0, 0.25, 5.0, 13.0, 31.0])]


def _shapes(op, draw, constants=None):
    constants = given() if constants is None else constants
    return [
        Case(op, "a matrix", draw((5, 3)), constants),
        Case(op, "batch, time and features", draw((5, 7, 3)), constants),
        Case(op, "one number", draw(()), constants),
        Case(op, "far from zero", _far, constants),
    ]


CASES = [
    *_shapes("sigmoid", normal),
    *_shapes("tanh", normal),
    *_shapes("gelu", normal),
    *_shapes("gelu_exact", normal),
    *_shapes("silu", normal),
    *_shapes("softplus", normal),
    *_shapes("relu", nonzero),
    *_shapes("leaky_relu", nonzero),
    *_shapes("elu", nonzero),
    Case("leaky_relu", "a slope of one's own", nonzero((5, 3)), given(slope=0.3)),
    Case("elu", "another alpha", nonzero((5, 3)), given(alpha=1.7)),
]
