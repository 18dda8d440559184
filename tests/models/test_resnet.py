"""The small ResNet: its table, its shortcuts, training and evaluation."""

import numpy as np
import pytest

from nnbook import Tensor
from nnbook.models import ResNet
from nnbook.models.resnet import ResidualBlock


def test_the_table_of_shapes_and_parameters(rng):
    network = ResNet(rng=rng)
    assert network.conv.count() + network.norm.count() == 464
    stages = [sum(b.count() for b in network.blocks[i : i + 3]) for i in (0, 3, 6)]
    assert stages == [14016, 51648, 205696]
    assert network.head.count() == 650
    x, shapes = np.zeros((2, 16, 32, 32), np.float32), []
    for block in network.blocks:
        x = block(x)
        shapes.append(x.shape[1:])
    assert shapes == [(16, 32, 32)] * 3 + [(32, 16, 16)] * 3 + [(64, 8, 8)] * 3


@pytest.mark.parametrize("blocks", [1, 2])
def test_it_has_six_n_plus_two_layers(blocks, rng):
    names = [name for name, _ in ResNet(rng=rng, blocks=blocks, residual=False).named_parameters()]
    assert sum(name.endswith(".W") for name in names) == 6 * blocks + 2


def test_a_block_whose_norms_give_nothing_passes_its_input_on(rng):
    block = ResidualBlock(3, 3, rng=rng, dtype=np.float64)
    assert block.shortcut is None
    block.norm2.gamma.data = np.zeros(3)
    x = rng.standard_normal((2, 3, 5, 7))
    np.testing.assert_array_equal(block(x).data, np.maximum(x, 0))
    plain = ResidualBlock(3, 3, rng=rng, residual=False, dtype=np.float64)
    plain.norm2.gamma.data = np.zeros(3)
    assert not plain(x).data.any()


def test_without_shortcuts_there_are_no_projections(rng):
    names = {name for name, _ in ResNet(rng=rng, residual=False).named_parameters()}
    assert not any("shortcut" in name for name in names)
    assert ResidualBlock(3, 3, rng=rng, stride=2).shortcut is not None


def test_the_gradient_reaches_the_first_layer_past_dead_blocks(rng):
    """Where every block gives nothing, the shortcuts still carry the gradient."""
    network = ResNet(rng=rng, widths=(4,), blocks=2, dtype=np.float64)
    for block in network.blocks:
        block.norm2.gamma.data = np.zeros(4)
    x = Tensor(rng.standard_normal((2, 3, 6, 6)))
    network(x).backward(rng.standard_normal((2, 10)))
    assert np.abs(network.conv.W.grad).max() > 1e-4


def test_evaluation_takes_one_image_and_any_size(rng):
    network = ResNet(rng=rng, widths=(4, 6)).eval()
    assert network(np.zeros((1, 3, 1, 1), np.float32)).shape == (1, 10)
    assert network(np.zeros((1, 3, 17, 9), np.float32)).shape == (1, 10)


def test_no_stages_are_refused(rng):
    with pytest.raises(ValueError, match="width of at least one stage, got none"):
        ResNet(rng=rng, widths=())
