"""MyGrad: tensors that behave as NumPy's arrays. It has no optimizers; the papers' are added.

Its guard against writing into arrays that a graph needs is off, as its documentation advises for
speed.
"""

import mygrad as mg
import numpy as np
from mygrad.nnet.activations import relu, sigmoid, softmax
from mygrad.nnet.layers import batchnorm, conv_nd, max_pool
from mygrad.nnet.losses import softmax_crossentropy

from benchmarks.workloads import BY_MOMENTUM, HEADS, LAYERS

mg.turn_memory_guarding_off()


def make(workload, x, t, weights):
    w = {name: mg.tensor(array.copy()) for name, array in weights.items()}
    update = momentum(w.values()) if workload in BY_MOMENTUM else adam(w.values())
    network, loss_of = NETWORKS[workload], cross_entropy
    if workload == "W5":
        loss_of = binary_cross_entropy

    def step():
        loss = loss_of(network(w, x), t)
        loss.backward()
        update()
        return float(loss)

    return step


def adam(parameters):
    moments = [(p, np.zeros_like(p.data), np.zeros_like(p.data)) for p in parameters]
    steps = 0

    def update():
        nonlocal steps
        steps += 1
        c1, c2 = 1 - 0.9**steps, 1 - 0.999**steps
        for p, m, v in moments:
            m += 0.1 * (p.grad - m)
            v += 0.001 * (p.grad * p.grad - v)
            p.data -= 0.001 * (m / c1) / (np.sqrt(v / c2) + 1e-8)

    return update


def momentum(parameters):
    velocities = [(p, np.zeros_like(p.data)) for p in parameters]

    def update():
        for p, v in velocities:
            v *= 0.9
            v += p.grad
            p.data -= 0.01 * v

    return update


def cross_entropy(z, t):  # z (..., V)
    return softmax_crossentropy(z.reshape(-1, z.shape[-1]), t.reshape(-1))


def binary_cross_entropy(z, t):
    return mg.mean(mg.maximum(z, 0) - z * t + mg.log1p(mg.exp(-mg.abs(z))))


def linear(w, name, a):
    return mg.matmul(a, w[f"{name}.W"]) + w[f"{name}.b"]


def dense(w, x):
    return linear(w, "3", relu(linear(w, "2", relu(linear(w, "1", x)))))


def lenet(w, x):
    for name, padding in (("conv1", 2), ("conv2", 0)):
        a = conv_nd(x, w[f"{name}.W"], stride=1, padding=padding)
        x = max_pool(relu(a + w[f"{name}.b"].reshape(1, -1, 1, 1)), (2, 2), 2)
    return dense(w, x.reshape(len(x), -1))


def character_model(w, x):
    gates = linear(w, "lstm", w["tokens.table"][x.T])  # (T, B, 4H)
    H = len(w["lstm.U"])
    h = c = np.zeros((gates.shape[1], H), np.float32)
    states = []
    for t in range(len(gates)):
        z = gates[t] + mg.matmul(h, w["lstm.U"])
        i, f, o = (sigmoid(z[:, k * H : (k + 1) * H]) for k in (0, 1, 3))
        c = f * c + i * mg.tanh(z[:, 2 * H : 3 * H])
        h = o * mg.tanh(c)
        states.append(h)
    return mg.swapaxes(linear(w, "head", mg.stack(states)), 0, 1)


def layer_norm(w, name, a):
    a = a - mg.mean(a, axis=2, keepdims=True)
    a = a / mg.sqrt(mg.mean(a * a, axis=2, keepdims=True) + 1e-5)
    return a * w[f"{name}.gamma"] + w[f"{name}.beta"]


def gelu(z):
    return 0.5 * z * (1 + mg.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z * z * z)))


def attention(z, causal):
    B, T, D = z.shape[0], z.shape[1], z.shape[2] // 3
    parts = mg.transpose(z.reshape(B, T, 3, HEADS, D // HEADS), 2, 0, 3, 1, 4)
    q, k, v = parts[0], parts[1], parts[2]  # (B, heads, T, E)
    s = mg.matmul(q, mg.swapaxes(k, 2, 3)) * (D // HEADS) ** -0.5 + causal
    return mg.swapaxes(mg.matmul(softmax(s), v), 1, 2).reshape(B, T, D)


def gpt(w, x):
    z = w["tokens.table"][x] + w["positions.P"]
    causal = np.triu(np.full((x.shape[1], x.shape[1]), -1e9, np.float32), 1)
    for i in range(LAYERS):
        a = attention(linear(w, f"{i}.qkv", layer_norm(w, f"{i}.norm1", z)), causal)
        z = z + linear(w, f"{i}.out", a)
        a = gelu(linear(w, f"{i}.inner", layer_norm(w, f"{i}.norm2", z)))
        z = z + linear(w, f"{i}.outer", a)
    return mg.matmul(layer_norm(w, "norm", z), w["head.W"])


def residual(w, x):
    def block(name, norm, a, padding):
        a = conv_nd(a, w[f"{name}.W"], stride=1, padding=padding)
        return batchnorm(a, gamma=w[f"{norm}.gamma"], beta=w[f"{norm}.beta"], eps=1e-5)

    y = block("conv2", "norm2", relu(block("conv1", "norm1", x, 1)), 1)
    y = relu(y + block("shortcut", "norm3", x, 0))
    return linear(w, "head", mg.mean(y, axis=(2, 3)))


NETWORKS = {
    "W1": dense,
    "W2": lenet,
    "W3": character_model,
    "W4": gpt,
    "W5": dense,
    "W6": residual,
}
