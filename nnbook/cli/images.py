"""`train mnist | lenet`: networks that read handwritten digits."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import numpy as np

from nnbook import data, metrics, models, ops, optim
from nnbook.cli import loop, saved
from nnbook.nn import Module
from nnbook.training import Model


def pixels(images: np.ndarray) -> np.ndarray:
    """Turn images of bytes, 0 to 255, into inputs from 0 to 1."""
    return images.astype(np.float32) / 255


def standardized(images: np.ndarray) -> np.ndarray:
    """Turn images (N, 28, 28) into inputs (N, 1, 28, 28) with mean 0 and standard deviation 1.

    The mean and the standard deviation are those of all pixels of MNIST's training images.
    """
    inputs = pixels(images)
    inputs -= 0.1307
    inputs /= 0.3081
    return inputs[:, None]


#: What the network of each task is given for images (N, 28, 28).
INPUTS = {"mnist": pixels, "lenet": standardized}


def mnist(options: Namespace) -> int:
    """Train a dense network with two hidden layers and dropout."""
    settings: dict[str, Any] = {"sizes": [784, 256, 128, 10], "dropout": 0.2}
    rng = np.random.default_rng(options.seed)
    return _train(options, models.MLP(**settings, rng=rng), settings, rng=rng, warmup=0)


def lenet(options: Namespace) -> int:
    """Train LeNet-5 as it is built today."""
    rng = np.random.default_rng(options.seed)
    return _train(options, models.LeNet(rng=rng), {}, rng=rng, warmup=100)


def _train(
    options: Namespace,
    network: Module,
    settings: dict[str, Any],
    *,
    rng: np.random.Generator,
    warmup: int,
) -> int:
    """Train a network on MNIST and say how good it is on the test images."""
    digits = data.mnist()
    inputs = INPUTS[options.network]
    x, y = inputs(digits.train_images), digits.train_labels
    contents = f"{len(x):,} digits to train, {len(digits.test_labels):,} to test"
    loop.say_data(digits, contents, wanted="the full MNIST")
    steps = options.epochs * -(-len(x) // options.batch_size)
    schedule = optim.schedules.cosine(options.lr, steps=steps, warmup=min(warmup, steps // 20))
    optimizer = optim.Adam(network.named_parameters(), schedule)
    model = Model(network, ops.softmax_cross_entropy, optimizer)
    print(f"network: {network.count():,} weights; epochs: {options.epochs}, steps: {steps}")
    loop.fit(model, x, y, options, rng=rng)

    outputs = model.predict(inputs(digits.test_images))
    matrix = metrics.confusion_matrix(outputs, target=digits.test_labels)
    print(f"test accuracy {loop.share(int(matrix.trace()), int(matrix.sum()))}\n")
    print(_table(matrix, digits.classes))
    saved.save(options.out, network, settings=settings, task=options.network, data=digits.name)
    return 0


def _table(matrix: np.ndarray, classes: tuple[str, ...]) -> str:
    width = max(len(str(matrix.max())), *(len(name) for name in classes)) + 1
    head = "true \\ predicted".ljust(17) + "".join(f"{name:>{width}}" for name in classes)
    rows = [
        f"{name:>16} " + "".join(f"{count:>{width}}" for count in row)
        for name, row in zip(classes, matrix)
    ]
    return "\n".join([head, *rows])
