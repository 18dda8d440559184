"""numpy-ml: its layers and its optimizers, called one by one, as it has no loop of its own."""

import collections
import collections.abc

import numpy as np

# a name that numpy-ml 0.1.2 uses and Python dropped
collections.Hashable = collections.abc.Hashable

from numpy_ml.neural_nets import layers as L  # noqa: E402
from numpy_ml.neural_nets.optimizers import SGD, Adam  # noqa: E402

from benchmarks.workloads import BY_MOMENTUM  # noqa: E402

MISSING = {
    "W4": "its attention has no causal mask",
    "W6": "its convolution has no form without bias",
}


def make(workload, x, t, weights):
    if workload in MISSING:
        raise NotImplementedError(MISSING[workload])
    layers = {"W2": lenet, "W3": character_model}.get(workload, dense)(weights)
    for layer in layers:
        momentum = workload in BY_MOMENTUM
        layer.optimizer = SGD(lr=0.01, momentum=0.9) if momentum else Adam(lr=0.001, eps=1e-8)
    if workload == "W2":
        x = x.transpose(0, 2, 3, 1).copy()  # its images are (B, H, W, C)
    if workload == "W3":
        t = t.T.reshape(-1)  # the steps one below the other, as its dense layer takes them
    loss_of = binary_cross_entropy if workload == "W5" else cross_entropy

    def step():
        a = x
        for layer in layers:
            a = layer.forward(a)
        loss, g = loss_of(a, t)
        for layer in reversed(layers):
            g = layer.backward(g)
        for layer in layers:
            layer.update()
        return float(loss)

    return step


def cross_entropy(z, t):
    """Return the loss and its gradient. The library's own expects one-hot targets."""
    rows = np.arange(len(t))
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[rows, t]).mean()
    p[rows, t] -= 1
    return loss, p / len(t)


def binary_cross_entropy(z, t):
    loss = np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))
    return loss, (1 / (1 + np.exp(-z)) - t) / len(z)


def started(layer, inputs, axis, **parameters):
    """Make a layer's gradients and caches, then set its parameters."""
    setattr(layer, axis, inputs)
    layer._init_params()
    layer.parameters = {name: p.copy() for name, p in parameters.items()}
    return layer


def linear(weights, name, act_fn=None):
    W, b = weights[f"{name}.W"], weights[f"{name}.b"]
    return started(L.FullyConnected(W.shape[1], act_fn=act_fn), len(W), "n_in", W=W, b=b[None])


def dense(weights):
    return [linear(weights, "1", "ReLU"), linear(weights, "2", "ReLU"), linear(weights, "3")]


def convolution(weights, name, pad):
    W, b = weights[f"{name}.W"].transpose(2, 3, 1, 0), weights[f"{name}.b"]  # (K, K, C, O)
    layer = L.Conv2D(W.shape[3], W.shape[:2], pad=pad, act_fn="ReLU")
    return started(layer, W.shape[2], "in_ch", W=W, b=b[None, None, None])


class Flatten(L.Flatten):
    """Put the channels first, as the dense layer's weights expect them."""

    def forward(self, X):
        return super().forward(X.transpose(0, 3, 1, 2))

    def backward(self, dLdy):
        return super().backward(dLdy).transpose(0, 2, 3, 1)


def lenet(weights):
    return [
        *(convolution(weights, "conv1", 2), L.Pool2D((2, 2), stride=2)),
        *(convolution(weights, "conv2", 0), L.Pool2D((2, 2), stride=2)),
        Flatten(),
        *dense(weights),
    ]


class LSTM(L.LSTMCell):
    """Its cell, step by step: the layer that would do so cannot be made in numpy-ml 0.1.2."""

    def forward(self, X):  # (B, T, D)
        self.derived_variables["dLdA_accumulator"] = None
        self.derived_variables["dLdC_accumulator"] = None
        steps = [super(LSTM, self).forward(x)[0] for x in X.swapaxes(0, 1)]
        return np.concatenate(steps)  # (T B, H): its dense layer takes rows

    def backward(self, dLdA):
        steps = np.split(dLdA, len(self.X))
        back = [super(LSTM, self).backward(g) for g in reversed(steps)]
        return np.stack(back[::-1], axis=1)  # (B, T, D)


def character_model(weights):
    table = weights["tokens.table"]
    tokens = L.Embedding(table.shape[1], len(table))
    tokens.parameters = {"W": table.copy()}
    both = np.concatenate([weights["lstm.U"], weights["lstm.W"]])
    gates = zip("ufco", np.split(both, 4, axis=1), np.split(weights["lstm.b"], 4))
    parameters = {}
    for gate, W, b in gates:  # it calls the input gate u, and the candidate c
        parameters |= {f"W{gate}": W, f"b{gate}": b[None]}
    lstm = started(LSTM(len(weights["lstm.U"])), table.shape[1], "n_in", **parameters)
    return [tokens, lstm, linear(weights, "head")]
