"""Every network of the book and its twin in PyTorch: outputs, gradients, fifty losses, weights."""

import copy

import numpy as np
import pytest

from nnbook.teaching.twins import pytorch
from nnbook.teaching.twins.networks import NETWORKS, optimizer, ours

NAMES = list(pytorch.BUILD)


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


def four_batches(name):
    rng = np.random.default_rng(1)
    return [NETWORKS[name].batch(rng) for _ in range(4)]


@pytest.fixture(params=NAMES)
def name(request):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # small networks: several threads would only wait for each other
    return request.param


def test_every_network_has_a_twin_or_a_reason():
    assert [name for name in NETWORKS if name not in pytorch.LACKS] == NAMES
    for reason in pytorch.LACKS.values():
        assert len(reason.split()) > 5


def test_outputs_and_gradients_agree(name):
    network, row = ours(name), NETWORKS[name]
    inputs, target = four_batches(name)[0]
    twin = pytorch.Twin(name, network)
    theirs = twin.outputs(inputs)
    loss, gradients = twin.loss_and_gradients(inputs, target)
    assert relative(copy.deepcopy(network)(*inputs).data, theirs) < 1e-13
    own = row.loss(network, inputs, target)
    own.backward()
    assert abs(own.data - loss) < 1e-13 * loss
    assert gradients.keys() == dict(network.named_parameters()).keys()
    for key, p in network.named_parameters():
        assert relative(p.grad, gradients[key]) < 1e-12, key


def test_fifty_losses_agree_and_what_evaluation_gives_then(name):
    network, row = ours(name), NETWORKS[name]
    twin, method, losses = pytorch.Twin(name, network), optimizer(name, network), []
    batches = four_batches(name) * 13
    for batch in batches[:50]:
        method.zero_grad()
        loss = row.loss(network, *batch)
        loss.backward()
        method.step()
        losses.append(float(loss.data))
    np.testing.assert_allclose(twin.train(batches[:50]), losses, rtol=1e-12)
    inputs, _ = batches[0]
    assert relative(network.eval()(*inputs).data, twin.evaluated(inputs)) < 1e-11


def test_a_checkpoint_travels_there_and_back(name, tmp_path):
    network, other = ours(name), ours(name, seed=1)
    twin = pytorch.Twin(name, network)
    twin.train(four_batches(name)[:2])  # statistics and both biases have moved, where they may
    again = twin.checkpoint(tmp_path / "state")
    assert again.weights_into(other) is other
    inputs, _ = four_batches(name)[0]
    assert relative(copy.deepcopy(other).eval()(*inputs).data, again.evaluated(inputs)) < 1e-13
    back = pytorch.Twin(name, other).weights_into(ours(name, seed=2))
    for key, value in other.state_dict().items():
        np.testing.assert_array_equal(back.state_dict()[key], value, err_msg=key)


def test_looking_moves_nothing(name):
    twin = pytorch.Twin(name, ours(name))
    before = twin.weights_into(ours(name, seed=1)).state_dict()
    inputs, target = four_batches(name)[0]
    twin.outputs(inputs), twin.evaluated(inputs), twin.loss_and_gradients(inputs, target)
    for key, value in twin.weights_into(ours(name, seed=1)).state_dict().items():
        np.testing.assert_array_equal(value, before[key], err_msg=key)
    assert twin.model.training


def test_single_precision_stays_single():
    pytest.importorskip("torch")
    network = ours("gpt", dtype=np.float32)
    inputs, target = four_batches("gpt")[0]
    twin = pytorch.Twin("gpt", network)
    assert twin.outputs(inputs).dtype == np.float32
    assert {g.dtype for g in twin.loss_and_gradients(inputs, target)[1].values()} == {
        np.dtype(np.float32)
    }
