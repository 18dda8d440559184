"""The losses and the optimizers that nnbook and Keras both have, live and in double precision.

Rates and memories are sums of few powers of two, because Keras keeps them in single precision, and
ε is so small that its place, which differs, does not matter.
"""

import numpy as np
import pytest

from nnbook import Parameter, ops, optim
from nnbook.teaching.recorded import framework
from nnbook.tensor import Tensor

pytestmark = pytest.mark.filterwarnings("ignore")  # TensorFlow's own, when it is imported
LABELS = np.array([3, 0, 6, 6, 1])
TARGET = np.sin(np.arange(15.0)).reshape(5, 3)
BITS = (np.arange(15).reshape(5, 3) % 3 == 0).astype(float)
WHICH = np.eye(7)[LABELS]


@pytest.fixture(scope="module")
def keras():
    if not framework("keras") or not framework("tensorflow"):
        pytest.skip("Keras is not installed")
    return framework("keras")


def scores(rng):
    return 2 * rng.standard_normal((5, 7))


def values(rng):
    return 3 * rng.standard_normal((5, 3))


def shares(rng):
    p = rng.uniform(0.1, 1, (5, 7))
    return p / p.sum(axis=1, keepdims=True)


LOSSES = {
    "mean_squared_error": (values, TARGET, {}, "MeanSquaredError", {}, TARGET),
    "mean_absolute_error": (values, TARGET, {}, "MeanAbsoluteError", {}, TARGET),
    "huber": (values, TARGET, {"delta": 0.75}, "Huber", {"delta": 0.75}, TARGET),
    "binary_cross_entropy": (
        lambda rng: rng.uniform(0.1, 0.9, (5, 3)),
        BITS,
        {},
        "BinaryCrossentropy",
        {},
        BITS,
    ),
    "binary_cross_entropy_with_logits": (
        values,
        BITS,
        {},
        "BinaryCrossentropy",
        {"from_logits": True},
        BITS,
    ),
    "categorical_cross_entropy": (
        shares,
        LABELS,
        {},
        "SparseCategoricalCrossentropy",
        {},
        LABELS,
    ),
    "softmax_cross_entropy": (
        scores,
        LABELS,
        {},
        "SparseCategoricalCrossentropy",
        {"from_logits": True},
        LABELS,
    ),
    "softmax_cross_entropy, smoothed": (
        scores,
        LABELS,
        {"smoothing": 0.25},
        "CategoricalCrossentropy",
        {"from_logits": True, "label_smoothing": 0.25},
        WHICH,
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_gradient(name, keras, rng):
    draw, target, own, theirs, options, their_target = LOSSES[name]
    tf = framework("tensorflow")
    drawn = draw(rng)
    y = Tensor(drawn, requires_grad=True)
    loss = getattr(ops, name.split(",")[0])(y, target=target, **own)
    loss.backward()
    x = tf.constant(drawn)
    with tf.GradientTape() as tape:
        tape.watch(x)
        expected = getattr(keras.losses, theirs)(dtype="float64", **options)(their_target, x)
    np.testing.assert_allclose(loss.data, expected.numpy(), rtol=1e-12)
    found, wanted = y.grad, tape.gradient(expected, x).numpy()
    if name == "categorical_cross_entropy":  # Keras divides each row by its sum, which is 1:
        found, wanted = (g - g.mean(axis=1, keepdims=True) for g in (found, wanted))
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-14)


MOMENTUM = {"momentum": 0.875}
OPTIMIZERS = {
    "SGD": ("SGD", {}, {}),
    "Momentum": ("SGD", MOMENTUM, MOMENTUM),
    "Nesterov": ("SGD", MOMENTUM, MOMENTUM | {"nesterov": True}),
    "AdaGrad": (
        "Adagrad",
        {"eps": 1e-30},
        {"initial_accumulator_value": 0.0, "epsilon": 1e-30},
    ),
    "RMSProp": ("RMSprop", {"rho": 0.875, "eps": 1e-30}, {"rho": 0.875, "epsilon": 1e-30}),
    "Adam": (
        "Adam",
        {"betas": (0.875, 1 - 2**-10), "eps": 1e-30},
        {"beta_1": 0.875, "beta_2": 1 - 2**-10, "epsilon": 1e-30},
    ),
    "AdamW": (
        "AdamW",
        {"betas": (0.875, 1 - 2**-10), "eps": 1e-30, "decay": 0.125},
        {"beta_1": 0.875, "beta_2": 1 - 2**-10, "epsilon": 1e-30, "weight_decay": 0.125},
    ),
}


def test_every_optimizer_is_among_them():
    assert {k for k, v in vars(optim).items() if isinstance(v, type)} - {"Optimizer"} == set(
        OPTIMIZERS
    )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_path_of_twenty_five_steps(name, keras, rng):
    theirs, own, options = OPTIMIZERS[name]
    start, noise = rng.standard_normal(7), rng.standard_normal((25, 7))
    p = Parameter(start.copy())
    w = keras.Variable(start, dtype="float64")
    one = getattr(optim, name)([p], 2**-4, **own)
    other = getattr(keras.optimizers, theirs)(2**-4, **options)
    tf = framework("tensorflow")
    for row in noise:
        p.grad = p.data - 3 * row  # depends on where it is, so that an error grows
        one.step()
        other.apply([tf.constant(w.numpy() - 3 * row)], [w])
        np.testing.assert_allclose(p.data, w.numpy(), rtol=1e-9, atol=1e-12)
    assert np.abs(p.data - start).max() > 0.3
