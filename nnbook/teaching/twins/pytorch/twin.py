"""A network of ours with its twin in PyTorch: the weights over, the numbers back, by our names."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnbook.interchange import from_torch, to_torch
from nnbook.nn import Module
from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.networks import NETWORKS, OPTIMIZERS, Batch, Inputs
from nnbook.tensor import Array

torch = framework("torch")

_build: dict[str, Callable[[], Any]] = {}


def use(build: dict[str, Callable[[], Any]]) -> None:
    """Say how each network is built; called once by the package."""
    _build.update(build)


class Twin:
    """The network `name` in PyTorch, with the weights of ours and in its dtype.

    Parameters
    ----------
    name : str
        A key of `networks.NETWORKS` that PyTorch has.
    network : Module
        Ours. It is copied, and stays as it is.

    Attributes
    ----------
    model : torch.nn.Module
        In training mode.

    Notes
    -----
    A recurrent layer of PyTorch has two biases of which only the sum counts. Ours goes into the
    first one; the second is held where it is, see `one_bias`.
    """

    def __init__(self, name: str, network: Module) -> None:
        self.name, self.network = name, copy.deepcopy(network)
        state = {k: torch.from_numpy(v) for k, v in to_torch(network).items()}
        self.dtype = next(v.dtype for v in state.values() if v.is_floating_point())
        self._take(state)

    def _take(self, state: dict[str, Any]) -> None:
        self.model = _build[self.name]().to(self.dtype)  # before the weights come
        self.model.load_state_dict(state)
        for part in self.model.modules():
            if isinstance(part, torch.nn.RNNBase):
                one_bias(part)

    def outputs(self, inputs: Inputs) -> Array:
        """Return the outputs in training mode. Running statistics stay where they are."""
        return copy.deepcopy(self.model)(*self._tensors(inputs)).detach().numpy()

    def evaluated(self, inputs: Inputs) -> Array:
        """Return the outputs in evaluation mode."""
        return copy.deepcopy(self.model).eval()(*self._tensors(inputs)).detach().numpy()

    def loss_and_gradients(self, inputs: Inputs, target: Array) -> tuple[float, dict[str, Array]]:
        """Return the loss of a batch, and the gradients by our names, laid out as ours."""
        other = self.fresh(self.model.state_dict())  # a deep copy would be without its hooks
        loss = other._loss(inputs, target)
        loss.backward()
        state = dict(other.model.state_dict())
        for name, p in other.model.named_parameters():
            state[name] = torch.zeros_like(p) if p.grad is None else p.grad
        holder = from_torch(state, copy.deepcopy(self.network))
        return loss.item(), {name: p.data for name, p in holder.named_parameters()}

    def train(self, batches: Sequence[Batch]) -> list[float]:
        """Take one step a batch; return the loss before each."""
        optimizer, losses = optimizer_of(self.name, self.model.parameters()), []
        for inputs, target in batches:
            optimizer.zero_grad()
            loss = self._loss(inputs, target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    def weights_into(self, network: Module) -> Module:
        """Set the weights and buffers of our network to the twin's; return it."""
        return from_torch(self.model.state_dict(), network)

    def checkpoint(self, path: Path) -> Twin:
        """Save PyTorch's own file, and read it into a new twin."""
        file = path.with_suffix(".pt")
        torch.save(self.model.state_dict(), file)
        return self.fresh(torch.load(file, weights_only=True))

    def fresh(self, state: dict[str, Any]) -> Twin:
        """Return another twin of the same kind, built anew, with that state."""
        other = copy.copy(self)
        other._take(state)
        return other

    def _tensors(self, inputs: Inputs) -> list[Any]:
        return [torch.from_numpy(np.ascontiguousarray(x)) for x in inputs]

    def _loss(self, inputs: Inputs, target: Array) -> Any:
        outputs = self.model(*self._tensors(inputs))
        (t,) = self._tensors((target,))
        if NETWORKS[self.name].penalties:
            return map_loss(outputs, t)
        return torch.nn.functional.cross_entropy(outputs.flatten(0, -2), t.flatten())


def one_bias(layer: Any) -> None:
    """Hold the second bias of a recurrent layer, but for the part that the GRU's gate resets."""
    for name, p in layer.named_parameters():
        if not name.startswith("bias_hh"):
            continue
        moves = torch.zeros_like(p)
        if isinstance(layer, torch.nn.GRU):
            moves[-layer.hidden_size :] = 1
        p.register_hook(moves.mul)


def map_loss(y: Any, target: Any, j: float = 10.0) -> Any:
    """The loss of 1998, `nnbook.models.lenet_1998.map_loss`. y (N, 10), target (N,)."""
    right = y[torch.arange(len(target)), target]
    others = torch.log(torch.exp(-y).sum(1) + math.exp(-j))
    return (right + others).mean()


def optimizer_of(name: str, parameters: Any) -> Any:
    """Return the optimizer that trains the network of that name."""
    kind, options = OPTIMIZERS[NETWORKS[name].optimizer]
    options = {{"decay": "weight_decay"}.get(k, k): v for k, v in options.items()}
    match kind:
        case "SGD" | "Momentum":
            return torch.optim.SGD(parameters, **options)
        case "Nesterov":
            return torch.optim.SGD(parameters, nesterov=True, **options)
    return getattr(torch.optim, kind)(parameters, **options)
