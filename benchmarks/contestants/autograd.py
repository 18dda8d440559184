"""HIPS autograd: NumPy with a tape, and the optimizers it comes with, unrolled to single steps."""

import autograd.numpy as np
from autograd import value_and_grad
from autograd.misc.flatten import flatten

from benchmarks.contestants.functions import losses
from benchmarks.workloads import BY_MOMENTUM


def conv2d(x, W, padding):
    """One product with the windows, unrolled: faster here than its own `convolve`."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    O, C, K, _ = W.shape
    H, V = x.shape[2] - K + 1, x.shape[3] - K + 1
    windows = [x[:, :, i : i + H, j : j + V] for i in range(K) for j in range(K)]
    columns = np.stack(windows, axis=2)  # (B, C, K², H, V)
    y = np.tensordot(np.reshape(W, (O, C, K * K)), columns, axes=([1, 2], [1, 2]))
    return np.transpose(y, (1, 0, 2, 3))  # (O, B, H, V) -> (B, O, H, V)


def scan(step, state, zs):
    ys = []
    for z in zs:
        state, y = step(state, z)
        ys.append(y)
    return np.stack(ys)


def make(workload, x, t, weights):
    theta, unflatten = flatten(weights)
    loss_of = losses(np, conv2d, scan)[workload]
    gradient_of = value_and_grad(lambda theta: loss_of(unflatten(theta), x, t))
    state = {"theta": theta, "m": np.zeros_like(theta), "v": np.zeros_like(theta), "i": 0}

    # as in autograd.misc.optimizers, which can only run all steps in one call
    def adam(g):
        state["m"] = 0.1 * g + 0.9 * state["m"]
        state["v"] = 0.001 * g**2 + 0.999 * state["v"]
        state["i"] += 1
        m = state["m"] / (1 - 0.9 ** state["i"])
        v = state["v"] / (1 - 0.999 ** state["i"])
        state["theta"] = state["theta"] - 0.001 * m / (np.sqrt(v) + 1e-8)

    def momentum(g):
        state["v"] = 0.9 * state["v"] - g
        state["theta"] = state["theta"] + 0.01 * state["v"]

    update = momentum if workload in BY_MOMENTUM else adam

    def step():
        loss, g = gradient_of(state["theta"])
        update(g)
        return float(loss)

    return step
