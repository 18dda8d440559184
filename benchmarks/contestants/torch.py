"""PyTorch, eager, with its default optimizer."""

import os

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks.workloads import BY_MOMENTUM, CLASSES, HEADS, LAYERS

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def make(workload, x, t, weights, compiled=False, **optimizer_options):
    network = NETWORKS[workload](weights)
    parameters = [p for p in network.parameters() if p.requires_grad]
    with torch.no_grad():
        for p, (name, w) in zip(parameters, weights.items(), strict=True):
            dense = w.ndim == 2 and name.endswith(("W", "U"))  # (O, I) in PyTorch
            p.copy_(torch.from_numpy(w.T if dense else w))
    if workload in BY_MOMENTUM:
        optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.9, **optimizer_options)
    else:
        optimizer = torch.optim.Adam(parameters, lr=0.001, **optimizer_options)
    if workload == "W3":  # PyTorch's recurrent layers are at home with time first
        x, t = x.T.copy(), t.T.copy()
    x, t = torch.from_numpy(x), torch.from_numpy(t)
    if workload == "W5":
        loss_of = F.binary_cross_entropy_with_logits
    else:
        loss_of, t = F.cross_entropy, t.flatten()
    update = optimizer.step
    if compiled:
        network, update = torch.compile(network), torch.compile(update)

    def step():
        optimizer.zero_grad()
        loss = loss_of(network(x), t)
        loss.backward()
        update()
        return loss.item()

    return step


def dense(weights):
    layers = []
    for W in list(weights.values())[::2]:
        layers += [nn.Linear(*W.shape), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def lenet(weights):
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, CLASSES)),
    )


class CharacterModel(nn.Module):
    def __init__(self, weights):
        super().__init__()
        V, D = weights["tokens.table"].shape
        H = len(weights["lstm.U"])
        self.tokens, self.lstm, self.head = nn.Embedding(V, D), nn.LSTM(D, H), nn.Linear(H, V)
        # PyTorch has two biases, which would learn twice as fast as one: the second stays zero.
        nn.init.zeros_(self.lstm.bias_hh_l0).requires_grad_(False)

    def forward(self, x):
        return self.head(self.lstm(self.tokens(x))[0]).flatten(0, 1)


class Block(nn.Module):
    def __init__(self, D):
        super().__init__()
        self.norm1, self.qkv, self.out = nn.LayerNorm(D), nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.norm2, self.inner = nn.LayerNorm(D), nn.Linear(D, 4 * D)
        self.outer = nn.Linear(4 * D, D)

    def forward(self, x):
        B, T, D = x.shape
        parts = self.qkv(self.norm1(x)).split(D, dim=2)
        q, k, v = (part.view(B, T, HEADS, D // HEADS).transpose(1, 2) for part in parts)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(B, T, D))
        return x + self.outer(F.gelu(self.inner(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self, weights):
        super().__init__()
        V, D = weights["tokens.table"].shape
        self.tokens = nn.Embedding(V, D)
        self.positions = nn.Embedding(len(weights["positions.P"]), D)
        self.blocks = nn.Sequential(*(Block(D) for _ in range(LAYERS)))
        self.norm, self.head = nn.LayerNorm(D), nn.Linear(D, V, bias=False)

    def forward(self, x):
        z = self.tokens(x) + self.positions.weight
        return self.head(self.norm(self.blocks(z))).flatten(0, 1)


class Residual(nn.Module):
    def __init__(self, weights):
        super().__init__()
        O, C = weights["shortcut.W"].shape[:2]
        self.conv1, self.norm1 = nn.Conv2d(C, O, 3, padding=1, bias=False), nn.BatchNorm2d(O)
        self.conv2, self.norm2 = nn.Conv2d(O, O, 3, padding=1, bias=False), nn.BatchNorm2d(O)
        self.shortcut, self.norm3 = nn.Conv2d(C, O, 1, bias=False), nn.BatchNorm2d(O)
        self.head = nn.Linear(O, CLASSES)

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        y = F.relu(self.norm2(self.conv2(y)) + self.norm3(self.shortcut(x)))
        return self.head(y.mean(dim=(2, 3)))


NETWORKS = {
    "W1": dense,
    "W2": lenet,
    "W3": CharacterModel,
    "W4": GPT,
    "W5": dense,
    "W6": Residual,
}
