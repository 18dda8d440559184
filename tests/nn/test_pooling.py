"""The pooling layers hand their settings to the operations."""

import numpy as np
import pytest

from nnbook import nn, ops

SETTINGS = {"kernel": 3, "stride": 2, "padding": 1}


@pytest.mark.parametrize(
    ("layer", "operation", "shape"),
    [
        (nn.MaxPool2d(3, stride=2, padding=1), ops.max_pool2d, (2, 3, 8, 9)),
        (nn.AvgPool2d(3, stride=2, padding=1), ops.avg_pool2d, (2, 3, 8, 9)),
        (nn.MaxPool1d(3, stride=2, padding=1), ops.max_pool1d, (2, 3, 8)),
        (nn.AvgPool1d(3, stride=2, padding=1), ops.avg_pool1d, (2, 3, 8)),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_layer_is_its_operation(layer, operation, shape, rng):
    x = rng.standard_normal(shape)
    np.testing.assert_array_equal(layer(x).data, operation(x, **SETTINGS).data)
    assert layer.count() == 0


def test_windows_lie_side_by_side_by_default(rng):
    x = rng.standard_normal((2, 3, 6, 9))
    for layer in (nn.MaxPool2d(3), nn.AvgPool2d(3)):
        assert layer(x).shape == (2, 3, 2, 3)
    for layer in (nn.MaxPool1d(3), nn.AvgPool1d(3)):
        assert layer(x[:, :, 0]).shape == (2, 3, 3)


def test_adaptive_and_global_pooling(rng):
    x = rng.standard_normal((2, 3, 6, 9))
    assert nn.AdaptiveAvgPool2d((2, 5))(x).shape == (2, 3, 2, 5)
    np.testing.assert_allclose(nn.GlobalAvgPool2d()(x).data, x.mean(axis=(2, 3)), atol=1e-15)
