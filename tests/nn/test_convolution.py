"""The convolutional layers: what they compute, how they start, what they refuse."""

import re

import numpy as np
import pytest

from nnbook import init, nn, ops


def test_a_layer_is_its_operation(rng):
    options = {"stride": 2, "padding": (1, 2), "dilation": 2, "groups": 3}
    layer = nn.Conv2d(6, 9, (3, 2), rng=rng, padding_mode="circular", dtype=np.float64, **options)
    layer.b.data = rng.standard_normal(9)
    x = rng.standard_normal((2, 6, 7, 9))
    expected = ops.conv2d(x, layer.W, layer.b, padding_mode="circular", **options)
    np.testing.assert_array_equal(layer(x).data, expected.data)
    assert layer.W.shape == (9, 2, 3, 2)


def test_a_layer_for_sequences_is_its_operation(rng):
    options = {"stride": 2, "padding": 3, "dilation": 2, "groups": 3}
    layer = nn.Conv1d(6, 9, 4, rng=rng, padding_mode="reflect", dtype=np.float64, **options)
    x = rng.standard_normal((2, 6, 11))
    expected = ops.conv1d(x, layer.W, layer.b, padding_mode="reflect", **options)
    np.testing.assert_array_equal(layer(x).data, expected.data)
    assert layer.W.shape == (9, 2, 4)


def test_a_transposed_layer_is_its_operation(rng):
    options = {"stride": 3, "padding": 1, "output_padding": 2, "dilation": 2, "groups": 3}
    layer = nn.ConvTranspose2d(6, 9, (3, 2), rng=rng, dtype=np.float64, **options)
    x = rng.standard_normal((2, 6, 3, 4))
    expected = ops.conv_transpose2d(x, layer.W, layer.b, **options)
    np.testing.assert_array_equal(layer(x).data, expected.data)
    assert layer.W.shape == (6, 3, 3, 2)


def test_starting_values(rng):
    layer = nn.Conv2d(20, 300, 5, rng=rng)
    assert layer.W.dtype == layer.b.dtype == np.float32
    assert layer.W.data.std() == pytest.approx(np.sqrt(2 / (20 * 25)), rel=0.02)
    assert not layer.b.data.any()
    assert nn.Conv2d(2, 3, 5, rng=rng, bias=False).count() == 150
    flat = nn.Conv2d(2, 3, 5, rng=rng, initial=init.glorot_uniform).W.data
    assert np.abs(flat).max() <= np.sqrt(6 / (50 + 75))


def test_gradients_reach_the_parameters_and_stay_float32(rng):
    layer = nn.Conv2d(3, 4, 3, rng=rng)
    layer(np.ones((2, 3, 5, 5), np.float32)).sum().backward()
    np.testing.assert_array_equal(layer.b.grad, np.full(4, 2 * 3 * 3, np.float32))
    np.testing.assert_array_equal(layer.W.grad, np.full((4, 3, 3, 3), 18, np.float32))
    assert layer.W.grad.dtype == np.float32


@pytest.mark.parametrize("layer", [nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d])
@pytest.mark.parametrize(
    ("inputs", "outputs", "groups", "says"),
    [
        (0, 3, 1, "inputs to be an integer of at least 1, got 0"),
        (3, 2.0, 1, r"outputs to be an integer of at least 1, got 2\.0"),
        (4, 6, 0, "groups to be an integer of at least 1, got 0"),
        (4, 6, 2.0, r"groups to be an integer of at least 1, got 2\.0"),
        (4, 6, True, "groups to be an integer of at least 1, got True"),
        (4, 6, 3, "3 groups do not divide 4 channels in and 6 out"),
        (6, 4, 3, "3 groups do not divide 6 channels in and 4 out"),
    ],
)
def test_what_is_refused(layer, inputs, outputs, groups, says, rng):
    with pytest.raises(ValueError, match=f"{layer.__name__}.*{says}"):
        layer(inputs, outputs, 3, rng=rng, groups=groups)


@pytest.mark.parametrize("layer", [nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d])
@pytest.mark.parametrize("kernel", [0, -3, 2.5, True, (3, 0), (3,)])
def test_a_kernel_that_is_none_is_refused(layer, kernel, rng):
    says = f"^{layer.__name__} expected kernel to be an integer of at least 1.*"
    with pytest.raises(ValueError, match=says + re.escape(f"got {kernel!r}")):
        layer(2, 3, kernel, rng=rng)


def test_bad_input_names_the_layer(rng):
    with pytest.raises(ValueError, match="has 2") as caught:
        nn.Sequential(nn.ReLU(), nn.Conv2d(3, 4, 3, rng=rng))(np.ones((1, 2, 5, 5), np.float32))
    assert any("Conv2d(W (4, 3, 3, 3), b (4,))" in note for note in caught.value.__notes__)
