"""The networks of the practice chapters train alike in NumPy, PyTorch and Keras."""

import numpy as np
import pytest

from nnbook import models
from nnbook.interchange import to_torch
from nnbook.interchange_keras import to_keras
from nnbook.teaching.recorded import framework
from nnbook.teaching.twins import in_numpy

V, T = 11, 6
NETWORKS = {
    "dense": lambda **o: in_numpy.dense(7, 5, 3, **o),
    "LeNet": lambda **o: models.LeNet(**o),
    "LSTM": lambda **o: models.CharacterLanguageModel(V, features=5, hidden=3, **o),
    "GPT": lambda **o: models.GPT(V, T, width=8, heads=2, layers=2, **o),
}


def batch(name, rng):
    if name in ("LSTM", "GPT"):
        return rng.integers(0, V, (2, 4, T))
    shape = (4, 7) if name == "dense" else (4, 1, 28, 28)
    return rng.standard_normal(shape, dtype=np.float32), rng.integers(0, 3, 4)


def losses(name, step):
    rng = np.random.default_rng(1)
    return [float(step(*batch(name, rng))) for _ in range(5)]


def ours(name):
    network = NETWORKS[name](rng=np.random.default_rng(0))
    if name == "GPT":  # its starting weights are so small that all forms of the GELU are one
        for p in network.parameters():
            p.data = 10 * p.data if p.ndim > 1 else p.data
    return network


def expected(name):
    network = ours(name)
    optimizer = in_numpy.optimizer(name, network.named_parameters(), eps=1e-12)
    return losses(name, lambda x, t: in_numpy.step(network, optimizer, x, t))


def test_the_gradient_of_a_sum_of_squares():
    np.testing.assert_array_equal(in_numpy.squares(), [2, 4, 6])


def test_an_unknown_network_has_no_optimizer():
    with pytest.raises(ValueError, match="got 'none'"):
        in_numpy.optimizer("none", [])


@pytest.mark.parametrize("name", NETWORKS)
def test_pytorch_trains_alike(name):
    torch = pytest.importorskip("torch")
    from nnbook.teaching.twins import in_pytorch

    twin = {
        "dense": lambda: in_pytorch.dense(7, 5, 3),
        "LeNet": in_pytorch.lenet,
        "LSTM": lambda: in_pytorch.CharacterModel(V, features=5, hidden=3),
        "GPT": lambda: in_pytorch.GPT(V, T, width=8, heads=2, layers=2),
    }[name]()
    twin.load_state_dict({k: torch.from_numpy(v) for k, v in to_torch(ours(name)).items()})
    if name == "LSTM":
        twin.recurrent.bias_hh_l0.requires_grad_(False)
    trained = [p for p in twin.parameters() if p.requires_grad]
    optimizer = in_pytorch.optimizer(name, trained, eps=1e-12)
    np.testing.assert_allclose(
        losses(name, lambda *pair: in_pytorch.step(twin, optimizer, *map(torch.tensor, pair))),
        expected(name),
        rtol=3e-6,
    )
    assert in_pytorch.squares().tolist() == [2, 4, 6]
    with pytest.raises(ValueError, match="got 'none'"):
        in_pytorch.optimizer("none", trained)


@pytest.mark.filterwarnings("ignore")  # TensorFlow's own, when it is imported
@pytest.mark.parametrize("name", NETWORKS)
def test_keras_trains_alike(name):
    if not framework("keras") or not framework("tensorflow"):
        pytest.skip("Keras is not installed")
    from nnbook.teaching.twins import in_keras

    model = {
        "dense": lambda: in_keras.dense(7, 5, 3),
        "LeNet": in_keras.lenet,
        "LSTM": lambda: in_keras.character_model(V, features=5, hidden=3),
        "GPT": lambda: in_keras.gpt(V, T, width=8, heads=2, blocks=2),
    }[name]()
    model.set_weights(to_keras(ours(name)))
    step = in_keras.make_step(model, in_keras.optimizer(name, epsilon=1e-12))
    got = losses(name, lambda x, t: step(np.moveaxis(x, 1, -1) if x.ndim == 4 else x, t))
    np.testing.assert_allclose(got, expected(name), rtol=3e-6)
    assert in_keras.squares().tolist() == [2, 4, 6]
    with pytest.raises(ValueError, match="got 'none'"):
        in_keras.optimizer("none")
