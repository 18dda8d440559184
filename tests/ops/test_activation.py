"""Activation functions: known values, kinks, far arguments, and drawn shapes."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from tests.ops.arrays import check_all, seeds, shapes

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus"]


@given(st.sampled_from(NAMES), shapes, seeds)
def test_drawn_shapes(name, shape, seed):
    rng = np.random.default_rng(seed)
    x = np.asarray(rng.uniform(0.1, 3, shape) * rng.choice([-1.0, 1.0], shape))
    check_all(name, getattr(ops, name).rule, [x])


@given(st.floats(-30, 30), st.floats(0.01, 2), st.floats(0.1, 3))
def test_values_are_those_of_the_formulas(x, slope, alpha):
    def value(operation, **constants):
        return operation(np.array([x]), **constants).data[0]

    sigma = 1 / (1 + math.exp(-x))
    phi = math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    expected = {
        "sigmoid": sigma,
        "tanh": math.tanh(x),
        "relu": max(0.0, x),
        "gelu": 0.5 * x * (1 + phi),
        "silu": x * sigma,
        "softplus": math.log1p(math.exp(x)),
    }
    for name, y in expected.items():
        assert value(getattr(ops, name)) == pytest.approx(y, rel=1e-9, abs=1e-12)
    leaky = x if x > 0 else slope * x
    assert value(ops.leaky_relu, slope=slope) == pytest.approx(leaky, rel=1e-12)
    smooth = x if x > 0 else alpha * math.expm1(x)
    assert value(ops.elu, alpha=alpha) == pytest.approx(smooth, rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_far_arguments_neither_overflow_nor_lose_the_limit(name, dtype):
    x = np.array([-1e4, -90, 90, 1e4], dtype)
    y, pullback = getattr(ops, name).rule(x)
    (slope,) = pullback(np.ones(4, dtype))
    assert np.isfinite(y).all()
    upper = 1 if name in ("sigmoid", "tanh") else x[3]
    assert y[3] == pytest.approx(upper)
    assert slope[3] == pytest.approx(0 if name in ("sigmoid", "tanh") else 1, abs=1e-6)
    lower = {"tanh": -1, "leaky_relu": 0.01 * x[0], "elu": -1}.get(name, 0)
    assert y[0] == pytest.approx(lower, abs=1e-6)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01), ("elu", 1.0)])
def test_the_slope_at_the_kink_is_the_documented_one(name, slope):
    """The same conventions as PyTorch: the branch below zero."""
    _, pullback = getattr(ops, name).rule(np.zeros(1))
    assert pullback(np.ones(1))[0][0] == slope


def test_numpy_numbers_as_constants_keep_float32():
    x = np.array([-1.0, 2.0], np.float32)
    assert ops.leaky_relu(x, slope=np.float64(0.2)).dtype == np.float32
    assert ops.elu(x, alpha=np.float64(0.2)).dtype == np.float32


def test_not_a_number_is_not_hidden():
    for name in NAMES:
        assert np.isnan(getattr(ops, name)(np.array([np.nan])).data).all()


def test_the_form_of_gelu_with_tanh_is_within_a_thousandth_of_the_exact_one():
    x = np.linspace(-6, 6, 1201)
    exact = np.array([0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in x])
    difference = np.abs(ops.gelu(x).data - exact).max()
    assert 1e-5 < difference < 1e-3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tails_are_right_to_a_rounding_of_themselves(dtype):
    x = np.array([-80, -38, -20, -1, 0, 1, 20, 38, 80], dtype)
    exact = [1 / (1 + Decimal(-float(v)).exp()) for v in x]
    rest = [1 / (1 + Decimal(float(v)).exp()) for v in x]
    rtol = 8 * np.finfo(dtype).eps

    def value_and_slope(op):
        y, pullback = op.rule(x)
        assert y.dtype == dtype
        return y, pullback(np.ones_like(x))[0]

    y, slope = value_and_slope(ops.sigmoid)
    np.testing.assert_allclose(y, [float(p) for p in exact], rtol=rtol)
    np.testing.assert_allclose(slope, [float(p * q) for p, q in zip(exact, rest)], rtol=rtol)
    y, slope = value_and_slope(ops.silu)
    numbers = [Decimal(float(v)) for v in x]
    np.testing.assert_allclose(y, [float(v * p) for v, p in zip(numbers, exact)], rtol=rtol)
    slopes = [float(p * (1 + v * q)) for v, p, q in zip(numbers, exact, rest)]
    np.testing.assert_allclose(slope, slopes, rtol=30 * rtol)
    _, slope = value_and_slope(ops.softplus)
    np.testing.assert_allclose(slope, [float(p) for p in exact], rtol=rtol)
    y, slope = value_and_slope(ops.elu)
    np.testing.assert_allclose(y, np.where(x > 0, x, np.expm1(np.minimum(x, 0))), rtol=rtol)
    exact = [float(Decimal(min(float(v), 0.0)).exp()) for v in x]
    np.testing.assert_allclose(slope, exact, rtol=rtol)


def test_a_confident_mistake_costs_the_same_in_both_forms():
    z = np.array([-20.0], np.float32)
    one = ops.binary_cross_entropy(ops.sigmoid(z), target=[1.0]).item()
    assert one == pytest.approx(20, rel=1e-6)
    assert ops.binary_cross_entropy_with_logits(z, target=[1.0]).item() == pytest.approx(20)


def test_the_exact_gelu_far_below_zero():
    x = np.array([-10.0, -5.0, 0.0, 5.0])
    expected = x * [7.61985302416059e-24, 2.866515718791945e-07, 0.5, 0.9999997133484281]
    np.testing.assert_allclose(ops.gelu_exact(x).data, expected, rtol=1e-12)
    grid = np.linspace(-6, 6, 1001)
    assert np.abs(ops.gelu_exact(grid).data - ops.gelu(grid).data).max() < 1e-3
