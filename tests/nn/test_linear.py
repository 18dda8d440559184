"""The fully connected layer."""

import numpy as np
import pytest

from nnbook import init, nn


def test_it_computes_x_W_plus_b(rng):
    layer = nn.Linear(3, 7, rng=rng, dtype=np.float64)
    layer.b.data = rng.standard_normal(7)
    x = rng.standard_normal((5, 9, 3))
    np.testing.assert_allclose(layer(x).data, x @ layer.W.data + layer.b.data, rtol=1e-12)
    assert layer(x).shape == (5, 9, 7)


def test_its_gradients_reach_the_parameters(rng):
    layer, x = nn.Linear(3, 7, rng=rng, dtype=np.float64), rng.standard_normal((5, 3))
    g = rng.standard_normal((5, 7))
    layer(x).backward(g)
    np.testing.assert_allclose(layer.W.grad, x.T @ g, rtol=1e-12)
    np.testing.assert_allclose(layer.b.grad, g.sum(axis=0), rtol=1e-12)


def test_starting_values(rng):
    layer = nn.Linear(300, 500, rng=rng)
    assert layer.W.dtype == layer.b.dtype == np.float32
    assert layer.W.data.std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert not layer.b.data.any()
    one, two = (nn.Linear(3, 5, rng=np.random.default_rng(1)).W.data for _ in range(2))
    assert one.tobytes() == two.tobytes()
    Q = nn.Linear(5, 5, rng=rng, initial=init.orthogonal, dtype=np.float64).W.data
    np.testing.assert_allclose(Q @ Q.T, np.eye(5), atol=1e-12)


def test_without_bias(rng):
    layer = nn.Linear(3, 7, rng=rng, bias=False)
    assert layer.b is None
    assert layer.count() == 21
    assert repr(layer) == "Linear(W (3, 7))"
    np.testing.assert_array_equal(layer(np.zeros((5, 3), np.float32)).data, 0)


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 3), (3, 0), (-1, 3)])
def test_a_layer_of_nothing_is_refused(inputs, outputs, rng):
    with pytest.raises(ValueError, match="at least 1 input and 1 output, got"):
        nn.Linear(inputs, outputs, rng=rng)


def test_bad_input_names_the_layer_and_the_shapes(rng):
    with pytest.raises(
        ValueError, match=r"got x \(5, 4\): the last axis must be 3, not 4"
    ) as caught:
        nn.Linear(3, 7, rng=rng)(np.ones((5, 4), np.float32))
    assert caught.value.__notes__ == ["  in layer Linear(W (3, 7), b (7,))"]
    with pytest.raises(
        TypeError, match="linear expected inputs of one dtype, got x float64, W float32"
    ):
        nn.Linear(3, 7, rng=rng)(np.ones((5, 3)))
