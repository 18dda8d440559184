"""Every layer that nnbook, PyTorch and Keras all have: values and gradients live against Keras.

Those against PyTorch are recorded, see `test_references`. Keras keeps single precision inside some
layers, so the settings are sums of few powers of two.
"""

import copy
import functools

import numpy as np
import pytest

from nnbook import nn, ops
from nnbook.interchange_keras import to_keras
from nnbook.teaching.recorded import framework
from nnbook.tensor import Tensor
from tests.networks import fill_randomly

pytestmark = pytest.mark.filterwarnings("ignore")  # TensorFlow's own, when it is imported
ROWS, LINE, IMAGE, WIDE = (4, 5), (2, 4, 9), (2, 4, 8, 10), (2, 5, 8)
STEPS = {"return_sequences": True}
EPS = {"epsilon": 1e-5}
#: Ours, Keras's, and the shape of the input in our layout, or integers.
LAYERS = {
    "Linear": (lambda o: nn.Linear(5, 3, **o), lambda k: k.Dense(3), ROWS),
    "Conv1d": (
        lambda o: nn.Conv1d(4, 6, 3, stride=2, **o),
        lambda k: k.Conv1D(6, 3, strides=2),
        LINE,
    ),
    "Conv2d": (
        lambda o: nn.Conv2d(4, 6, (3, 5), stride=2, **o),
        lambda k: k.Conv2D(6, (3, 5), strides=2),
        IMAGE,
    ),
    "Conv2d, the same size": (
        lambda o: nn.Conv2d(4, 6, 3, padding="same", **o),
        lambda k: k.Conv2D(6, 3, padding="same"),
        IMAGE,
    ),
    "Conv2d, dilated": (
        lambda o: nn.Conv2d(4, 6, 3, dilation=2, **o),
        lambda k: k.Conv2D(6, 3, dilation_rate=2),
        IMAGE,
    ),
    "ConvTranspose2d": (
        lambda o: nn.ConvTranspose2d(4, 6, 3, stride=2, **o),
        lambda k: k.Conv2DTranspose(6, 3, strides=2),
        IMAGE,
    ),
    "Embedding": (lambda o: nn.Embedding(7, 5, **o), lambda k: k.Embedding(7, 5), (2, 5)),
    "BatchNorm": (
        lambda o: nn.BatchNorm(4, dtype=o["dtype"]),
        lambda k: k.BatchNormalization(**EPS),
        IMAGE,
    ),
    "LayerNorm": (
        lambda o: nn.LayerNorm(8, dtype=o["dtype"]),
        lambda k: k.LayerNormalization(**EPS),
        WIDE,
    ),
    "RMSNorm": (
        lambda o: nn.RMSNorm(8, dtype=o["dtype"]),
        lambda k: k.RMSNormalization(**EPS),
        WIDE,
    ),
    "GroupNorm": (
        lambda o: nn.GroupNorm(2, 4, dtype=o["dtype"]),
        lambda k: k.GroupNormalization(2, **EPS),
        IMAGE,
    ),
    "RNN": (lambda o: nn.RNN(8, 3, **o), lambda k: k.SimpleRNN(3, **STEPS), WIDE),
    "LSTM": (lambda o: nn.LSTM(8, 3, **o), lambda k: k.LSTM(3, **STEPS), WIDE),
    "GRU": (lambda o: nn.GRU(8, 3, **o), lambda k: k.GRU(3, **STEPS), WIDE),
    "GRU, reset before": (
        lambda o: nn.GRU(8, 3, reset="before", **o),
        lambda k: k.GRU(3, reset_after=False, **STEPS),
        WIDE,
    ),
    "MultiHeadAttention": (
        lambda o: nn.MultiHeadAttention(8, 2, **o),
        lambda k: k.MultiHeadAttention(2, 4),
        WIDE,
    ),
    "MaxPool1d": (lambda o: nn.MaxPool1d(3, stride=2), lambda k: k.MaxPooling1D(3, 2), LINE),
    "AvgPool1d": (lambda o: nn.AvgPool1d(3, stride=2), lambda k: k.AveragePooling1D(3, 2), LINE),
    "MaxPool2d": (lambda o: nn.MaxPool2d(3, stride=2), lambda k: k.MaxPooling2D(3, 2), IMAGE),
    "AvgPool2d": (lambda o: nn.AvgPool2d(2), lambda k: k.AveragePooling2D(2), IMAGE),
    "GlobalAvgPool2d": (
        lambda o: nn.GlobalAvgPool2d(),
        lambda k: k.GlobalAveragePooling2D(),
        IMAGE,
    ),
    "AdaptiveAvgPool2d": (
        lambda o: nn.AdaptiveAvgPool2d((4, 5)),
        lambda k: k.AdaptiveAveragePooling2D((4, 5)),
        IMAGE,
    ),
    "Flatten": (lambda o: nn.Flatten(), lambda k: k.Flatten(), ROWS),
    "ReLU": (lambda o: nn.ReLU(), lambda k: k.ReLU(), ROWS),
    "LeakyReLU": (lambda o: nn.LeakyReLU(0.25), lambda k: k.LeakyReLU(0.25), ROWS),
    "ELU": (lambda o: nn.ELU(0.75), lambda k: k.ELU(0.75), ROWS),
    "Softmax": (lambda o: nn.Softmax(), lambda k: k.Softmax(), ROWS),
    **{
        name: (
            functools.partial(lambda kind, o: getattr(nn, kind)(), name),
            functools.partial(lambda kind, k: k.Activation(kind), name.lower()),
            ROWS,
        )
        for name in ("Sigmoid", "Tanh", "SiLU")
    },
    "GELU": (lambda o: nn.GELU(), lambda k: k.Activation(framework("keras").ops.gelu), ROWS),
}
#: Why a layer of ours is not among them.
OTHERS = {
    "CrossAttention": "MultiHeadAttention of both frameworks with a second input; in test_keras",
    "Dropout": "a mask is drawn, by every library from other numbers",
    "KeyValueCache": "no layer, what a layer has seen",
    "LearnedPositions": "neither framework has it: a parameter that is added",
    "SinusoidalPositions": "PyTorch has none",
    "DecoderBlock": "Keras has none; the transformers are among the networks",
    "EncoderBlock": "Keras has none; the transformers are among the networks",
    "FeedForward": "two Linears",
    "Sequential": "a container",
}


