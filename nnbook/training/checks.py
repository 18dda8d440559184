"""What the training loop refuses: data that are no arrays, numbers that are not finite."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import numpy as np

from nnbook.nn.module import Module
from nnbook.optim import Optimizer
from nnbook.tensor import Array, Parameter, Tensor
from nnbook.tensor.tape import blame, recording


def array(a: Any) -> Array:
    """Return data as an array. A Tensor is none: its tape would end here unseen."""
    if isinstance(a, Tensor):
        raise TypeError(f"expected an array, got a Tensor {a.shape}: pass its .data")
    return np.asarray(a)


def check_fit(
    network: Module, optimizer: Optimizer, epochs: Any, rng: Any, validation: Any
) -> None:
    """Refuse a network with nothing to train, and options of `fit` that make no sense.

    A parameter that the optimizer does not have stays as it is. That may be meant, so it is only
    said: a layer that was added after the optimizer was made would stay untrained unnoticed.
    """
    if next(network.parameters(), None) is None:
        raise ValueError(f"fit expected a network with parameters, got {network!r}")
    trained = {id(p) for p in optimizer.parameters.values()}
    named = network.named_parameters()
    left = [name for name, p in named if p.requires_grad and id(p) not in trained]
    if left:
        warnings.warn(
            f"the optimizer was not given {', '.join(left)}: they stay as they are; to freeze a "
            "parameter, set its requires_grad to False",
            stacklevel=3,
        )
    if not isinstance(epochs, (int, np.integer)) or epochs < 1:
        raise ValueError(f"fit expected at least 1 epoch, a whole number, got {epochs!r}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"fit expected rng to be a numpy Generator, got {type(rng).__name__}")
    if validation is not None:
        pair = isinstance(validation, (tuple, list))
        if not pair or len(validation) != 2:
            got = f"{len(validation)} parts" if pair else type(validation).__name__
            raise TypeError(f"fit expected validation to be a pair (x, y), got {got}")


def check_gradients(parameters: dict[str, Parameter]) -> None:
    """Refuse a gradient that is not finite, which would spoil the weights for good."""
    for name, p in parameters.items():
        # The sum of squares is fast, but it can overflow where every value is finite.
        if p.grad is None or np.isfinite(np.vdot(p.grad, p.grad)):
            continue
        if not np.isfinite(p.grad).all():
            raise FloatingPointError(f"the gradient of {name} {p.shape} has NaN or infinity")


def check_loss(loss: Tensor, again: Callable[[], Tensor]) -> None:
    """Refuse a loss that is not finite. Computed once more, on the tape, it says where from."""
    if math.isfinite(loss.item()):
        return
    taped = copy_context()
    taped.run(recording.set, True)
    second = taped.run(again)
    known = second.node is not None and not math.isfinite(second.item())
    raise FloatingPointError(f"the loss is {loss.item()}{f': {blame(second)}' if known else ''}")


def locate(error: FloatingPointError, place: str, network: Module) -> None:
    """Add to an error where it happened, and the first parameter that is not finite, if one is."""
    spoiled = (n for n, p in network.named_parameters() if not np.isfinite(p.data).all())
    first = next(spoiled, None)
    name = "" if first is None else f"; the first such parameter is {first}"
    error.args = (f"{place}: {error}{name}",)
