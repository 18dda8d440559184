"""Clipping of gradients by their norm and by their values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Parameter, nn, optim
from tests.ops.arrays import seeds


def with_gradients(*gradients, dtype=np.float64):
    parameters = []
    for g in gradients:
        p = Parameter(np.zeros(np.shape(g), dtype))
        p.grad = None if g is None else np.array(g, dtype)
        parameters.append(p)
    return parameters


@given(st.floats(0.01, 100), seeds)
def test_the_norm_is_at_most_the_limit_and_the_direction_stays(limit, seed):
    rng = np.random.default_rng(seed)
    grads = [
        rng.standard_normal((5, 3)),
        np.asarray(rng.standard_normal(())),
        rng.standard_normal(7),
    ]
    parameters = with_gradients(*grads)
    whole = np.concatenate([g.ravel() for g in grads])
    norm = optim.clip_grad_norm(iter(parameters), limit)
    after = np.concatenate([p.grad.ravel() for p in parameters])
    assert norm == pytest.approx(np.linalg.norm(whole), rel=1e-12)
    assert np.linalg.norm(after) == pytest.approx(min(limit, norm), rel=1e-12)
    np.testing.assert_allclose(after, whole * min(1, limit / norm), rtol=1e-12)


def test_values_are_cut_on_both_sides():
    (p,) = with_gradients([-3.0, -0.5, 0.5, 3.0])
    optim.clip_grad_value([p], 1.0)
    np.testing.assert_array_equal(p.grad, [-1, -0.5, 0.5, 1])


@pytest.mark.parametrize("clip", [optim.clip_grad_norm, optim.clip_grad_value])
def test_the_optimizer_sees_the_clipped_gradient_and_float32_stays(clip):
    parameters = with_gradients([30.0, 0.0], [0.0, 40.0], dtype=np.float32)
    optimizer = optim.SGD(parameters, 1.0)
    clip(parameters, 5.0)
    assert all(p.grad is p.gradient_view for p in parameters)
    optimizer.step()
    stepped = np.concatenate([p.data for p in parameters])
    expected = [-3, 0, 0, -4] if clip is optim.clip_grad_norm else [-5, 0, 0, -5]
    np.testing.assert_allclose(stepped, expected, rtol=1e-6)
    assert stepped.dtype == np.float32


def test_parameters_without_a_gradient_are_left_alone():
    (p,) = with_gradients(None)
    assert optim.clip_grad_norm([p], 1.0) == 0
    optim.clip_grad_value([p], 1.0)
    assert p.grad is None


@pytest.mark.parametrize("clip", [optim.clip_grad_norm, optim.clip_grad_value])
@pytest.mark.parametrize("limit", [0, -1.0, float("nan")])
def test_a_limit_that_is_not_positive_is_refused(clip, limit):
    with pytest.raises(ValueError, match="expected a positive limit, got"):
        clip(with_gradients([1.0]), limit)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_refused(bad):
    with pytest.raises(FloatingPointError, match="expected finite gradients, their norm is"):
        optim.clip_grad_norm(with_gradients([1.0, bad]), 1.0)


@pytest.mark.parametrize("clip", [optim.clip_grad_norm, optim.clip_grad_value])
def test_parameters_come_in_every_form(clip):
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    forms = [layer, layer.W, layer.named_parameters(), dict(layer.named_parameters()), [layer.W]]
    for form in forms:
        for p in layer.parameters():
            p.grad = np.full(p.shape, 10.0, np.float32)
        clip(form, 0.5)
        assert np.abs(layer.W.grad).max() <= 0.5
    used_up = layer.parameters()
    list(used_up)
    with pytest.raises(ValueError, match="at least one parameter, got none"):
        clip(used_up, 1.0)
    with pytest.raises(TypeError, match="expected Parameters, got ndarray"):
        clip([np.ones(3)], 1.0)


@pytest.mark.parametrize(("dtype", "size"), [(np.float32, 1e20), (np.float32, 1e-25)])
@pytest.mark.parametrize("shape", [(4,), ()])
def test_norms_whose_squares_do_not_fit(dtype, size, shape):
    (p,) = with_gradients(np.full(shape, size), dtype=dtype)
    norm = size * math.sqrt(p.size)
    assert optim.clip_grad_norm([p], norm / 2) == pytest.approx(norm, rel=1e-6)
    np.testing.assert_allclose(p.grad, size / 2, rtol=1e-6)


def test_a_norm_beyond_the_largest_float32():
    parameters = with_gradients([3e38, 3e38], [3e38, 3e38], dtype=np.float32)
    assert optim.clip_grad_norm(parameters, 1.0) == pytest.approx(6e38)
    np.testing.assert_allclose(parameters[0].grad, 0.5, rtol=1e-6)
