"""The normalizations: the fused rules and those composed on the tape, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Tensor, ops
from nnbook.ops import normalization_plain as plain
from tests.ops.arrays import seeds

images = st.tuples(*[st.integers(2, 5)] * 4)


def hold_equal(fused, composed, inputs, rng, **constants):
    """Hold two operations on tensors equal, values and gradients, to 1e-12 of the largest entry."""
    results = []
    for operation in (fused, composed):
        leaves = [Tensor(x, requires_grad=True) for x in inputs]
        out = operation(*leaves, **constants)
        out = out if isinstance(out, tuple) else (out,)
        total = sum((o * np.asarray(np.cos(np.arange(o.size))).reshape(o.shape)).sum() for o in out)
        total.backward()
        results.append([*(o.data for o in out), *(leaf.grad for leaf in leaves)])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * max(1, np.abs(b).max()))


def draw(shape, vectors, seed):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape), *rng.standard_normal(vectors)], rng


@given(st.one_of(images, st.tuples(st.integers(3, 7), st.integers(1, 5))), seeds)
def test_batch_norm_is_the_composed_one(shape, seed):
    inputs, rng = draw(shape, (2, shape[1]), seed)
    hold_equal(ops.batch_norm, plain.batch_norm, inputs, rng, eps=0.1)


@given(st.one_of(images, st.tuples(st.integers(1, 7), st.integers(1, 5))), seeds)
def test_batch_norm_in_use_is_the_composed_one(shape, seed):
    (x, gamma, beta, mean), rng = draw(shape, (3, shape[1]), seed)
    statistics = {"mean": mean, "variance": rng.uniform(0.5, 2, shape[1]), "eps": 0.1}
    hold_equal(ops.batch_norm_eval, plain.batch_norm_eval, [x, gamma, beta], rng, **statistics)


@given(st.integers(1, 3), st.integers(2, 9), st.booleans(), seeds)
def test_layer_norm_is_the_composed_one(T, D, bare, seed):
    inputs, rng = draw((D,) if bare else (4, T, D), (2, D), seed)
    hold_equal(ops.layer_norm, plain.layer_norm, inputs, rng, eps=0.1)


@given(st.integers(1, 3), st.integers(1, 9), seeds)
def test_rms_norm_is_the_composed_one(T, D, seed):
    inputs, rng = draw((4, T, D), (1, D), seed)
    hold_equal(ops.rms_norm, plain.rms_norm, inputs, rng, eps=0.1)


@given(images, st.integers(1, 3), seeds)
def test_group_norm_is_the_composed_one(shape, groups, seed):
    N, C, H, W = shape
    inputs, rng = draw((N, C * groups, H, W), (2, C * groups), seed)
    hold_equal(ops.group_norm, plain.group_norm, inputs, rng, groups=groups, eps=0.1)


def test_what_comes_out_has_mean_zero_and_variance_one(rng):
    x = rng.normal(3, 5, (11, 6, 7, 5))
    one, zero = np.ones(6), np.zeros(6)
    y, mean, variance = (t.data for t in ops.batch_norm(x, one, zero, eps=1e-12))
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, atol=1e-9)
    np.testing.assert_allclose(mean, x.mean(axis=(0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(variance, x.var(axis=(0, 2, 3)), rtol=1e-12)
    y = ops.group_norm(x, one, zero, groups=2, eps=1e-12).data.reshape(11, 2, -1)
    np.testing.assert_allclose(y.mean(axis=2), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=2), 1, atol=1e-9)
    y = ops.layer_norm(x, np.ones(5), np.zeros(5), eps=1e-12).data
    np.testing.assert_allclose(y.mean(axis=3), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=3), 1, atol=1e-8)
    y = ops.rms_norm(x, np.ones(5), eps=1e-12).data
    np.testing.assert_allclose((y * y).mean(axis=3), 1, atol=1e-9)


def test_a_large_mean_does_not_drown_the_variance(rng):
    """The variance is of the centered values: E[x²] - E[x]² would be rounding error here."""
    x = (rng.standard_normal((500, 3)) + 3000).astype(np.float32)
    y = ops.batch_norm(x, np.ones(3, np.float32), np.zeros(3, np.float32))[0].data
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-3)


def test_a_constant_channel_gives_beta():
    beta = np.array([2.0, 3.0])
    y = ops.batch_norm(np.full((5, 2), 7.0), np.ones(2), beta)[0].data
    np.testing.assert_array_equal(y, np.tile(beta, (5, 1)))


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1), (0, 3)])
def test_batch_norm_refuses_a_single_value(shape):
    with pytest.raises(
        ValueError, match=r"at least 2 values for each channel, got [01] in x .*eval"
    ):
        ops.batch_norm(np.ones(shape), np.ones(3), np.zeros(3))


def test_vectors_that_do_not_fit_are_named():
    x, good, bad = np.ones((5, 3, 2, 2)), np.ones(3), np.ones(2)
    statistics = {"mean": good, "variance": good}
    for call in (
        lambda: ops.batch_norm(x, good, bad),
        lambda: ops.batch_norm_eval(x, bad, good, **statistics),
        lambda: ops.batch_norm_eval(x, good, good, mean=bad, variance=good),
        lambda: ops.group_norm(x, bad, good, groups=1),
    ):
        with pytest.raises(ValueError, match=r"vectors \(3,\).*axis 1.*\(5, 3, 2, 2\), got \(2,\)"):
            call()
    for call in (
        lambda: ops.layer_norm(x, good, bad),
        lambda: ops.rms_norm(x, good),
        lambda: ops.layer_norm(np.float64(1), good, good),
    ):
        with pytest.raises(ValueError, match=r"expected x \(\.\.\., D\) and vectors \(D,\), got x"):
            call()
    with pytest.raises(
        ValueError, match=r"batch_norm expected x \(N, C, \.\.\.\), got shape \(3,\)"
    ):
        ops.batch_norm(good, good, good)


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        (2, r"2 groups do not divide the 3 channels of x \(5, 3, 2, 2\)"),
        (5, "5 groups do not divide the 3 channels"),
        (0, "groups to be an integer of at least 1, got 0"),
        (1.0, r"groups to be an integer of at least 1, got 1\.0"),
    ],
)
def test_groups_that_do_not_divide_are_refused(groups, says):
    with pytest.raises(ValueError, match=f"group_norm.*{says}"):
        ops.group_norm(np.ones((5, 3, 2, 2)), np.ones(3), np.ones(3), groups=groups)


@pytest.mark.parametrize(
    "normalize",
    [
        lambda x, *vectors: ops.group_norm(x, *vectors, groups=3),
        lambda x, *vectors: ops.batch_norm_eval(x, *vectors, mean=np.ones(6), variance=np.ones(6)),
        lambda x, *vectors: ops.layer_norm(x.transpose(0, 2, 3, 1), *vectors),
        lambda x, *vectors: ops.rms_norm(x.transpose(0, 2, 3, 1), vectors[0]),
    ],
    ids=["group", "batch in use", "layer", "rms"],
)
def test_an_empty_batch_gives_an_empty_one(normalize):
    x = Tensor(np.ones((0, 6, 5, 7)), requires_grad=True)
    gamma, beta = (Tensor(np.ones(6), requires_grad=True) for _ in range(2))
    y = normalize(x, gamma, beta)
    assert y.size == 0
    assert len(y) == 0
    y.backward(np.ones(y.shape))
    assert x.grad.shape == x.shape
    np.testing.assert_array_equal(gamma.grad, np.zeros(6))


def test_group_norm_refuses_images_without_pixels():
    with pytest.raises(ValueError, match=r"at least one entry a channel, got x \(5, 3, 0, 2\)"):
        ops.group_norm(np.ones((5, 3, 0, 2)), np.ones(3), np.ones(3), groups=1)


def group_norm(x, gamma, beta):
    return ops.group_norm(x[None, :, :], gamma[:3], beta[:3], groups=1)


def batch_norm(x, gamma, beta):
    y, mean, variance = ops.batch_norm(x.T, gamma[:3], beta[:3])
    np.testing.assert_array_equal(mean.data, x[:, 0])
    np.testing.assert_array_equal(variance.data, 0)
    return y


@pytest.mark.parametrize("offset", [1000.0, 1000.1, 12345.678, 0.1, -3e7, 1e-20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("normalize", [ops.layer_norm, group_norm, batch_norm])
def test_what_is_constant_is_normalized_to_zero(normalize, offset, dtype):
    """A mean that is off by a rounding of itself is many times √ε."""
    x = np.full((3, 768), offset, dtype)
    y = normalize(x, np.ones(768, dtype), np.zeros(768, dtype)).data
    np.testing.assert_array_equal(y, 0)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
def test_what_is_constant_has_no_variance(axis):
    np.testing.assert_array_equal(ops.var(np.full((5, 768), 1000.1, np.float32), axis=axis).data, 0)


def test_a_channel_that_hardly_varies_keeps_its_statistics(rng):
    """Its deviation is a few roundings of its mean, which is where the mean is taken anew."""
    start = np.float32(4096)
    x = (start + np.spacing(start) * rng.integers(0, 3, (500, 2))).astype(np.float32)
    x[:, 1] = rng.standard_normal(500)  # beside a channel that varies
    y, mean, variance = ops.batch_norm(x, np.ones(2, x.dtype), np.zeros(2, x.dtype), eps=1e-12)
    exact = x.astype(np.float64)
    np.testing.assert_allclose(mean.data, exact.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(variance.data, exact.var(axis=0), rtol=1e-5)
    expected = (exact - exact.mean(axis=0)) / np.sqrt(exact.var(axis=0) + 1e-12)
    np.testing.assert_allclose(y.data, expected, atol=2e-3)


def test_what_a_row_has_in_common_takes_no_digits(rng):
    x = np.rint(64 * rng.standard_normal((5, 768))).astype(np.float32)  # exact, also with an offset
    ones, zeros = np.ones(768, np.float32), np.zeros(768, np.float32)
    near = ops.layer_norm(x, ones, zeros).data
    far = ops.layer_norm(x + np.float32(4096), ones, zeros).data
    np.testing.assert_allclose(far, near, atol=2e-6)


def test_the_rule_of_batch_normalization_takes_one_number_for_all_channels():
    rng = np.random.default_rng(4)
    x, g = rng.standard_normal((2, 6, 3)).astype(np.float32)
    _, pullback = ops.batch_norm.rule(x, np.ones(3, np.float32), np.zeros(3, np.float32))
    numbers = pullback((g, 0, 2.0))
    arrays = pullback((g, np.zeros(3, np.float32), np.full(3, 2, np.float32)))
    for a, b in zip(numbers, arrays, strict=True):
        assert a.dtype == np.float32
        np.testing.assert_array_equal(a, b)
