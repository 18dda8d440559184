"""nnbook, on the tape."""

import numpy as np

from benchmarks.workloads import BY_MOMENTUM, CLASSES, HEADS, LAYERS
from nnbook import models, nn, ops, optim
from nnbook.models.resnet import ResidualBlock


def make(workload, x, t, weights):
    network = NETWORKS[workload](weights, np.random.default_rng(0))
    state = network.state_dict()
    names = [name for name, _ in network.named_parameters()]
    network.load_state_dict(state | dict(zip(names, weights.values(), strict=True)))
    if workload in BY_MOMENTUM:
        optimizer = optim.Momentum(network.named_parameters(), lr=0.01)
    else:
        optimizer = optim.Adam(network.named_parameters(), lr=0.001)
    binary = workload == "W5"
    loss_of = ops.binary_cross_entropy_with_logits if binary else ops.softmax_cross_entropy

    def step():
        optimizer.zero_grad()
        loss = loss_of(network(x), target=t)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def dense(weights, rng):
    layers = []
    for W in list(weights.values())[::2]:
        layers += [nn.Linear(*W.shape, rng=rng), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def lenet(weights, rng):
    return models.LeNet(rng=rng)


def character_model(weights, rng):
    V, D = weights["tokens.table"].shape
    H = len(weights["lstm.U"])
    return models.CharacterLanguageModel(V, features=D, hidden=H, rng=rng)


def gpt(weights, rng):
    V, D = weights["tokens.table"].shape
    T = len(weights["positions.P"])
    return models.GPT(V, T, width=D, heads=HEADS, layers=LAYERS, rng=rng)


class Residual(nn.Module):
    def __init__(self, weights, rng):
        O, C = weights["shortcut.W"].shape[:2]
        self.block = ResidualBlock(C, O, rng=rng)
        self.head = nn.Linear(O, CLASSES, rng=rng)

    def forward(self, x):
        return self.head(ops.global_avg_pool2d(self.block(x)))


NETWORKS = {
    "W1": dense,
    "W2": lenet,
    "W3": character_model,
    "W4": gpt,
    "W5": dense,
    "W6": Residual,
}