@pytest.fixture(scope="module")
def keras():
    if not framework("keras") or not framework("tensorflow"):
        pytest.skip("Keras is not installed")
    keras = framework("keras")
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield keras
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def last(a, images):
    """Return an array with the channels where Keras has them."""
    return np.moveaxis(a, 1, -1) if images and a.ndim > 2 else a


def tolerance(name):
    """Return how near a layer comes: Keras rounds the constant in GELU to single precision."""
    single = name.lower().startswith("gelu")
    return {"rtol": 1e-6, "atol": 1e-7} if single else {"rtol": 1e-9, "atol": 1e-11}


def test_every_layer_is_among_them_or_has_a_reason():
    layers = {
        name
        for name in nn.__all__
        if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
    } - {"Module"}
    found = {name.split(",")[0] for name in LAYERS}
    assert found | (OTHERS.keys() & layers) == layers
    assert not found & OTHERS.keys()


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_and_its_gradients(name, keras, rng):
    tf = framework("tensorflow")
    ours, theirs, shape = LAYERS[name]
    layer = fill_randomly(ours({"rng": rng, "dtype": np.float64}), rng)
    twin = theirs(keras.layers)
    integers, images = name == "Embedding", shape in (LINE, IMAGE)
    x = rng.integers(0, 7, shape) if integers else rng.standard_normal(shape)
    given = x if integers else Tensor(x, requires_grad=True)
    y = layer(given)
    y = y[0] if isinstance(y, tuple) else y
    g = rng.standard_normal(y.shape)
    ops.sum(y * g).backward()

    there = tf.constant(last(x, images))
    call = functools.partial(twin, there) if name == "MultiHeadAttention" else twin
    more = {"training": True} if name == "BatchNorm" else {}
    call(there, **more)  # makes the weights
    twin.set_weights(to_keras(layer))
    with tf.GradientTape() as tape:
        tape.watch(there)
        z = call(there, **more)
        loss = tf.reduce_sum(z * last(g, images))
    of = [*twin.trainable_weights, *([] if integers else [there])]
    gradients = [tf.convert_to_tensor(d).numpy() for d in tape.gradient(loss, of)]
    close = functools.partial(np.testing.assert_allclose, **tolerance(name))
    close(last(y.data, images), z.numpy())
    if not integers:
        close(last(given.grad, images), gradients.pop())
    slopes = copy.deepcopy(layer)
    for p, q in zip(slopes.parameters(), layer.parameters()):
        p.data = q.grad
    wanted = to_keras(slopes)[: len(gradients)]  # running statistics come last
    for i, (a, b) in enumerate(zip(wanted, gradients, strict=True)):
        if (name, i) != ("GRU", 2):  # one bias of ours is the sum of two of Keras's
            close(a, b)


@pytest.mark.parametrize("name", ["softplus", "gelu_exact", "log_softmax", "logsumexp"])
def test_a_function_that_is_no_layer(name, keras, rng):
    tf = framework("tensorflow")
    theirs = {
        "softplus": keras.ops.softplus,
        "gelu_exact": functools.partial(keras.ops.gelu, approximate=False),
        "log_softmax": keras.ops.log_softmax,
        "logsumexp": functools.partial(keras.ops.logsumexp, axis=-1),
    }[name]
    x = 2 * rng.standard_normal(ROWS)
    given, there = Tensor(x, requires_grad=True), tf.constant(x)
    y = getattr(ops, name)(given)
    g = rng.standard_normal(y.shape)
    ops.sum(y * g).backward()
    with tf.GradientTape() as tape:
        tape.watch(there)
        z = theirs(there)
        loss = tf.reduce_sum(z * g)
    np.testing.assert_allclose(y.data, z.numpy(), **tolerance(name))
    np.testing.assert_allclose(given.grad, tape.gradient(loss, there).numpy(), **tolerance(name))
