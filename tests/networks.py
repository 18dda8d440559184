"""What the tests of the interchange share."""

import numpy as np


def fill_randomly(network, rng):
    """Give all parameters and buffers random values, running statistics too; return the network."""
    for _, part in [*network.named_parameters(), *network.named_buffers()]:
        part.data = rng.uniform(0.1, 1, part.data.shape)
    return network


def assert_there_and_back(give, take, one, other):
    """Check that `other` gets all values of `one` through `give` and `take`, and had others."""
    kept = other.state_dict()
    assert take(give(one), other) is other
    assert one.state_dict().keys() == kept.keys()
    for key, value in one.state_dict().items():
        np.testing.assert_array_equal(other.state_dict()[key], value, err_msg=key)
        assert not np.array_equal(kept[key], value)


def assert_gives_copies(give, network):
    """Check that writing into the arrays that `give(network)` returns leaves the network as is."""
    before = network.state_dict()
    for array in give(network):
        array[...] = 7
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])
