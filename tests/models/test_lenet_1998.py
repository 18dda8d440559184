"""LeNet-5 of 1998 against the counts of the paper, its parts against their formulas."""

import numpy as np
import pytest

from nnbook import Tensor, init, optim
from nnbook.models import LeNet1998
from nnbook.models.lenet_1998 import (
    C3_SEES,
    SparseConvolution,
    Subsampling,
    map_loss,
    prepare,
    squash,
)
from nnbook.models.lenet_1998_digits import digit_bitmaps


def test_trainable_parameters_are_the_papers(rng):
    network = LeNet1998(rng=rng)
    counts = {name: module.count() for name, module in network.parts() if name != "bitmaps"}
    assert counts == {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48120, "f6": 10164}
    assert network.count() == 60000


def test_connections_are_the_papers(rng):
    assert LeNet1998(rng=rng).connections() == {
        "C1": 122304,
        "S2": 5880,
        "C3": 151600,
        "S4": 2000,
        "C5": 48120,
        "F6": 10164,
        "output": 840,
    }


def test_connections_are_those_that_exist(rng):
    """The counts by formula are the nonzero entries of the layers' matrices, with their biases."""
    network = LeNet1998(rng=rng, dtype=np.float64)
    for layer, shape, count in (
        (network.s4, (1, 16, 10, 10), 2000),
        (network.c3, (1, 6, 14, 14), 151600),
    ):
        touched = 0
        for pixel in range(int(np.prod(shape))):
            x = np.zeros(shape)
            x.flat[pixel] = 1
            touched += np.count_nonzero(layer(x).data)  # biases are zero
        units = layer(np.zeros(shape)).size
        assert touched + units == count


def test_the_table_of_c3():
    assert [len(seen) for seen in C3_SEES] == [3] * 6 + [4] * 9 + [6]
    assert len({frozenset(seen) for seen in C3_SEES}) == 16
    assert [sum(c in seen for seen in C3_SEES) for c in range(6)] == [10] * 6


def test_a_map_of_c3_sees_its_maps_only(rng):
    layer = SparseConvolution(C3_SEES, 6, 5, rng=rng, dtype=np.float64)
    x = rng.standard_normal((1, 6, 7, 7))
    before = layer(x).data
    for c in range(6):
        other = x.copy()
        other[:, c] += 1
        changed = np.abs(layer(other).data - before).max(axis=(0, 2, 3)) > 1e-9
        assert list(changed) == [c in seen for seen in C3_SEES]


def test_squash_takes_one_to_one():
    np.testing.assert_allclose(squash(Tensor([-1.0, 0.0, 1.0])).data, [-1, 0, 1], atol=1e-4)


def test_subsampling_is_its_formula(rng):
    layer = Subsampling(3, rng=rng, dtype=np.float64)
    layer.b.data = rng.standard_normal(3)
    x = rng.standard_normal((2, 3, 4, 6))
    sums = x.reshape(2, 3, 2, 2, 3, 2).sum(axis=(3, 5))
    expected = sums * layer.w.data[:, None, None] + layer.b.data[:, None, None]
    np.testing.assert_allclose(layer(x).data, expected, atol=1e-12)


def test_starting_weights_are_within_the_papers_bound(rng):
    network = LeNet1998(rng=rng)
    for p in (network.c1.W, network.c5.W, network.f6.W):
        bound = 2.4 / init.fans(p.shape)[0]
        assert 0.9 * bound < np.abs(p.data).max() <= bound


def test_the_bitmaps_are_ten_different_digits():
    bitmaps = digit_bitmaps()
    assert bitmaps.shape == (10, 84)
    assert set(np.unique(bitmaps)) == {-1.0, 1.0}
    distances = ((bitmaps[:, None] - bitmaps[None]) ** 2).sum(axis=2)
    assert distances[~np.eye(10, dtype=bool)].min() > 70
    one = bitmaps[1].reshape(12, 7)
    assert list(one[-1]) == [-1, 1, 1, 1, 1, 1, 1]
    assert list(one[0]) == [-1, -1, -1, 1, 1, -1, -1]


def test_the_penalty_is_the_squared_distance(rng):
    network = LeNet1998(rng=rng, dtype=np.float64)
    network.f6.W.data = np.zeros((120, 84))
    network.f6.b.data = np.arctanh(network.bitmaps.data[4] / 1.7159) * 1.5  # f of it is the digit 4
    penalties = network(rng.standard_normal((2, 1, 32, 32))).data
    distances = ((network.bitmaps.data - network.bitmaps.data[4]) ** 2).sum(axis=1)
    np.testing.assert_allclose(penalties, [distances, distances], atol=1e-9)
    assert penalties.argmin(axis=1).tolist() == [4, 4]


def test_the_loss_is_equation_9(rng):
    y, target = rng.uniform(0, 5, (4, 10)), np.array([3, 0, 9, 9])
    expected = np.mean(
        [y[n, t] + np.log(np.exp(-2.0) + np.exp(-y[n]).sum()) for n, t in enumerate(target)]
    )
    assert map_loss(Tensor(y), target=target, j=2.0).item() == pytest.approx(expected, rel=1e-12)
    far = np.full((4, 10), 1000, np.float32)  # every exponential underflows
    assert map_loss(Tensor(far), target=target, j=2.0).item() == pytest.approx(998)


def test_prepare_pads_and_scales():
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 0] = 255
    x = prepare(images)
    assert x.shape == (2, 1, 32, 32)
    assert x.dtype == np.float32
    assert x[0, 0, 2, 2] == pytest.approx(1.175)
    np.testing.assert_allclose(x[1], -0.1)


def test_it_learns_a_few_images_by_heart(rng):
    network = LeNet1998(rng=rng)
    x = rng.standard_normal((10, 1, 32, 32)).astype(np.float32)
    target = np.arange(10)
    optimizer = optim.Adam(network.named_parameters(), 0.005)
    for _ in range(60):
        optimizer.zero_grad()
        loss = map_loss(network(x), target=target)
        loss.backward()
        optimizer.step()
    assert (network(x).data.argmin(axis=1) == target).all()
    assert {p.grad.dtype for p in network.parameters()} == {np.dtype(np.float32)}


def test_what_is_refused(rng):
    with pytest.raises(
        ValueError, match=r"images \(N, 1, 32, 32\), got \(2, 1, 28, 28\); see prepare"
    ):
        LeNet1998(rng=rng)(np.zeros((2, 1, 28, 28), np.float32))
    with pytest.raises(ValueError, match=r"uint8 images \(N, 28, 28\), got float64 \(2, 28, 28\)"):
        prepare(np.zeros((2, 28, 28)))
    y = Tensor(np.ones((2, 10)))
    with pytest.raises(ValueError, match="map_loss expected labels from 0 to 9, got 10"):
        map_loss(y, target=np.array([0, 10]))
    with pytest.raises(ValueError, match="j > 0, got 0"):
        map_loss(y, target=np.array([0, 1]), j=0)
