"""DeZero, the framework of Koki Saitoh's book. Its Adam adds ε before the bias correction."""

import numpy as np

np.int = int  # noqa: NPY001 - DeZero 0.0.13 uses the name, which NumPy has dropped

import dezero.functions as F  # noqa: E402
import dezero.layers as L  # noqa: E402
from dezero import Model, Parameter, optimizers  # noqa: E402

from benchmarks.workloads import BY_MOMENTUM  # noqa: E402


def make(workload, x, t, weights):
    if workload not in NETWORKS:
        raise NotImplementedError("it has no product of stacks of matrices, nor layer norm")
    network = NETWORKS[workload](weights)
    method = optimizers.MomentumSGD(0.01) if workload in BY_MOMENTUM else optimizers.Adam()
    optimizer = method.setup(network)

    def step():
        network.cleargrads()
        loss = network.loss(x, t)
        loss.backward()
        optimizer.update()
        return float(loss.data)

    return step


def linear(weights, name):
    W, b = weights[f"{name}.W"], weights[f"{name}.b"]
    layer = L.Linear(W.shape[1], in_size=W.shape[0])
    layer.W, layer.b = Parameter(W.copy()), Parameter(b.copy())
    return layer


class Dense(Model):
    def __init__(self, weights):
        super().__init__()
        self.l1, self.l2, self.l3 = (linear(weights, name) for name in "123")

    def forward(self, x):
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))

    def loss(self, x, t):
        return F.softmax_cross_entropy(self(x), t)


class Binary(Dense):
    def loss(self, x, t):
        return F.sigmoid_cross_entropy(self(x), t)


def convolution(weights, name, pad):
    W, b = weights[f"{name}.W"], weights.get(f"{name}.b")
    layer = L.Conv2d(len(W), W.shape[2], pad=pad, nobias=b is None, in_channels=W.shape[1])
    layer.W = Parameter(W.copy())
    if b is not None:
        layer.b = Parameter(b.copy())
    return layer


class LeNet(Dense):
    def __init__(self, weights):
        super().__init__(weights)
        self.c1, self.c2 = convolution(weights, "conv1", 2), convolution(weights, "conv2", 0)

    def forward(self, x):
        x = F.pooling(F.relu(self.c1(x)), 2, 2)
        x = F.pooling(F.relu(self.c2(x)), 2, 2)
        return super().forward(F.flatten(x))


class CharacterModel(Model):
    def __init__(self, weights):
        super().__init__()
        table, U = weights["tokens.table"], weights["lstm.U"]
        self.tokens = L.EmbedID(*table.shape)
        self.tokens.W = Parameter(table.copy())
        self.lstm, self.head = L.LSTM(len(U), in_size=table.shape[1]), linear(weights, "head")
        gates = (np.split(weights[f"lstm.{letter}"], 4, axis=-1) for letter in "WUb")
        for gate, W, U, b in zip("ifuo", *gates):  # the candidate g is called u here
            inputs, recurrent = getattr(self.lstm, f"x2{gate}"), getattr(self.lstm, f"h2{gate}")
            inputs.W, inputs.b = Parameter(W.copy()), Parameter(b.copy())
            recurrent.W = Parameter(U.copy())

    def loss(self, x, t):
        self.lstm.reset_state()
        loss, T = 0, x.shape[1]
        for i in range(T):
            scores = self.head(self.lstm(self.tokens(x[:, i])))
            loss += F.softmax_cross_entropy(scores, t[:, i])
        return loss / T


class Norm(L.BatchNorm):
    def __init__(self, weights, name):
        super().__init__()
        gamma, beta = weights[f"{name}.gamma"], weights[f"{name}.beta"]
        self.gamma, self.beta = Parameter(gamma.copy()), Parameter(beta.copy())
        self.avg_mean = Parameter(np.zeros_like(gamma))
        self.avg_var = Parameter(np.ones_like(gamma))

    def __call__(self, x):
        running = self.avg_mean.data, self.avg_var.data
        return F.batch_nrom(x, self.gamma, self.beta, *running, eps=1e-5)


class Residual(Model):
    def __init__(self, weights):
        super().__init__()
        self.conv1, self.conv2 = (convolution(weights, f"conv{i}", 1) for i in (1, 2))
        self.shortcut = convolution(weights, "shortcut", 0)
        self.norm1, self.norm2, self.norm3 = (Norm(weights, f"norm{i}") for i in (1, 2, 3))
        self.head = linear(weights, "head")

    def loss(self, x, t):
        y = F.relu(self.norm1(self.conv1(x)))
        y = F.relu(self.norm2(self.conv2(y)) + self.norm3(self.shortcut(x)))
        y = F.reshape(y, (*y.shape[:2], -1))  # its sums over two axes have no backward pass
        return F.softmax_cross_entropy(self.head(F.sum(y, axis=2) / y.shape[2]), t)


NETWORKS = {"W1": Dense, "W2": LeNet, "W3": CharacterModel, "W5": Binary, "W6": Residual}
