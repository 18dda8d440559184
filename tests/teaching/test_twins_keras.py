"""Every network of the book and its twin in Keras: outputs, gradients, fifty losses, weights."""

import copy
import warnings

import numpy as np
import pytest

from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.networks import NETWORKS, optimizer, ours

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # TensorFlow's own, when it is imported
    there = framework("tensorflow") and framework("keras")
from nnbook.teaching.twins import keras  # after it

NAMES = list(keras.BUILD)
pytestmark = pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # TensorFlow's
needed = pytest.mark.skipif(not there, reason="Keras is not installed")


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


def batches_of(name, count, dtype=np.float64):
    rng = np.random.default_rng(1)
    return [NETWORKS[name].batch(rng, dtype) for _ in range(count)]


def train(name, network, batches):
    method, losses = optimizer(name, network), []
    for batch in batches:
        method.zero_grad()
        loss = NETWORKS[name].loss(network, *batch)
        loss.backward()
        method.step()
        losses.append(float(loss.data))
    return losses


def state(twin, name):
    return twin.weights_into(ours(name, seed=1)).state_dict()


def test_every_network_has_a_twin_or_a_reason():
    assert keras.BUILD.keys() | keras.LACKS.keys() == NETWORKS.keys()
    assert not keras.BUILD.keys() & keras.LACKS.keys()
    assert keras.DIFFERS.keys() <= keras.BUILD.keys()
    for reason in [*keras.LACKS.values(), *keras.DIFFERS.values()]:
        assert len(reason.split()) > 5


@needed
@pytest.mark.parametrize("name", NAMES)
def test_the_twin_computes_learns_and_comes_back(name, tmp_path):
    network, row = ours(name), NETWORKS[name]
    batches = batches_of(name, 50)
    inputs, target = batches[0]
    twin = keras.Twin(name, network)

    before = state(twin, name)
    assert relative(twin.outputs(inputs), copy.deepcopy(network)(*inputs).data) < 1e-13
    loss, gradients = twin.loss_and_gradients(inputs, target)
    own = row.loss(copied := copy.deepcopy(network), inputs, target)
    own.backward()
    assert abs(own.data - loss) < 1e-13 * loss
    assert gradients.keys() == dict(network.named_parameters()).keys()
    for key, p in copied.named_parameters():
        assert relative(gradients[key], p.grad) < 1e-12, key
    evaluated = copy.deepcopy(network).eval()(*inputs).data
    assert relative(twin.evaluated(inputs), evaluated) < 1e-13
    for key, value in state(twin, name).items():  # looking moves nothing
        np.testing.assert_array_equal(value, before[key], err_msg=key)

    trained = copy.deepcopy(network)
    np.testing.assert_allclose(twin.train(batches), train(name, trained, batches), rtol=1e-10)
    if name not in keras.DIFFERS:
        assert relative(twin.evaluated(inputs), trained.eval()(*inputs).data) < 1e-9

    same = state(twin, name)
    again = twin.checkpoint(tmp_path / "state")
    for key, value in state(again, name).items():
        np.testing.assert_array_equal(value, same[key], err_msg=key)
    assert again.model is not twin.model
    np.testing.assert_array_equal(again.evaluated(inputs), twin.evaluated(inputs))


@needed
@pytest.mark.parametrize("name", ["lenet-1998", "resnet", "gru", "text", "seq2seq", "vit"])
def test_in_single_precision_it_agrees_to_rounding(name):
    network = ours(name, dtype=np.float32)
    batches = batches_of(name, 5, np.float32)
    twin = keras.Twin(name, network)
    outputs = twin.outputs(batches[0][0])
    assert outputs.dtype == np.float32
    assert relative(outputs, copy.deepcopy(network)(*batches[0][0]).data) < 1e-5
    np.testing.assert_allclose(twin.train(batches), train(name, network, batches), rtol=1e-4)


@needed
def test_what_batch_norm_remembers_differs_by_the_division():
    network = ours("resnet")
    batches = batches_of("resnet", 1)
    twin = keras.Twin("resnet", network)
    begun = network.norm.running_variance.data
    twin.train(batches)
    train("resnet", network, batches)
    other = twin.weights_into(ours("resnet", seed=1))
    n = batches[0][0][0].size // 3  # the first norm sees as many pixels as the image has
    own, theirs = (m.norm.running_variance.data - 0.9 * begun for m in (network, other))
    np.testing.assert_allclose(own / theirs, n / (n - 1), rtol=1e-10)


@needed
def test_of_the_two_biases_of_a_gru_one_is_held():
    twin = keras.Twin("gru", ours("gru"))
    twin.train(batches_of("gru", 3))
    (bias,) = [w for w in twin.model.weights if w.constraint is not None]
    H = bias.shape[1] // 3
    np.testing.assert_array_equal(bias.numpy()[1, : 2 * H], 0)
    assert np.all(bias.numpy()[1, 2 * H :] != 0)


@needed
def test_the_precision_of_the_program_stays():
    before = there.config.floatx(), there.config.dtype_policy().name
    twin = keras.Twin("mlp", ours("mlp"))
    twin.outputs(batches_of("mlp", 1)[0][0])
    assert (there.config.floatx(), there.config.dtype_policy().name) == before
