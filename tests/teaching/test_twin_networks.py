"""The table of the book's networks: each is built, drawn for, and learns its batches by heart."""

from pathlib import Path

import numpy as np
import pytest

from nnbook.teaching.twins.networks import NETWORKS, OPTIMIZERS, SIZES, optimizer, ours
from nnbook.tensor import no_grad

BOOK = Path(__file__).parents[2] / "book"


def test_each_row_has_sizes_a_chapter_and_an_optimizer():
    assert NETWORKS.keys() == SIZES.keys()
    for row in NETWORKS.values():
        assert (BOOK / f"{row.chapter}.md").exists(), row.chapter
        assert row.optimizer in OPTIMIZERS
    assert {row.optimizer for row in NETWORKS.values()} == OPTIMIZERS.keys()


def test_an_unknown_network_is_refused_and_the_others_named():
    with pytest.raises(ValueError, match=r"expected one of mlp, .* got 'alexnet'"):
        ours("alexnet")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parameter_is_shaken_and_of_the_dtype(name):
    network = ours(name, dtype=np.float32)
    for key, p in network.named_parameters():
        assert p.dtype == np.float32, key
        assert np.all(p.data != 0), key
    row = NETWORKS[name]
    inputs, target = row.batch(np.random.default_rng(0), np.float32)
    assert row.loss(network, inputs, target).dtype == np.float32


@pytest.mark.parametrize("name", NETWORKS)
def test_it_learns_four_batches(name):
    network, row, rng = ours(name), NETWORKS[name], np.random.default_rng(1)
    batches, method, losses = [row.batch(rng) for _ in range(4)], optimizer(name, network), []
    for step in range(48):
        method.zero_grad()
        loss = row.loss(network, *batches[step % 4])
        loss.backward()
        method.step()
        losses.append(float(loss.data))
    assert np.mean(losses[-4:]) < 0.93 * np.mean(losses[:4])
    with no_grad():
        again = row.batch(np.random.default_rng(1))
    np.testing.assert_array_equal(again[1], batches[0][1])
