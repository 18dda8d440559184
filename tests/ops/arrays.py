"""Strategies that draw shapes, axes and ways of broadcasting for the property tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.ops.case import Case
from tests.ops.checks import CHECKS

seeds = st.integers(0, 2**32 - 1)
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=5)


@st.composite
def axes_of(draw, shape, *, single=False):
    """Draw an axis of the shape, negative or not, or several of them, or None."""
    n = len(shape)
    if n == 0:
        return None if not single else draw(st.nothing())
    one = st.integers(-n, n - 1)
    if single:
        return draw(one)
    several = st.lists(one, max_size=n, unique_by=lambda a: a % n).map(tuple)
    return draw(st.one_of(st.none(), one, several))


@st.composite
def broadcastable(draw, count=2):
    """Draw shapes that fit each other by broadcasting."""
    drawn = draw(hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=4, max_side=5))
    return drawn.input_shapes


def check_all(op, rule, inputs, **constants):
    """Send a rule through every check of the registry at inputs that were drawn."""

    def copies(rng):
        return [None if x is None else np.array(x) for x in inputs]

    case = Case(op, "drawn", copies, lambda rng: constants)
    for check in CHECKS:
        check(rule, case)
