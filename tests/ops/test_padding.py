"""Padding: NumPy's modes, drawn sizes, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from nnbook.ops.padding import MODES
from tests.ops.arrays import check_all, seeds


@given(st.sampled_from(sorted(MODES)), st.integers(0, 3), st.integers(0, 4), seeds)
def test_drawn_paddings(mode, above, left, seed):
    x = np.random.default_rng(seed).standard_normal((3, 2, 4, 5))
    expected = np.pad(x, ((0, 0), (0, 0), (above, above), (left, left)), MODES[mode])
    np.testing.assert_array_equal(ops.pad2d(x, padding=(above, left), mode=mode).data, expected)
    check_all("pad2d", ops.pad2d.rule, [x], padding=(above, left), mode=mode)


@pytest.mark.parametrize(
    ("padding", "mode", "says"),
    [
        (
            (4, 0),
            "reflect",
            r"reflect padding \(4, 0\) is too wide for images of shape \(1, 2, 4, 5\)",
        ),
        ((0, 6), "circular", r"circular padding \(0, 6\) is too wide"),
        (1, "edge", "expected a mode among zeros, reflect, replicate, circular, got 'edge'"),
        (-1, "zeros", "padding to be an integer of at least 0"),
    ],
)
def test_what_is_refused(padding, mode, says):
    with pytest.raises(ValueError, match=f"pad2d.*{says}"):
        ops.pad2d(np.ones((1, 2, 4, 5)), padding=padding, mode=mode)
