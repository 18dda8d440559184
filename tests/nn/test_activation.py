"""Activation layers call their operation with their constants."""

import numpy as np
import pytest

from nnbook import nn, ops


@pytest.mark.parametrize(
    ("layer", "operation"),
    [
        (nn.Sigmoid(), ops.sigmoid),
        (nn.Tanh(), ops.tanh),
        (nn.ReLU(), ops.relu),
        (nn.LeakyReLU(0.3), lambda x: ops.leaky_relu(x, slope=0.3)),
        (nn.LeakyReLU(), lambda x: ops.leaky_relu(x, slope=0.01)),
        (nn.ELU(1.7), lambda x: ops.elu(x, alpha=1.7)),
        (nn.GELU(), ops.gelu),
        (nn.SiLU(), ops.silu),
        (nn.Softmax(), ops.softmax),
        (nn.Softmax(axis=0), lambda x: ops.softmax(x, axis=0)),
    ],
    ids=lambda part: type(part).__name__,
)
def test_layer(layer, operation, rng):
    x = rng.standard_normal((5, 3)).astype(np.float32)
    y = layer(x)
    np.testing.assert_array_equal(y.data, operation(x).data)
    assert y.dtype == np.float32
    assert layer.count() == 0
