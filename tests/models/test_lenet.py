"""LeNet-5 of today: its table, and that it learns."""

import numpy as np
import pytest

from nnbook import ops, optim
from nnbook.models import LeNet


def test_the_table_of_shapes_and_parameters(rng):
    network = LeNet(rng=rng)
    x, shapes, counts = np.zeros((2, 1, 28, 28), np.float32), [], []
    for layer in network:
        x = layer(x)
        shapes.append(x.shape[1:])
        counts.append(layer.count())
    assert [s for s, n in zip(shapes, counts) if n] == [
        (6, 28, 28),
        (16, 10, 10),
        (120,),
        (84,),
        (10,),
    ]
    assert (shapes[2], shapes[5], shapes[6]) == ((6, 14, 14), (16, 5, 5), (400,))
    assert [n for n in counts if n] == [156, 2416, 48120, 10164, 850]
    assert network.count() == 61706


def test_it_learns_a_few_images_by_heart_in_float32(rng):
    network = LeNet(rng=rng)
    x, target = rng.standard_normal((10, 1, 28, 28)).astype(np.float32), np.arange(10)
    optimizer = optim.Momentum(network.named_parameters(), 0.02)
    for _ in range(40):
        optimizer.zero_grad()
        loss = ops.softmax_cross_entropy(network(x), target=target)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05
    assert loss.dtype == np.float32
    assert (network(x).data.argmax(axis=1) == target).all()


def test_one_seed_gives_one_network():
    a, b = (LeNet(rng=np.random.default_rng(3)).state_dict() for _ in range(2))
    assert all(a[name].tobytes() == b[name].tobytes() for name in a)


@pytest.mark.parametrize("shape", [(2, 1, 32, 32), (2, 28, 28), (2, 3, 28, 28)])
def test_other_images_are_refused(shape, rng):
    with pytest.raises(ValueError, match=r"LeNet expected images \(N, 1, 28, 28\), got \("):
        LeNet(rng=rng)(np.zeros(shape, np.float32))
