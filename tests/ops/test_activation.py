"""Activation functions: known values, kinks, far arguments, and drawn shapes."""

import math

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
