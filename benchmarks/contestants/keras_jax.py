"""Keras 3 on JAX: the step of its guide to training loops, the whole of it compiled by XLA.

Its Adam adds ε before the bias correction. Its images have their channels last.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np
from keras import layers

from benchmarks.workloads import BY_MOMENTUM, CLASSES, HEADS, LAYERS


def make(workload, x, t, weights):
    if x.ndim == 4:
        x = x.transpose(0, 2, 3, 1).copy()
    model = NETWORKS[workload](x, weights)
    if workload in BY_MOMENTUM:
        optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(0.001, epsilon=1e-8)
    optimizer.build(model.trainable_variables)
    if workload == "W5":
        loss_of = keras.losses.BinaryCrossentropy(from_logits=True)
    else:
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def loss_and_updates(trainable, others, x, t):
        z, others = model.stateless_call(trainable, others, x, training=True)
        return loss_of(t, z), others

    gradient_of = jax.value_and_grad(loss_and_updates, has_aux=True)

    @jax.jit
    def train_step(state, x, t):
        trainable, others, kept = state
        (loss, others), g = gradient_of(trainable, others, x, t)
        trainable, kept = optimizer.stateless_apply(kept, g, trainable)
        return loss, (trainable, others, kept)

    variables = model.trainable_variables, model.non_trainable_variables, optimizer.variables
    state = tuple([v.value for v in part] for part in variables)
    x, t = jax.numpy.asarray(x), jax.numpy.asarray(t)

    def step():
        nonlocal state
        loss, state = train_step(state, x, t)
        return float(loss)

    return step


def filled(model, x, values):
    """Call a model once, so that it makes its variables, and set those of each named layer."""
    model(x[:1])
    for name, arrays in values.items():
        layer = model.get_layer(name)
        layer.set_weights([*arrays, *layer.get_weights()[len(arrays) :]])
    return model


def pairs(weights, *names):
    return {n: [weights[f"{n}.{p}"] for p in "Wb" if f"{n}.{p}" in weights] for n in names}


def norms(weights, *names):
    return {n: [weights[f"{n}.gamma"], weights[f"{n}.beta"]] for n in names}


def kernels(values):
    """Kernels (O, C, K, K) as it has them, (K, K, C, O)."""
    return {n: [W.transpose(2, 3, 1, 0), *b] for n, (W, *b) in values.items()}


def stack(weights):
    sizes = [len(weights[f"{name}.b"]) for name in "123"]
    hidden = [layers.Dense(size, activation="relu", name=n) for size, n in zip(sizes, "12")]
    return [*hidden, layers.Dense(sizes[2], name="3")]


def dense(x, weights):
    return filled(keras.Sequential(stack(weights)), x, pairs(weights, *"123"))


def lenet(x, weights):
    values = kernels(pairs(weights, "conv1", "conv2")) | pairs(weights, *"123")
    W, b = values["1"]  # its rows in the order in which the channels, last, are flattened
    values["1"] = [W.reshape(16, 5, 5, -1).transpose(1, 2, 0, 3).reshape(W.shape), b]
    model = keras.Sequential(
        [
            layers.Conv2D(6, 5, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 5, activation="relu", name="conv2"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            *stack(weights),
        ]
    )
    return filled(model, x, values)


def character_model(x, weights):
    V, D = weights["tokens.table"].shape
    model = keras.Sequential(
        [
            layers.Embedding(V, D, name="tokens"),
            layers.LSTM(len(weights["lstm.U"]), return_sequences=True, name="lstm"),
            layers.Dense(V, name="head"),
        ]
    )
    values = {"tokens": [weights["tokens.table"]]} | pairs(weights, "head")
    values["lstm"] = [weights[f"lstm.{letter}"] for letter in "WUb"]
    return filled(model, x, values)


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], name="table")

    def call(self, z):
        return z + self.table


def heads_of(weights, i):
    """The queries', keys', values' and outputs' weights, with an axis for the heads."""
    for p in zip(*(np.split(weights[f"{i}.qkv.{letter}"], 3, axis=-1) for letter in "Wb")):
        yield from (array.reshape(*array.shape[:-1], HEADS, -1) for array in p)
    W = weights[f"{i}.out.W"]
    yield from (W.reshape(HEADS, -1, W.shape[1]), weights[f"{i}.out.b"])


def gpt(x, weights):
    V, D = weights["tokens.table"].shape
    values = {"tokens": [weights["tokens.table"]], "positions": [weights["positions.P"]]}
    values |= norms(weights, "norm") | pairs(weights, "head")
    inputs = keras.Input(x.shape[1:], dtype="int32")
    z = Positions(name="positions")(layers.Embedding(V, D, name="tokens")(inputs))
    for i in range(LAYERS):
        a = layers.LayerNormalization(epsilon=1e-5, name=f"{i}.norm1")(z)
        attention = layers.MultiHeadAttention(HEADS, D // HEADS, name=f"{i}.attention")
        z = z + attention(a, a, use_causal_mask=True)
        a = layers.LayerNormalization(epsilon=1e-5, name=f"{i}.norm2")(z)
        a = layers.Dense(4 * D, name=f"{i}.inner")(a)
        z = z + layers.Dense(D, name=f"{i}.outer")(keras.activations.gelu(a, approximate=True))
        values |= norms(weights, f"{i}.norm1", f"{i}.norm2")
        values |= pairs(weights, f"{i}.inner", f"{i}.outer")
        values[f"{i}.attention"] = list(heads_of(weights, i))
    z = layers.LayerNormalization(epsilon=1e-5, name="norm")(z)
    outputs = layers.Dense(V, use_bias=False, name="head")(z)
    return filled(keras.Model(inputs, outputs), x, values)


def residual(x, weights):
    O = len(weights["shortcut.W"])
    convolutions = ("conv1", "conv2", "shortcut")
    values = kernels(pairs(weights, *convolutions)) | pairs(weights, "head")
    values |= norms(weights, "norm1", "norm2", "norm3")

    def block(name, norm, size, a):
        a = layers.Conv2D(O, size, padding="same", use_bias=False, name=name)(a)
        return layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name=norm)(a)

    inputs = keras.Input(x.shape[1:])
    y = keras.activations.relu(block("conv1", "norm1", 3, inputs))
    y = block("conv2", "norm2", 3, y) + block("shortcut", "norm3", 1, inputs)
    y = layers.GlobalAveragePooling2D()(keras.activations.relu(y))
    outputs = layers.Dense(CLASSES, name="head")(y)
    return filled(keras.Model(inputs, outputs), x, values)


NETWORKS = {
    "W1": dense,
    "W2": lenet,
    "W3": character_model,
    "W4": gpt,
    "W5": dense,
    "W6": residual,
}
