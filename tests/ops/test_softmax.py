"""Softmax and its relatives: what they must satisfy at any scores, and along any axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnbook import Tensor, ops
from tests.ops.arrays import axes_of, check_all, seeds

shapes = hnp.array_shapes(min_dims=1, max_dims=4, max_side=5)


@given(shapes, st.floats(-1e3, 1e3), seeds, st.data())
def test_drawn_shapes_axes_and_levels(shape, level, seed, data):
    axis = data.draw(axes_of(shape, single=True))
    x = level + np.random.default_rng(seed).standard_normal(shape)
    p = ops.softmax(x, axis=axis).data
    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=axis), 1, rtol=1e-12)
    np.testing.assert_allclose(p, ops.softmax(x - level, axis=axis).data, rtol=1e-9)
    np.testing.assert_allclose(np.exp(ops.log_softmax(x, axis=axis).data), p, rtol=1e-12)
    total = ops.logsumexp(x, axis=axis, keepdims=True).data
    np.testing.assert_allclose(x - total, ops.log_softmax(x, axis=axis).data, atol=1e-11)
    assert ops.logsumexp(x, axis=axis).shape == x.sum(axis=axis).shape
    # The step of the check must not drown in the rounding of large scores.
    y = x - level
    for name in ("softmax", "log_softmax", "logsumexp"):
        check_all(name, getattr(ops, name).rule, [y], axis=axis)


def test_the_gradient_of_the_sum_of_probabilities_is_zero(rng):
    _, pullback = ops.softmax.rule(rng.standard_normal((5, 7)))
    np.testing.assert_allclose(pullback(np.ones((5, 7)))[0], 0, atol=1e-16)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_huge_scores_stay_finite(name):
    x = np.array([[1e30, 1e30, -1e30]], np.float32)
    y, pullback = getattr(ops, name).rule(x)
    assert np.isfinite(y).all()
    assert np.isfinite(pullback(np.ones_like(y))[0]).all()


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_an_axis_that_is_not_there_is_refused(name):
    with pytest.raises(ValueError, match=rf"{name}: axis 2 is not one of the 2 axes of \(5, 3\)"):
        getattr(ops, name)(np.ones((5, 3)), axis=2)
    with pytest.raises(ValueError, match="axis -1 is not one of the 0 axes"):
        getattr(ops, name)(np.array(1.0))


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_no_classes_are_refused_and_no_rows_are_not(name):
    operation = getattr(ops, name)
    says = rf"^{name} expected at least one entry along axis -1, got an array of shape \(5, 0\)$"
    with pytest.raises(ValueError, match=says):
        operation(np.ones((5, 0)))
    assert operation(np.ones((0, 5))).size == 0


def test_logsumexp_of_infinities():
    inf = np.inf
    x = Tensor([[-inf, -inf, -inf], [0.0, inf, 1.0], [-inf, 2.0, -inf]], requires_grad=True)
    y = ops.logsumexp(x)
    np.testing.assert_array_equal(y.data, [-inf, inf, 2.0])
    y.backward(np.array([0, 1, 1], np.float32))
    np.testing.assert_array_equal(x.grad, [[0, 0, 0], [0, 1, 0], [0, 1, 0]])
