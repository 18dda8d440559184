"""Right answers computed in another way: the LeNet of 1998, and what frameworks do."""

import math

import numpy as np
import pytest

from nnbook.teaching import judge


def scaled_by_a_table(images):
    values = np.linspace(-0.1, 1.175, 256)
    return values[np.pad(images, ((0, 0), (2, 2), (2, 2)))]


def scaled_into_a_frame(images):
    whole = np.full((len(images), 32, 32), -0.1)
    for n, image in enumerate(images.tolist()):
        for h, row in enumerate(image):
            whole[n, h + 2, 2:30] = [v / 200 - 0.1 for v in row]
    return whole


def subsampling_in_loops(X, w, G):
    dX, dw, db = np.zeros_like(X), np.zeros_like(w), np.zeros_like(w)
    for n, c, h, v in np.ndindex(X.shape):
        g = G[n, c, h // 2, v // 2]
        dX[n, c, h, v] = w[c] * g
        dw[c] += X[n, c, h, v] * g
        db[c] += g / 4  # each window is seen four times
    return dX, dw, db


def subsampling_by_kron(X, w, G):
    wide = np.kron(G, np.ones((1, 1, 2, 2)))
    return np.einsum("bchw,c->bchw", wide, w), np.einsum("bchw,bchw->c", X, wide), G.sum((0, 2, 3))


def keras_in_loops(theta, gradients, lr, epsilon):
    moved = theta.tolist()
    for d in range(len(moved)):
        m = v = 0.0
        for t in range(len(gradients)):
            g = gradients[t][d]
            m, v = m + (g - m) / 10, v + (g * g - v) / 1000
            rate = lr * math.sqrt(1 - 0.999 ** (t + 1)) / (1 - 0.9 ** (t + 1))
            moved[d] -= rate * m / (math.sqrt(v) + epsilon)
    return moved


def keras_by_matrices(theta, gradients, lr, epsilon):
    age = np.subtract.outer(np.arange(len(gradients)), np.arange(len(gradients)))
    P, Q = (np.tril((1 - beta) * beta ** abs(age)) for beta in (0.9, 0.999))
    rate = np.sqrt(Q.sum(axis=1)) / P.sum(axis=1)
    return theta - lr * rate @ (P @ gradients / (np.sqrt(Q @ gradients**2) + epsilon))


def rows_one_by_one(W, C, H, width):
    ours = np.zeros_like(W)
    for c, h, w in np.ndindex(C, H, width):
        ours[(c * H + h) * width + w] = W[(h * width + w) * C + c]
    return ours


def zeros_by_trying(n, K, s):
    total = 0
    while (n + total - K) // s + 1 < math.ceil(n / s):
        total += 1
    return total // 2, (total + 1) // 2


def zeros_by_the_rest(n, K, s):
    total = max(0, K - (n % s or s))
    return divmod(total, 2)[0], total - divmod(total, 2)[0]


def run_with_ones(state, x):
    names = sorted((name for name in state if name.endswith("weight")), key=lambda n: int(n[:-7]))
    for n, name in enumerate(names):
        tall = np.r_[state[name].T, state[name[:-6] + "bias"][None]]
        x = np.c_[np.clip(x, 0, None) if n else x, np.ones(len(x))] @ tall
    return x


WAYS = {
    "convolution.lenet-scale": (scaled_by_a_table, scaled_into_a_frame),
    "convolution.lenet-subsampling": (subsampling_in_loops, subsampling_by_kron),
    "practice.keras-adam": (keras_in_loops, keras_by_matrices),
    "practice.keras-flatten": (
        rows_one_by_one,
        lambda W, C, H, width: np.concatenate([W[c::C] for c in range(C)]),
    ),
    "practice.keras-same": (zeros_by_trying, zeros_by_the_rest),
    "practice.torch-run-state": (run_with_ones,),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
