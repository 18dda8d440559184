"""The vision transformer: patches, the order of their positions, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook.models import VisionTransformer
from nnbook.models.vit import patches
from tests.references.record_attention import randomize


def vit(**options):
    rng = np.random.default_rng(0)
    options = {"width": 8, "heads": 2, "layers": 2, "dtype": np.float64, "rng": rng, **options}
    network = VisionTransformer(6, 3, 2, 5, **options)
    randomize(network, rng)
    return network


@given(
    B=st.integers(1, 3),
    C=st.integers(1, 3),
    rows=st.integers(1, 3),
    columns=st.integers(1, 3),
    size=st.integers(1, 4),
)
def test_patches_are_cut_row_by_row(B, C, rows, columns, size):
    shape = (B, C, rows * size, columns * size)
    images = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    cut = patches(images, size=size).data
    assert cut.shape == (B, rows * columns, C * size * size)
    for i in range(rows):
        for j in range(columns):
            square = images[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size]
            np.testing.assert_array_equal(cut[:, i * columns + j], square.reshape(B, -1))


def test_without_positions_the_order_of_the_patches_would_not_count(rng):
    network = vit()
    images = rng.standard_normal((3, 2, 6, 6))
    moved = np.concatenate([images[:, :, 3:], images[:, :, :3]], axis=2)  # the halves exchanged
    assert np.abs(network(images).data - network(moved).data).max() > 1e-3
    network.positions.P.data = np.zeros_like(network.positions.P.data)
    np.testing.assert_allclose(network(images).data, network(moved).data, rtol=1e-10)


def test_dropout_acts_in_training_only(rng):
    network = vit(dropout=0.5)
    images = rng.standard_normal((3, 2, 6, 6))
    assert np.abs(network(images).data - network(images).data).max() > 1e-3
    network.eval()
    np.testing.assert_array_equal(network(images).data, network(images).data)


def test_dropout_acts_on_the_embedded_patches(rng):
    network = vit(dropout=0.5)
    for block in network.blocks:  # let the blocks add nothing, so that their dropout has no effect
        for last in (block.attention.out, block.feed_forward.outer):
            last.W.data, last.b.data = np.zeros_like(last.W.data), np.zeros_like(last.b.data)
    images = rng.standard_normal((3, 2, 6, 6))
    assert np.abs(network(images).data - network(images).data).max() > 1e-3


@pytest.mark.parametrize("shape", [(3, 1, 6, 6), (3, 2, 6, 9), (3, 2, 12, 12), (2, 6, 6)])
def test_other_images_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(B, 2, 6, 6\), got"):
        vit()(np.zeros(shape))


def test_sizes_that_do_not_divide_are_refused(rng):
    with pytest.raises(ValueError, match="6 pixels cannot be cut into patches of 4"):
        VisionTransformer(6, 4, 2, 5, width=8, heads=2, layers=1, rng=rng)
    with pytest.raises(ValueError, match="0 pixels cannot be cut into patches of 3"):
        VisionTransformer(0, 3, 2, 5, width=8, heads=2, layers=1, rng=rng)
    with pytest.raises(ValueError, match="got 8 / 3"):
        VisionTransformer(6, 3, 2, 5, width=8, heads=3, layers=1, rng=rng)
    with pytest.raises(ValueError, match=r"divisible by 4, got \(3, 2, 6, 8\)"):
        patches(np.zeros((3, 2, 6, 8), np.float32), size=4)
    with pytest.raises(ValueError, match="a size of at least 1, got 0"):
        patches(np.zeros((3, 2, 6, 8), np.float32), size=0)
    with pytest.raises(ValueError, match="at least 1 layer, got 0"):
        vit(layers=0)
    with pytest.raises(ValueError, match="at least 1 input and 1 output, got 8, 0"):
        vit(hidden=0)
