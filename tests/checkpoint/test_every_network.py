"""What can be saved can be loaded: every network of the book, by file and by pickle."""

import pickle

import numpy as np
import pytest

from nnbook import checkpoint
from nnbook.teaching.twins.networks import NETWORKS, optimizer, ours

pytest.importorskip("safetensors")


def step(name, network, its_optimizer, seed):
    """Take one step on a batch that is drawn by the seed."""
    inputs, target = NETWORKS[name].batch(np.random.default_rng(seed), np.float32)
    its_optimizer.zero_grad()
    NETWORKS[name].loss(network, inputs, target).backward()
    its_optimizer.step()


@pytest.mark.parametrize("name", NETWORKS)
def test_it_goes_on_where_it_was(name, tmp_path):
    here = ours(name, dtype=np.float32)
    trains_here = optimizer(name, here)
    step(name, here, trains_here, seed=1)
    checkpoint.save(tmp_path / "half", here, trains_here)
    there = ours(name, dtype=np.float32, seed=9)
    trains_there = optimizer(name, there)
    checkpoint.load(tmp_path / "half", there, trains_there)
    sent, trains_sent = pickle.loads(pickle.dumps((here, trains_here)))
    for network, its_optimizer in [
        (here, trains_here),
        (there, trains_there),
        (sent, trains_sent),
    ]:
        step(name, network, its_optimizer, seed=2)
    for other in (there, sent):
        assert other.state_dict().keys() == here.state_dict().keys()
        for key, values in here.state_dict().items():
            np.testing.assert_array_equal(other.state_dict()[key], values, err_msg=key)
