"""The gradient of a batch is the weighted mean of its shares' gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnbook import cluster, models, nn, ops
from nnbook.tensor import Parameter


def problem(rows, seed=0):
    rng = np.random.default_rng(seed)
    network = models.MLP((5, 7, 3), rng=rng, dtype=np.float64)
    return network, rng.standard_normal((rows, 5)), rng.integers(0, 3, rows)


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(1, 9), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_parts_make_the_whole(counts, seed):
    network, x, t = problem(sum(counts), seed)
    _, whole = cluster.gradient(network, ops.softmax_cross_entropy, x, t)
    cuts = np.cumsum(counts)[:-1]
    parts = [
        cluster.gradient(network, ops.softmax_cross_entropy, a, b)[1]
        for a, b in zip(np.split(x, cuts), np.split(t, cuts))
    ]
    mean = cluster.weighted_mean(parts, counts)
    np.testing.assert_allclose(mean, whole, rtol=1e-11, atol=1e-14)


def test_gradient_is_that_of_the_tape_in_the_order_of_flat():
    network, x, t = problem(11)
    value, g = cluster.gradient(network, ops.softmax_cross_entropy, x, t)
    step = 1e-6
    for i in (0, 20, len(g) - 1):
        values, losses = cluster.flat(network), []
        for sign in (1, -1):
            moved = values.copy()
            moved[i] += sign * step
            cluster.set_flat(network, moved)
            losses.append(cluster.gradient(network, ops.softmax_cross_entropy, x, t)[0])
        cluster.set_flat(network, values)
        assert (losses[0] - losses[1]) / (2 * step) == pytest.approx(g[i], rel=1e-6)
    assert value == cluster.gradient(network, ops.softmax_cross_entropy, x, t)[0]


def test_frozen_parameters_are_left_out():
    network, x, t = problem(4)
    network[0].W = Parameter(network[0].W.data, requires_grad=False)
    assert cluster.flat(network).shape == (network.count(),)
    assert cluster.gradient(network, ops.softmax_cross_entropy, x, t)[1].shape == (31,)


def test_float32_stays_float32():
    mean = cluster.weighted_mean([np.ones(3, np.float32), np.zeros(3, np.float32)], [1, 2])
    assert mean.dtype == np.float32


@pytest.mark.parametrize(
    ("gradients", "counts", "message"),
    [
        ([], [], "gradients of one shape"),
        ([np.ones(3), np.ones(2)], [1, 1], r"shapes \[\(3,\), \(2,\)\]"),
        ([np.ones(3)], [1, 2], r"counts \[1, 2\]"),
        ([np.ones(3), np.ones(3)], [3, 0], r"something counts, got \[3, 0\]"),
    ],
)
def test_bad_parts(gradients, counts, message):
    with pytest.raises(ValueError, match=message):
        cluster.weighted_mean(gradients, counts)


def test_deal():
    shares = cluster.deal(17, 5)
    assert np.concatenate(shares).tolist() == list(range(17))
    assert {len(share) for share in shares} == {3, 4}
    for bad in (0, 18):
        with pytest.raises(ValueError, match=f"1 to 17 shares of 17 rows, got {bad}"):
            cluster.deal(17, bad)


def test_a_vector_of_another_length():
    network, *_ = problem(1)
    with pytest.raises(ValueError, match=r"a vector \(66,\), got \(65,\)"):
        cluster.set_flat(network, np.zeros(65))


def test_a_parameter_that_the_loss_ignores():
    network, x, t = problem(3)
    network.unused = nn.Linear(2, 2, rng=np.random.default_rng(0), dtype=np.float64)
    with pytest.raises(RuntimeError, match=r"'unused.W' \(2, 2\) has no gradient"):
        cluster.gradient(network, ops.softmax_cross_entropy, x, t)
