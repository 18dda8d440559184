"""What the tests of the interchange share."""


def fill_randomly(network, rng):
    """Give all parameters and buffers random values, running statistics too; return the network."""
    for _, part in [*network.named_parameters(), *network.named_buffers()]:
        part.data = rng.uniform(0.1, 1, part.data.shape)
    return network
