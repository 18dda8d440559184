"""Sequential and Flatten."""

import numpy as np
import pytest

from nnbook import nn


def test_sequential_sends_x_through_all_layers(rng):
    first, second = nn.Linear(4, 8, rng=rng), nn.Linear(8, 3, rng=rng)
    net = nn.Sequential(first, nn.ReLU(), second)
    x = rng.standard_normal((5, 4)).astype(np.float32)
    expected = np.maximum(x @ first.W.data, 0) @ second.W.data
    np.testing.assert_allclose(net(x).data, expected, rtol=1e-5, atol=1e-6)


def test_sequential_is_a_sequence(rng):
    layers = [nn.Linear(4, 8, rng=rng), nn.ReLU()]
    net = nn.Sequential(*layers)
    assert list(net) == layers
    assert (len(net), net[0], net[-1]) == (2, layers[0], layers[1])
    assert [name for name, _ in net.named_parameters()] == ["layers.0.W", "layers.0.b"]


def test_what_is_no_module_is_refused():
    with pytest.raises(TypeError, match=r"expected modules, got <function .* at position 1"):
        nn.Sequential(nn.ReLU(), lambda x: x)


def test_a_shared_layer_is_applied_twice_and_counted_once(rng):
    layer = nn.Linear(3, 3, rng=rng, dtype=np.float64)
    net, x = nn.Sequential(layer, layer), rng.standard_normal((5, 3))
    np.testing.assert_allclose(net(x).data, x @ layer.W.data @ layer.W.data, rtol=1e-10)
    assert net.count() == 12


@pytest.mark.parametrize(
    ("shape", "flat"), [((5, 3, 7), (5, 21)), ((5, 3), (5, 3)), ((5,), (5, 1))]
)
def test_flatten_keeps_the_batch(shape, flat):
    assert nn.Flatten()(np.ones(shape, np.float32)).shape == flat
