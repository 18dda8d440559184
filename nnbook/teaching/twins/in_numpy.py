"""What the practice chapters show beside PyTorch and Keras that `nnbook.models` does not have."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nnbook import nn, ops, optim
from nnbook.tensor import Array, Parameter


def squares() -> Array:
    """Return the gradient of Σ w² at (1, 2, 3)."""
    w = Parameter(np.array([1.0, 2.0, 3.0]))
    loss = ops.sum(w * w)
    loss.backward()
    return w.grad


def dense(
    inputs: int,
    hidden: int,
    classes: int,
    **options: object,
) -> nn.Module:
    """Return a network of two dense layers; options as for `nn.Linear`."""
    return nn.Sequential(
        nn.Linear(inputs, hidden, **options),
        nn.ReLU(),
        nn.Linear(hidden, classes, **options),
    )


def step(
    network: nn.Module,
    optimizer: optim.Optimizer,
    x: Array,
    t: Array,
) -> float:
    """Take one training step and return the loss before it."""
    optimizer.zero_grad()
    loss = ops.softmax_cross_entropy(network(x), target=t)
    loss.backward()
    optimizer.step()
    return float(loss.data)


def optimizer(
    name: str,
    parameters: Iterable,
    eps: float = 1e-8,
) -> optim.Optimizer:
    """Return the optimizer with which the chapters train each network."""
    match name:
        case "dense":
            return optim.SGD(parameters, 0.2)
        case "LeNet":
            return optim.Momentum(parameters, 0.02, momentum=0.9)
        case "LSTM":
            return optim.Adam(parameters, 0.005, eps=eps)
        case "GPT":
            return optim.AdamW(parameters, 0.003, decay=0.01, eps=eps)
    raise ValueError(f"expected dense, LeNet, LSTM or GPT, got {name!r}")
