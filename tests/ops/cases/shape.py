"""Cases of the operations that move entries."""

import numpy as np

from tests.ops.case import Case
from tests.ops.draw import given, normal


def _getitem(name, index, shape=(5, 3, 7)):
    return Case("getitem", name, normal(shape), given(index=index))


CASES = [
    Case("reshape", "two axes to one", normal((5, 3, 7)), given(shape=(15, 7))),
    Case("reshape", "a length left open", normal((5, 3, 7)), given(shape=(7, -1))),
    Case("reshape", "one number to a matrix", normal(()), given(shape=(1, 1))),
    Case("transpose", "reversed", normal((5, 3, 7))),
    Case("transpose", "a cycle of three axes", normal((5, 3, 7)), given(axes=(1, 2, 0))),
    Case("transpose", "negative axes", normal((5, 3, 7, 1)), given(axes=(0, -1, -3, -2))),
    Case("transpose", "one number", normal(())),
    Case("broadcast_to", "a new axis", normal((3,)), given(shape=(5, 3))),
    Case("broadcast_to", "an axis of length 1", normal((5, 1, 3)), given(shape=(5, 7, 3))),
    Case("broadcast_to", "both", normal((5, 1)), given(shape=(3, 5, 7))),
    Case("broadcast_to", "one number", normal(()), given(shape=(5, 3))),
    Case("broadcast_to", "nothing to do", normal((5, 3)), given(shape=(5, 3))),
    _getitem("one row", 2),
    _getitem("a negative index", -1),
    _getitem("slices with a step", (slice(None, None, 2), slice(1, 3))),
    _getitem("backwards", (slice(None), slice(None, None, -1))),
    _getitem("a new axis and an ellipsis", (None, ..., 4)),
    _getitem("one entry", (1, 2, 3)),
    _getitem("rows, one of them twice", np.array([0, 4, 4, 1])),
    _getitem("rows and columns", (np.array([0, 4, 4]), np.array([2, 1, 1]))),
    _getitem("a list of rows", [3, 3, 0]),
    _getitem("a boolean mask", np.arange(35).reshape(5, 7) % 3 == 0, shape=(5, 7, 3)),
    _getitem("a boolean number", True),
    Case("concatenate", "three of them", normal((5, 3), (1, 3), (7, 3))),
    Case("concatenate", "the last axis", normal((5, 3), (5, 7)), given(axis=-1)),
    Case("concatenate", "only one", normal((5, 3)), given(axis=1)),
    Case("stack", "three of them", normal((5, 3), (5, 3), (5, 3))),
    Case("stack", "the last axis", normal((5, 3), (5, 3)), given(axis=-1)),
    Case("stack", "an axis between", normal((5, 3), (5, 3)), given(axis=1)),
    Case("stack", "numbers", normal((), (), ())),
]
