"""Padding: the fast form and the loop, drawn sizes, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from nnbook.ops import padding_plain as plain
from nnbook.ops.padding import MODES
from tests.ops.arrays import check_all, seeds
from tests.ops.test_convolution import hold_equal


@given(st.sampled_from(sorted(MODES)), st.integers(0, 3), st.integers(0, 4), seeds)
def test_drawn_paddings(mode, above, left, seed):
    rng = np.random.default_rng(seed)
    x, constants = rng.standard_normal((3, 2, 4, 5)), {"padding": (above, left), "mode": mode}
    hold_equal(ops.pad2d.rule, plain.pad2d, [x], constants, rng)
    check_all("pad2d", ops.pad2d.rule, [x], **constants)


@pytest.mark.parametrize(
    ("mode", "row"),
    [
        ("zeros", [0, 0, 0, 1, 2, 3, 4, 0, 0, 0]),
        ("reflect", [4, 3, 2, 1, 2, 3, 4, 3, 2, 1]),
        ("replicate", [1, 1, 1, 1, 2, 3, 4, 4, 4, 4]),
        ("circular", [2, 3, 4, 1, 2, 3, 4, 1, 2, 3]),
    ],
)
@pytest.mark.parametrize("rule", [ops.pad2d.rule, plain.pad2d], ids=["fast", "plain"])
def test_examples_by_hand(rule, mode, row):
    x = np.array([1.0, 2, 3, 4])
    for image in (x[:, None], x[None, :]):  # a column, and a row
        p = (3, 0) if image.shape[1] == 1 else (0, 3)
        y, _ = rule(image[None, None], padding=p, mode=mode)
        np.testing.assert_array_equal(y.ravel(), row)


def test_only_zeros_surround_an_image_without_pixels():
    x = np.ones((2, 3, 0, 5))
    assert not ops.pad2d(x, padding=1).data.any()
    for mode in ("reflect", "replicate", "circular"):
        with pytest.raises(ValueError, match=rf"{mode} padding .* too wide for x \(2, 3, 0, 5\)"):
            ops.pad2d(x, padding=1, mode=mode)


@pytest.mark.parametrize(
    ("padding", "mode", "says"),
    [
        (
            (4, 0),
            "reflect",
            r"reflect padding \(4, 0\) is too wide for x \(1, 2, 4, 5\)",
        ),
        ((0, 6), "circular", r"circular padding \(0, 6\) is too wide"),
        (1, "edge", "expected a mode among zeros, reflect, replicate, circular, got 'edge'"),
        (-1, "zeros", "padding to be an integer of at least 0"),
    ],
)
def test_what_is_refused(padding, mode, says):
    with pytest.raises(ValueError, match=f"pad2d.*{says}"):
        ops.pad2d(np.ones((1, 2, 4, 5)), padding=padding, mode=mode)


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (1, 2, 3, 4, 5)])
def test_only_a_batch_of_images_can_be_padded(shape):
    with pytest.raises(ValueError, match=r"^pad2d expected images x \(N, C, H, W\), got an array"):
        ops.pad2d(np.ones(shape), padding=1)
