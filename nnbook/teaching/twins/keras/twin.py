"""A network in Keras that computes what one of ours does: outputs, gradients, training, a file."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.interchange import from_keras, to_keras
from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.networks import NETWORKS, OPTIMIZERS, Batch, Inputs
from nnbook.tensor import Array

keras = framework("keras")
tf = framework("tensorflow")


@contextmanager
def precision(dtype: Any) -> Iterator[None]:
    """Let Keras make and compute in this dtype inside; it has one for the whole program."""
    before = keras.config.floatx(), keras.config.dtype_policy()
    name = np.dtype(dtype).name
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


def map_loss(penalties: Any, target: Any, j: float = 10.0) -> Any:
    """Return the loss of LeNet-5 of 1998, `nnbook.models.lenet_1998.map_loss`."""
    right = tf.gather(penalties, target, batch_dims=1)
    others = tf.reduce_sum(tf.exp(-penalties), axis=1) + math.exp(-j)
    return tf.reduce_mean(right + tf.math.log(others))


def given(inputs: Inputs) -> Any:
    """Return our inputs as Keras wants them: images with the channels last, several in a list."""
    arrays = [tf.constant(np.moveaxis(x, 1, -1) if x.ndim == 4 else x) for x in inputs]
    return arrays[0] if len(arrays) == 1 else arrays


class Twin:
    """A network in Keras with the weights of ours, in its dtype.

    Parameters
    ----------
    name : str
        Of its row in `networks.NETWORKS`.
    network : Module
        Ours.
    """

    build: Callable[[str], Any]

    def __init__(self, name: str, network: nn.Module) -> None:
        self.name, self.row = name, NETWORKS[name]
        self.network = copy.deepcopy(network)
        self.dtype = next(network.parameters()).dtype
        self.model = self._fresh()
        self.model.set_weights(to_keras(network))

    def _fresh(self) -> Any:
        """Return the model with the weights it begins with, which a first call makes."""
        with precision(self.dtype):
            model = self.build(self.name)
            model(given(self.row.batch(np.random.default_rng(0), self.dtype)[0]))
        return model

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """Compute in the network's dtype inside, and put back what batch norm remembers."""
        kept = self.model.get_weights()
        with precision(self.dtype):
            yield
        self.model.set_weights(kept)

    def outputs(self, inputs: Inputs) -> Array:
        """Return what the network gives in training."""
        with self._as_it_was():
            return self.model(given(inputs), training=True).numpy()

    def evaluated(self, inputs: Inputs) -> Array:
        """Return what it gives when it is used: batch norm takes its running statistics."""
        with self._as_it_was():
            return self.model(given(inputs), training=False).numpy()

    def loss(self, inputs: Any, target: Any) -> Any:
        """Return the row's loss of a batch in training, a tensor."""
        outputs = self.model(inputs, training=True)
        if self.row.penalties:
            return map_loss(outputs, target)
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(target, outputs)

    def _gradients(self, inputs: Any, target: Any) -> tuple[Any, list[Any]]:
        with tf.GradientTape() as tape:
            loss = self.loss(inputs, target)
        gradients = tape.gradient(loss, self.model.trainable_weights)
        return loss, [tf.convert_to_tensor(g) for g in gradients]  # none in pieces

    def loss_and_gradients(self, inputs: Inputs, target: Array) -> tuple[float, dict[str, Array]]:
        """Return the loss and its gradients, named and laid out as ours."""
        with self._as_it_was():
            loss, found = self._gradients(given(inputs), tf.constant(target))
            by_weight = {w.path: g for w, g in zip(self.model.trainable_weights, found)}
            arrays = []
            for w in self.model.weights:  # in the order of ours, with what is not trained
                g = by_weight.get(w.path, w)
                held = w.constraint is not None  # a part of it is held at zero
                arrays.append(keras.ops.convert_to_numpy(w.constraint(g) if held else g))
        like_ours = from_keras(arrays, copy.deepcopy(self.network))
        return float(loss), {name: p.data for name, p in like_ours.named_parameters()}

    def optimizer(self) -> Any:
        """Return the row's optimizer, with the options of ours."""
        kind, options = OPTIMIZERS[self.row.optimizer]
        o = dict(options)
        lr = o.pop("lr")
        if "momentum" in o:
            return keras.optimizers.SGD(lr, momentum=o["momentum"], nesterov=kind == "Nesterov")
        if kind == "SGD":
            return keras.optimizers.SGD(lr)
        betas = dict(zip(("beta_1", "beta_2"), o.pop("betas", (0.9, 0.999))))
        names = {"eps": "epsilon", "decay": "weight_decay"}
        named = {names[key]: value for key, value in o.items()}
        return getattr(keras.optimizers, kind)(lr, **betas, **named)

    def train(self, batches: Sequence[Batch]) -> list[float]:
        """Take a step on each batch, and return the losses before the steps."""
        with precision(self.dtype):
            optimizer = self.optimizer()
            optimizer.build(self.model.trainable_weights)  # before, else the graph is made twice

            def step(inputs: Any, target: Any) -> Any:
                loss, gradients = self._gradients(inputs, target)
                optimizer.apply(gradients, self.model.trainable_weights)
                return loss

            tensors = [(given(inputs), tf.constant(target)) for inputs, target in batches]
            graph = tf.function(step, autograph=False).get_concrete_function(*tensors[0])
            return [float(graph(*batch)) for batch in tensors]

    def weights_into(self, network: nn.Module) -> nn.Module:
        """Set the weights of our network from the twin's, and return it."""
        return from_keras(self.model.get_weights(), network)

    def checkpoint(self, path: Path) -> Twin:
        """Save the weights in Keras's file, read it into a new model, return its twin."""
        file = path.with_name(path.name + ".weights.h5")
        self.model.save_weights(file)
        other = copy.copy(self)
        other.model = self._fresh()
        other.model.load_weights(file)
        return other
