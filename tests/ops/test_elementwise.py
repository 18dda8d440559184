"""Arithmetic and elementary functions: drawn shapes, ties and kinks, operators, and bad input."""

import operator
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Parameter, Tensor, ops
from nnbook.ops._shapes import sum_to
from tests.ops.arrays import broadcastable, check_all, seeds, shapes

PAIRS = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
}
SINGLE = {
    "negative": np.negative,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "absolute": np.abs,
    "sin": np.sin,
}


@given(st.sampled_from(sorted(PAIRS)), broadcastable(), seeds)
def test_pairs_broadcast_as_numpy_does(name, drawn, seed):
    rng = np.random.default_rng(seed)
    a, b = (np.asarray(rng.uniform(0.5, 2, s)) for s in drawn)
    b = b + 3.0 if name == "maximum" and rng.random() < 0.5 else np.asarray(b * -1.0)
    np.testing.assert_array_equal(getattr(ops, name)(a, b).data, PAIRS[name](a, b))
    check_all(name, getattr(ops, name).rule, [a, b])


@given(st.sampled_from(sorted(SINGLE)), shapes, seeds)
def test_functions_of_one_input(name, shape, seed):
    x = np.asarray(np.random.default_rng(seed).uniform(0.5, 2, shape))
    np.testing.assert_array_equal(getattr(ops, name)(x).data, SINGLE[name](x))
    check_all(name, getattr(ops, name).rule, [x])


@given(broadcastable(count=3), seeds)
def test_where_chooses(drawn, seed):
    rng = np.random.default_rng(seed)
    a, b, score = (np.asarray(rng.standard_normal(s)) for s in drawn)
    mask = np.asarray(score > 0)
    np.testing.assert_array_equal(ops.where(a, b, mask=mask).data, np.where(mask, a, b))
    check_all("where", ops.where.rule, [a, b], mask=mask)


@given(broadcastable(count=1), seeds)
def test_sum_to_undoes_a_broadcast(drawn, seed):
    (shape,) = drawn
    rng = np.random.default_rng(seed)
    wide = np.broadcast_shapes(shape, (3, *(1 for _ in shape)))
    g = rng.standard_normal(wide)
    x = np.asarray(rng.standard_normal(shape))
    # <g, broadcast x> = <sum_to g, x> is what it means to be the transpose of a broadcast.
    summed = sum_to(g, shape)
    assert summed.shape == shape
    assert np.vdot(g, np.broadcast_to(x, wide)) == pytest.approx(np.vdot(summed, x), abs=1e-12)


def test_a_tie_of_maximum_is_shared_equally():
    a, b = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    _, pullback = ops.maximum.rule(a, b)
    da, db = pullback(np.array([10.0, 20.0]))
    np.testing.assert_array_equal(da, [5, 0])
    np.testing.assert_array_equal(db, [5, 20])


def test_the_slope_of_the_absolute_value_is_zero_at_zero():
    _, pullback = ops.absolute.rule(np.array([-2.0, 0.0, 3.0]))
    np.testing.assert_array_equal(pullback(np.ones(3))[0], [-1, 0, 1])


@pytest.mark.parametrize(
    "operation",
    [operator.add, operator.sub, operator.mul, operator.truediv],
    ids=lambda o: o.__name__,
)
def test_operators_from_both_sides(operation, rng):
    a, b = rng.uniform(1, 2, (3, 5)), rng.uniform(1, 2, 5)
    for x, y in [(Tensor(a), Tensor(b)), (a, Tensor(b)), (Tensor(a), b)]:
        out = operation(x, y)
        assert isinstance(out, Tensor)
        np.testing.assert_array_equal(out.data, operation(a, b))
    np.testing.assert_array_equal(operation(2.0, Tensor(a)).data, operation(2.0, a))
    np.testing.assert_array_equal(operation(Tensor(a), 2).data, operation(a, 2))


def test_unary_operators_and_powers(rng):
    x = rng.uniform(1, 2, (3, 5))
    np.testing.assert_array_equal((-Tensor(x)).data, -x)
    np.testing.assert_array_equal((Tensor(x) ** 2).data, x * x)
    np.testing.assert_array_equal((Tensor(x) ** -0.5).data, x**-0.5)
    with pytest.raises(TypeError, match="exponent must be a number"):
        Tensor(x) ** Tensor(x)


def test_numbers_of_any_kind_keep_float32():
    p = Parameter(np.ones(3, np.float32))
    out = (2 * p + 1.5) / 3 - True
    assert out.dtype == np.float32
    assert ops.power(p, exponent=np.float64(1.5)).dtype == np.float32
    assert ops.power(p, exponent=np.sqrt(2)).dtype == np.float32


def test_bad_input_is_named():
    x = np.ones((5, 3))
    with pytest.raises(TypeError, match="power expected a real number as exponent, got array"):
        Tensor(x) ** np.array([1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match=r"^add expected arrays and numbers, got a float64, b str$"):
        Tensor(x) + "one"
    with pytest.raises(TypeError, match="where expected a boolean mask, got dtype int64"):
        ops.where(x, x, mask=np.ones((5, 3), np.int64))
    with pytest.raises(
        TypeError, match="multiply expected inputs of one dtype, got a float32, b float64"
    ):
        Tensor(x.astype(np.float32)) * np.sqrt(x)


@pytest.mark.parametrize("name", sorted(PAIRS))
@pytest.mark.parametrize(
    ("a", "b", "axis"),
    [
        ((5, 3), (4,), "-1 has the lengths 3 and 4"),
        ((5, 3), (7, 4, 3), "-2 has the lengths 5 and 4"),
        ((2, 1, 3), (7, 5, 3), "-3 has the lengths 2 and 7"),
        ((0,), (3,), "-1 has the lengths 0 and 3"),
    ],
)
def test_shapes_that_do_not_broadcast_are_named_whole(name, a, b, axis):
    says = f"{name} expected shapes that broadcast, got a {a}, b {b}: axis {axis}"
    for operation in (getattr(ops, name), getattr(ops, name).rule):
        with pytest.raises(ValueError, match=f"^{re.escape(says)}$"):
            operation(np.ones(a), np.ones(b))


def test_a_mask_that_does_not_broadcast_is_named_too():
    x, b = np.ones((5, 3)), np.ones(3)
    with pytest.raises(ValueError, match=r"^where .*a \(5, 3\), b \(3,\), mask \(4,\): axis -1"):
        ops.where(x, b, mask=np.ones(4, bool))


def test_polynomials_from_the_zeroth_power_have_a_gradient_at_0():
    z = Tensor([0.0, 2.0], requires_grad=True)
    sum((z**k).sum() for k in range(4)).backward()
    np.testing.assert_array_equal(z.grad, [1, 1 + 4 + 12])


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({}, "at least one of them, got None and None"),
        ({"low": 2, "high": 1}, "low ≤ high, at least one of them, got 2 and 1"),
        ({"low": np.nan}, "got nan and None"),
    ],
)
def test_limits_that_are_none_are_refused(limits, says):
    with pytest.raises(ValueError, match=says):
        ops.clip([1.0], **limits)


def test_what_is_cut_gets_no_gradient_and_the_limits_do():
    x = Tensor([-2.0, -1.0, 0.0, 1.0, 2.0], requires_grad=True)
    y = ops.clip(x, low=-1, high=1)
    np.testing.assert_array_equal(y.data, [-1, -1, 0, 1, 1])
    y.backward(np.ones(5, np.float32))
    np.testing.assert_array_equal(x.grad, [0, 1, 1, 1, 0])
