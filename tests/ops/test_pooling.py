"""Pooling: the fast form and the loops, ties, drawn settings, and what is refused."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from nnbook.ops import pooling_plain as plain
from tests.ops.arrays import seeds
from tests.ops.test_convolution import hold_equal


@st.composite
def settings(draw):
    """Draw images, few of whose values differ if there are to be ties, and a window."""

    def pair(low, high):
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    kernel = pair(1, 4)
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    size = [max(1, k - 2 * p) + draw(st.integers(0, 5)) for k, p in zip(kernel, padding)]
    rng = np.random.default_rng(draw(seeds))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *size)
    x = rng.integers(0, 3, shape).astype(float) if draw(st.booleans()) else rng.normal(size=shape)
    stride = draw(st.one_of(st.none(), st.just(pair(1, 5))))
    return [x], {"kernel": kernel, "stride": stride, "padding": padding}, rng


@given(settings())
def test_max_pooling_is_the_loops(drawn):
    hold_equal(ops.max_pool2d.rule, plain.max_pool2d, *drawn)


@given(settings())
def test_average_pooling_is_the_loops(drawn):
    hold_equal(ops.avg_pool2d.rule, plain.avg_pool2d, *drawn)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), seeds)
def test_adaptive_pooling_is_the_loops(H, W, OH, OW, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, 3, H, W))
    hold_equal(
        ops.adaptive_avg_pool2d.rule, plain.adaptive_avg_pool2d, [x], {"size": (OH, OW)}, rng
    )


@given(st.tuples(*[st.integers(1, 5)] * 4), seeds)
def test_global_pooling_is_the_loop(shape, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    hold_equal(ops.global_avg_pool2d.rule, plain.global_avg_pool2d, [x], {}, rng)


@given(settings())
def test_no_gradient_is_lost_or_counted_twice(drawn):
    """What the windows hand out is what they were given, ties or not: one winner a window."""
    (x,), constants, rng = drawn
    y, pullback = ops.max_pool2d.rule(x, **constants)
    g = rng.uniform(1, 2, y.shape)
    assert pullback(g)[0].sum() == pytest.approx(g.sum(), rel=1e-12)
    assert (pullback(g)[0] != 0).sum() <= y.size


def test_ties_go_to_the_first():
    x = np.zeros((1, 1, 4, 4))
    _, pullback = ops.max_pool2d.rule(x, kernel=2)
    expected = np.zeros((4, 4))
    expected[::2, ::2] = [[1, 2], [3, 4]]
    np.testing.assert_array_equal(pullback(np.array([[[[1.0, 2], [3, 4]]]]))[0][0, 0], expected)


def test_padding_never_wins():
    x = np.full((1, 1, 3, 3), -5.0)
    y, pullback = ops.max_pool2d.rule(x, kernel=2, padding=1)
    np.testing.assert_array_equal(y, np.full((1, 1, 2, 2), -5.0))
    assert pullback(np.ones_like(y))[0].sum() == 4


def test_global_pooling_is_the_mean_and_adaptive_pooling_to_one(rng):
    x = rng.standard_normal((2, 3, 5, 7))
    mean = x.mean(axis=(2, 3))
    np.testing.assert_allclose(ops.global_avg_pool2d(x).data, mean, atol=1e-15)
    np.testing.assert_allclose(
        ops.adaptive_avg_pool2d(x, size=1).data, mean[:, :, None, None], atol=1e-15
    )


def test_pooling_of_sequences(rng):
    x = rng.standard_normal((2, 3, 8))
    np.testing.assert_array_equal(
        ops.max_pool1d(x, kernel=2).data, x.reshape(2, 3, 4, 2).max(axis=3)
    )
    np.testing.assert_allclose(
        ops.avg_pool1d(x, kernel=4).data, x.reshape(2, 3, 2, 4).mean(axis=3), atol=1e-15
    )


@pytest.mark.parametrize("pool", [ops.max_pool1d, ops.avg_pool1d], ids=lambda p: p.__name__)
@pytest.mark.parametrize(
    ("shape", "constants", "says"),
    [
        ((3, 8), {"kernel": 2}, r"expected x \(N, C, T\), got shape \(3, 8\)"),
        (
            (2, 3, 8),
            {"kernel": 9},
            r"kernel 9 .* the sequence only 8: x \(2, 3, 8\)",
        ),
        ((2, 3, 8), {"kernel": (2, 2)}, r"kernel to be an integer of at least 1, got \(2, 2\)"),
        ((2, 3, 8), {"kernel": 2, "stride": 0}, "stride to be an integer of at least 1, got 0"),
        ((2, 3, 8), {"kernel": 2, "padding": -1}, "padding to be an integer of at least 0, got -1"),
        ((2, 3, 8), {"kernel": 3, "padding": 2}, "at most half the kernel 3, got 2"),
    ],
)
def test_pooling_of_sequences_refuses_in_its_own_words(pool, shape, constants, says):
    with pytest.raises(ValueError, match=f"^{pool.__name__}.*{says}"):
        pool(np.ones(shape), **constants)


@pytest.mark.parametrize("pool", [ops.max_pool2d, ops.avg_pool2d], ids=lambda p: p.__name__)
@pytest.mark.parametrize(
    ("shape", "constants", "says"),
    [
        ((3, 5, 7), {"kernel": 2}, r"expected images x \(N, C, H, W\), got .* \(3, 5, 7\)"),
        ((2, 3, 5, 7), {"kernel": 6}, r"the kernel \(6, 6\) .* the image only \(5, 7\)"),
        ((2, 3, 5, 7), {"kernel": 0}, "kernel to be an integer of at least 1.* got 0"),
        ((2, 3, 5, 7), {"kernel": 2, "stride": 0}, "stride to be an integer of at least 1"),
        ((2, 3, 5, 7), {"kernel": 2, "padding": -1}, "padding to be an integer of at least 0"),
        (
            (2, 3, 5, 7),
            {"kernel": 3, "padding": 2},
            r"at most half the kernel \(3, 3\), got \(2, 2\)",
        ),
    ],
)
def test_what_is_refused(pool, shape, constants, says):
    with pytest.raises(ValueError, match=f"{pool.__name__}.*{says}"):
        pool(np.ones(shape), **constants)


@pytest.mark.parametrize("shape", [(3, 5, 7), (2, 3, 5, 7, 2)])
def test_what_is_no_batch_of_images_has_no_mean_over_its_pixels(shape):
    says = re.escape(f"expected images x (N, C, H, W), got an array of shape {shape}")
    with pytest.raises(ValueError, match=f"^global_avg_pool2d {says}"):
        ops.global_avg_pool2d(np.ones(shape))
    with pytest.raises(ValueError, match=f"^adaptive_avg_pool2d {says}"):
        ops.adaptive_avg_pool2d(np.ones(shape), size=2)


def test_images_without_pixels_are_refused():
    with pytest.raises(ValueError, match=r"at least one pixel, got x \(2, 3, 0, 7\)"):
        ops.global_avg_pool2d(np.ones((2, 3, 0, 7)))
    with pytest.raises(ValueError, match=r"at least one pixel, got x \(2, 3, 5, 0\)"):
        ops.adaptive_avg_pool2d(np.ones((2, 3, 5, 0)), size=2)
    with pytest.raises(ValueError, match="size to be an integer of at least 1"):
        ops.adaptive_avg_pool2d(np.ones((2, 3, 5, 5)), size=0)


def test_padding_gets_no_gradient_from_a_window_of_minus_infinity():
    x = np.array([[[[-np.inf, -np.inf], [1.0, 2.0]]]])
    y, pullback = ops.max_pool2d.rule(x, kernel=2, stride=1, padding=1)
    g = np.ones(y.shape)
    dx = pullback(g)[0]
    assert dx.sum() == g.sum()
    torch = pytest.importorskip("torch")
    theirs = torch.tensor(x, requires_grad=True)
    torch.nn.functional.max_pool2d(theirs, 2, 1, 1).backward(torch.tensor(g))
    np.testing.assert_array_equal(dx, theirs.grad.numpy())
