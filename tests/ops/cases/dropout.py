"""Cases of dropout."""

import numpy as np

from tests.ops.case import Case
from tests.ops.draw import given, mask, normal


def _dropout(shape, rate):
    return lambda rng: {**mask(shape)(rng), "rate": rate}


CASES = [
    Case("dropout", "a matrix", normal((5, 3)), _dropout((5, 3), 0.4)),
    Case("dropout", "batch, time and features", normal((5, 7, 3)), _dropout((5, 7, 3), 0.1)),
    Case("dropout", "one number", normal(()), _dropout((), 0.5)),
    Case(
        "dropout", "nothing is dropped", normal((5, 3)), given(mask=np.ones((5, 3), bool), rate=0.0)
    ),
]
