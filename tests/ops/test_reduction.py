"""Sums, means and maxima: drawn shapes and axes, ties, and axes that do not exist."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Tensor, ops
from tests.ops.arrays import axes_of, check_all, seeds, shapes


@given(st.sampled_from(["sum", "mean", "max"]), shapes, st.booleans(), seeds, st.data())
def test_drawn_shapes_and_axes(name, shape, keepdims, seed, data):
    axis = data.draw(axes_of(shape))
    n = int(np.prod(shape))
    x = (np.random.default_rng(seed).permutation(n) * 0.1 - 0.05 * n).reshape(shape)
    expected = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    by_op = getattr(ops, name)(x, axis=axis, keepdims=keepdims)
    by_method = getattr(Tensor(x), name)(axis=axis, keepdims=keepdims)
    np.testing.assert_array_equal(by_op.data, expected)
    np.testing.assert_array_equal(by_method.data, expected)
    check_all(name, getattr(ops, name).rule, [x], axis=axis, keepdims=keepdims)


def test_winners_of_a_maximum_share_equally():
    """As torch.amax does. torch.max(dim=...) gives all of it to one winner."""
    x = np.array([[1.0, 5.0, 5.0], [2.0, 2.0, 2.0]])
    _, pullback = ops.max.rule(x, axis=1)
    np.testing.assert_allclose(pullback(np.array([6.0, 9.0]))[0], [[0, 3, 3], [3, 3, 3]])


@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_an_axis_that_is_not_there_is_refused(name):
    operation = getattr(ops, name)
    with pytest.raises(ValueError, match=rf"{name}: axis 2 is not one of the 2 axes of \(5, 3\)"):
        operation(np.ones((5, 3)), axis=2)
    for wrong in (-3, "rows", [0, 1]):
        with pytest.raises(ValueError, match=re.escape(f"axis {wrong!r} is not one")):
            operation(np.ones((5, 3)), axis=wrong if wrong == [0, 1] else (0, wrong))
    with pytest.raises(ValueError, match="duplicate value in 'axis'"):
        operation(np.ones((5, 3)), axis=(0, 0))


@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_a_method_takes_its_axis_with_or_without_its_name(name, rng):
    x = rng.standard_normal((5, 3))
    reduced = getattr(Tensor(x), name)
    np.testing.assert_array_equal(reduced(0).data, reduced(axis=0).data)
    assert reduced(0, keepdims=True).shape == (1, 3)
    assert reduced(0, 1).shape == reduced((0, 1)).shape == reduced().shape == ()


def test_nothing_has_no_mean_and_no_maximum():
    with pytest.raises(ValueError, match=r"at least one entry, got an array of shape \(0, 3\)"):
        ops.mean(np.ones((0, 3)))
    with pytest.raises(ValueError, match=r"^max .* one entry, got an array of shape \(0, 3\)"):
        ops.max(np.ones((0, 3)))
    with pytest.raises(ValueError, match=r"one entry along axis 0, got an array of shape \(0, 3\)"):
        ops.max(np.ones((0, 3)), axis=0)
    assert ops.max(np.ones((0, 3)), axis=1).shape == (0,)
    assert ops.sum(np.ones((0, 3))).item() == 0


@pytest.mark.parametrize(("shape", "options"), [((0,), {}), ((1, 3), {"axis": 0, "correction": 1})])
def test_the_variance_of_too_few_is_refused(shape, options):
    with pytest.raises(ValueError, match=f"var expected more than {options.get('correction', 0)} "):
        ops.var(np.ones(shape), **options)
