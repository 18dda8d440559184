"""The dense network."""

import numpy as np
import pytest

from nnbook import Tensor, nn
from nnbook.models import MLP


def test_it_is_the_formula(rng):
    network = MLP((6, 5, 4, 3), rng=rng, activation=nn.Tanh, dtype=np.float64)
    x = rng.standard_normal((7, 2, 3))
    p = [w.data for w in network.parameters()]
    h = np.tanh(np.tanh(x.reshape(7, 6) @ p[0] + p[1]) @ p[2] + p[3])
    np.testing.assert_allclose(network(x).data, h @ p[4] + p[5], rtol=1e-12)
    np.testing.assert_array_equal(network(Tensor(x)).data, network(x).data)


def test_names_and_sizes(rng):
    network = MLP((784, 512, 256, 10), rng=rng)
    assert network.count() == 784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10
    assert [name for name, _ in network.named_parameters()] == [
        f"layers.{i}.{part}" for i in (0, 2, 4) for part in "Wb"
    ]


def test_dropout_is_behind_every_activation_and_only_in_training(rng):
    network = MLP((4, 8, 8, 3), rng=rng, dropout=0.5)
    kinds = [type(layer).__name__ for layer in network]
    assert kinds == ["Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear"]
    x = rng.standard_normal((5, 4)).astype(np.float32)
    assert (network(x).data != network(x).data).any()
    network.eval()
    np.testing.assert_array_equal(network(x).data, network(x).data)


def test_an_output_alone_is_a_linear_model_and_no_sizes_are_refused(rng):
    assert len(MLP((4, 3), rng=rng)) == 1
    with pytest.raises(ValueError, match=r"input and output, got \(4,\)"):
        MLP((4,), rng=rng)
