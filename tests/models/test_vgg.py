"""The small VGG: its table, and what it refuses."""

import numpy as np
import pytest

from nnbook.models import VGG


def test_the_table_of_shapes_and_parameters(rng):
    network = VGG(rng=rng)
    x, pooled, counts = np.zeros((1, 1, 28, 28), np.float32), [], [0]
    for layer in network:
        x = layer(x)
        counts[-1] += layer.count()
        if type(layer).__name__ == "MaxPool2d":
            pooled.append(x.shape[1:])
            counts.append(0)
    assert pooled == [(16, 14, 14), (32, 7, 7), (64, 3, 3)]
    assert counts[:3] == [2480, 13888, 55424]
    assert [layer.count() for layer in network if type(layer).__name__ == "Linear"] == [73856, 1290]
    assert network.count() == 146938


def test_dropout_is_off_in_evaluation(rng):
    network, x = VGG(rng=rng), rng.standard_normal((3, 1, 28, 28)).astype(np.float32)
    assert (network(x).data != network(x).data).any()
    network.eval()
    np.testing.assert_array_equal(network(x).data, network(x).data)


def test_what_is_refused(rng):
    with pytest.raises(ValueError, match=r"images \('N', 1, 28, 28\), got \(2, 3, 28, 28\)"):
        VGG(rng=rng)(np.zeros((2, 3, 28, 28), np.float32))
    with pytest.raises(ValueError, match="3 poolings leave nothing of images of 7"):
        VGG(rng=rng, size=7)
