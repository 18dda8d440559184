"""A network of its own layers, and an operation of its own: a type checker finds no fault here."""

import numpy as np

from nnbook import Parameter, Tensor, nn, no_grad, ops, optim
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def squared(x: Input) -> tuple[Array, Pullback]:
    """y = x², entry by entry. Any shape."""
    return x * x, lambda g: (2 * g * x,)


class Dense(nn.Module):
    def __init__(self, inputs: int, outputs: int, *, rng: np.random.Generator) -> None:
        W = rng.standard_normal((inputs, outputs)) / np.sqrt(inputs)
        self.W = Parameter(W.astype(np.float32))
        self.b = Parameter(np.zeros(outputs, np.float32))

    def forward(self, x: Tensor) -> Tensor:
        return ops.linear(x, self.W, self.b)


class Network(nn.Module):
    def __init__(self, *, rng: np.random.Generator) -> None:
        self.layers = [Dense(2, 16, rng=rng), Dense(16, 1, rng=rng)]

    def forward(self, x: Tensor | Array) -> Tensor:
        first, last = self.layers
        y: Tensor = last(ops.tanh(first(x)))
        return y.reshape(-1)


def train(steps: int = 200) -> float:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 2)).astype(np.float32)
    target = x[:, 0] * x[:, 1]
    network = Network(rng=rng)
    optimizer = optim.Adam(network.named_parameters(), lr=0.02)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = squared(network(x) - target).mean() + 1e-5 * (network.layers[0].W ** 2).sum()
        loss.backward()
        optimizer.step()
    with no_grad():
        return ops.mean_squared_error(network(x), target=target).item()
