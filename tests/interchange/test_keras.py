"""Weights go to Keras's order and layouts and come back, and the twin then computes the same."""

import copy

import numpy as np
import pytest

from nnbook import models, nn
from nnbook.interchange_keras import from_keras, to_keras
from nnbook.teaching.recorded import framework
from tests.networks import assert_gives_copies, assert_there_and_back, fill_randomly

OPTIONS = {"dtype": np.float64}

LAYERS = {
    "Linear": lambda rng: nn.Linear(5, 3, rng=rng, **OPTIONS),
    "Linear without bias": lambda rng: nn.Linear(5, 3, bias=False, rng=rng, **OPTIONS),
    "Conv1d": lambda rng: nn.Conv1d(4, 6, 3, rng=rng, **OPTIONS),
    "Conv2d": lambda rng: nn.Conv2d(4, 6, (3, 5), rng=rng, **OPTIONS),
    "Conv2d, groups": lambda rng: nn.Conv2d(4, 6, 3, groups=2, rng=rng, **OPTIONS),
    "ConvTranspose2d": lambda rng: nn.ConvTranspose2d(4, 6, (3, 5), rng=rng, **OPTIONS),
    "Embedding": lambda rng: nn.Embedding(7, 5, rng=rng, **OPTIONS),
    "BatchNorm": lambda rng: nn.BatchNorm(4, **OPTIONS),
    "LayerNorm": lambda rng: nn.LayerNorm(5, **OPTIONS),
    "RMSNorm": lambda rng: nn.RMSNorm(5, **OPTIONS),
    "GroupNorm": lambda rng: nn.GroupNorm(2, 4, **OPTIONS),
    "RNN": lambda rng: nn.RNN(5, 3, rng=rng, **OPTIONS),
    "LSTM": lambda rng: nn.LSTM(5, 3, rng=rng, **OPTIONS),
    "LSTM, two ways": lambda rng: nn.LSTM(5, 3, bidirectional=True, rng=rng, **OPTIONS),
    "LSTM without bias": lambda rng: nn.LSTM(5, 3, bias=False, rng=rng, **OPTIONS),
    "GRU": lambda rng: nn.GRU(5, 3, rng=rng, **OPTIONS),
    "GRU without bias": lambda rng: nn.GRU(5, 3, bias=False, rng=rng, **OPTIONS),
    "GRU of 2014": lambda rng: nn.GRU(5, 3, reset="before", rng=rng, **OPTIONS),
    "GRU of 2014 without bias": lambda rng: nn.GRU(
        5, 3, reset="before", bias=False, rng=rng, **OPTIONS
    ),
    "MultiHeadAttention": lambda rng: nn.MultiHeadAttention(8, 2, rng=rng, **OPTIONS),
    "MultiHeadAttention without bias": lambda rng: nn.MultiHeadAttention(
        8, 2, bias=False, rng=rng, **OPTIONS
    ),
    "CrossAttention": lambda rng: nn.CrossAttention(8, 2, rng=rng, **OPTIONS),
}
MODELS = {
    "LeNet": lambda rng: models.LeNet(rng=rng, **OPTIONS),
    "CharacterLanguageModel": lambda rng: models.CharacterLanguageModel(
        7, features=5, hidden=3, rng=rng, **OPTIONS
    ),
    "ResNet": lambda rng: models.ResNet(widths=(3, 5), blocks=2, rng=rng, **OPTIONS),
    "GPT": lambda rng: models.GPT(7, 5, width=8, heads=2, layers=2, rng=rng, **OPTIONS),
}
ALL = LAYERS | MODELS


def build(name, seed=0):
    """Return the network with random values everywhere, running statistics too."""
    rng = np.random.default_rng(seed)
    return fill_randomly(ALL[name](rng), rng)


@pytest.mark.parametrize("name", ALL)
def test_there_and_back_again(name):
    assert_there_and_back(to_keras, from_keras, build(name, 0), build(name, 1))


@pytest.mark.parametrize("name", ALL)
def test_what_goes_out_is_a_copy(name):
    assert_gives_copies(to_keras, build(name))


def test_all_that_does_not_fit_is_named_and_nothing_is_changed():
    network = build("LeNet")
    before = network.state_dict()
    weights = to_keras(build("LeNet", 1))
    weights[0] = weights[0].T
    weights[4] = weights[4].T
    with pytest.raises(ValueError, match="do not fit") as caught:
        from_keras(weights, network)
    assert "number 0: expected (5, 5, 1, 6), got (6, 1, 5, 5)" in str(caught.value)
    assert "number 4: expected (400, 120), got (120, 400)" in str(caught.value)
    with pytest.raises(ValueError, match="expected 10 arrays from Keras, got 9"):
        from_keras(weights[1:], network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_the_weights_of_the_other_gru_are_refused():
    network = build("GRU of 2014")
    before = network.state_dict()
    with pytest.raises(ValueError, match=r"number 2: expected \(9,\), got \(2, 9\)"):
        from_keras(to_keras(build("GRU")), network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_what_keras_does_not_have_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(TypeError, match="groups"):
        to_keras(nn.ConvTranspose2d(4, 6, 3, groups=2, rng=rng))


def test_two_biases_that_keras_has_trained_come_back_as_their_sum(rng):
    network, weights = build("GRU"), to_keras(build("GRU"))
    shift = rng.standard_normal((3, 3))
    shift[2] = 0  # the candidate's two biases are not one
    weights[2] = weights[2] + np.stack([shift.ravel(), -shift.ravel()])
    before = network.state_dict()
    from_keras(weights, network)
    for key, value in network.state_dict().items():
        np.testing.assert_allclose(value, before[key], rtol=1e-12)


@pytest.mark.parametrize(
    ("bias", "error", "message"),
    [
        (np.array(["x", "y", "z"]), ValueError, "number 1: expected numbers, got <U1"),
        (np.full(3, 1e300), RuntimeWarning, "overflow"),
    ],
)
def test_a_value_that_does_not_fit_changes_nothing(bias, error, message):
    network = nn.Linear(5, 3, rng=np.random.default_rng(0))
    before = network.state_dict()
    with pytest.raises(error, match=message):
        from_keras([np.ones((5, 3)), bias], network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_numbers_are_converted_to_the_networks_dtype():
    network = nn.Linear(5, 3, rng=np.random.default_rng(0))
    from_keras(to_keras(build("Linear")), network)
    assert network.W.dtype == np.float32


def twins(keras, in_keras, rng):
    """Return Keras's counterpart of each network, and an input in our layout."""
    k, r = keras.layers, {"return_sequences": True}
    sequence, image = rng.standard_normal((2, 4, 5)), rng.standard_normal((2, 4, 9, 11))
    # 4 features a head: Keras rounds 1/√E to float32, which harms no power of 2
    wide, tokens = rng.standard_normal((2, 4, 8)), rng.integers(0, 7, (2, 5))
    return {
        "Linear": (k.Dense(3), sequence),
        "Linear without bias": (k.Dense(3, use_bias=False), sequence),
        "Conv1d": (k.Conv1D(6, 3), rng.standard_normal((2, 4, 9))),
        "Conv2d": (k.Conv2D(6, (3, 5)), image),
        "Conv2d, groups": (k.Conv2D(6, 3, groups=2), image),
        "ConvTranspose2d": (k.Conv2DTranspose(6, (3, 5)), image),
        "Embedding": (k.Embedding(7, 5), tokens),
        "BatchNorm": (k.BatchNormalization(epsilon=1e-5), image),
        "LayerNorm": (k.LayerNormalization(epsilon=1e-5), sequence),
        "RMSNorm": (k.RMSNormalization(epsilon=1e-5), sequence),
        "GroupNorm": (k.GroupNormalization(2, epsilon=1e-5), image),
        "RNN": (k.SimpleRNN(3, **r), sequence),
        "LSTM": (k.LSTM(3, **r), sequence),
        "LSTM, two ways": (k.Bidirectional(k.LSTM(3, **r)), sequence),
        "LSTM without bias": (k.LSTM(3, use_bias=False, **r), sequence),
        "GRU": (k.GRU(3, **r), sequence),
        "GRU without bias": (k.GRU(3, use_bias=False, **r), sequence),
        "GRU of 2014": (k.GRU(3, reset_after=False, **r), sequence),
        "GRU of 2014 without bias": (k.GRU(3, use_bias=False, reset_after=False, **r), sequence),
        "MultiHeadAttention": (k.MultiHeadAttention(2, 4), wide),
        "MultiHeadAttention without bias": (k.MultiHeadAttention(2, 4, use_bias=False), wide),
        "CrossAttention": (k.MultiHeadAttention(2, 4), wide),
        "LeNet": (in_keras.lenet(), rng.standard_normal((2, 1, 28, 28))),
        "CharacterLanguageModel": (in_keras.character_model(7, features=5, hidden=3), tokens),
        "GPT": (in_keras.gpt(7, 5, width=8, heads=2, blocks=2), tokens),
    }


@pytest.mark.filterwarnings("ignore")  # TensorFlow's own, when it is imported
def test_the_twins_in_keras_compute_the_same(rng):
    if not framework("keras") or not framework("tensorflow"):
        pytest.skip("Keras is not installed")
    from nnbook.teaching.twins import in_keras

    keras = in_keras.keras
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        pairs = twins(keras, in_keras, rng)
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
    assert pairs.keys() == ALL.keys() - {"ResNet"}
    for name, (twin, x) in pairs.items():
        layer = build(name).eval()
        more = {"MultiHeadAttention": x, "CrossAttention": rng.standard_normal((2, 3, 8))}
        context = more.get(name.split()[0])
        y = layer(x, context) if name == "CrossAttention" else layer(x)
        y = (y[0] if isinstance(y, tuple) else y).data
        images = x.ndim == 4 or name == "Conv1d"
        x = np.moveaxis(x, 1, -1) if images else x
        given = (x,) if context is None else (x, context)
        twin(*given)  # makes the weights
        twin.set_weights(to_keras(layer))
        z = np.array(twin(*given))
        z = np.moveaxis(z, -1, 1) if images and z.ndim > 2 else z
        np.testing.assert_allclose(y, z, rtol=1e-9, atol=1e-11, err_msg=name)
        other = from_keras(twin.get_weights(), build(name, 1))
        for key, value in layer.state_dict().items():
            np.testing.assert_array_equal(other.state_dict()[key], value, err_msg=name)


def test_gradients_go_the_same_way():
    network = build("GPT")
    gradients = copy.deepcopy(network)
    for p in gradients.parameters():
        p.data = -p.data
    weights = [-w for w in to_keras(network)]
    taken = from_keras(weights, copy.deepcopy(network))
    for (key, p), (_, q) in zip(taken.named_parameters(), gradients.named_parameters()):
        np.testing.assert_array_equal(p.data, q.data, err_msg=key)
