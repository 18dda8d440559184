"""Right answers computed in another way: convolution, attention, practice."""

import math

import numpy as np
import pytest

from nnbook.teaching import judge


def softmax(z):
    e = [math.exp(v - max(z)) for v in z]
    return [v / sum(e) for v in e]


def slide_in_loops(x, w):
    places = range(len(x) - len(w) + 1)
    return [sum(x[i + j] * w[j] for j in range(len(w))) for i in places]


def toeplitz_in_loops(w, n):
    K = len(w)
    return [[w[j - i] if 0 <= j - i < K else 0 for j in range(n)] for i in range(n - K + 1)]


def toeplitz_by_sliding(w, n):
    return np.array([np.correlate(e, w, "valid") for e in np.eye(n)]).T


def table_in_loops(sees, K):
    total = 0
    for seen in sees:
        for _ in seen:
            total += K**2
        total += 1
    return total


def output_in_loops(F, m, g):
    dF = np.zeros_like(F)
    for n in range(len(F)):
        for k in range(len(m)):
            dF[n] += 2 * g[n, k] * (F[n] - m[k])
    return dF


def penalties_in_loops(y, t, j):
    out = []
    for row, target in zip(y, t):
        p = softmax([-v for v in row] + [-j])
        out.append([((k == target) - p[k]) / len(t) for k in range(len(row))])
    return out


def scores_in_loops(q, k, w):
    return [[sum(w * np.tanh(one + other)) for other in k] for one in q]


def cache_in_loops(q, k, v, keys, values):
    keys, values = [*keys, k], [*values, v]
    p = softmax([float(key @ q) / math.sqrt(len(q)) for key in keys])
    return sum(weight * value for weight, value in zip(p, values)), keys, values


def score_gradient_by_jacobians(p, v, g):
    return [(np.diag(row) - np.outer(row, row)) @ (v @ one) for row, one in zip(p, g)]


def window_in_loops(T, S, r):
    return [[abs(t - s) <= r for s in range(S)] for t in range(T)]


def mask_in_loops(T, S):
    return [[s <= t + S - T for s in range(S)] for t in range(T)]


def lstm_by_layers(D, H, layers):
    total = 0
    for layer in range(layers):
        total += 4 * H * (D if layer == 0 else H) + 4 * H * H + 4 * H + 4 * H
    return total


def run_by_names(state, x):
    last = max(int(name.split(".")[0]) for name in state)
    for i in range(0, last + 1, 2):
        x = np.einsum("bi,oi->bo", x, state[f"{i}.weight"]) + state[f"{i}.bias"]
        x = x if i == last else x * (x > 0)
    return x


def accumulated_step_by_step(theta, gradients, lr):
    kept = np.zeros_like(theta)
    for g in gradients:
        kept = kept + g
        theta = theta - lr * kept
    return theta


def deepest_in_a_loop(smallest):
    layers, left = 0, 1 / 6**0.5
    while left > smallest:
        layers, left = layers + 1, left / 6**0.5
    return layers


def squares_row_by_row(given, pieces, V):
    whole, squares = np.zeros((2, V, pieces.shape[1]))
    for v in range(V):
        for piece in pieces[given == v]:
            whole[v] += piece
            squares[v] += piece * piece
    return whole * whole, squares


def squares_by_matrix(given, pieces, V):
    chosen = np.eye(V)[:, given]  # (V, N)
    return (chosen @ pieces) ** 2, chosen @ pieces**2


WAYS = {
    "convolution.count": (
        lambda C, O, K: sum(C * K * K + 1 for _ in range(O)),
        lambda C, O, K: np.zeros((O, C, K, K)).size + O,
    ),
    "convolution.slide": (slide_in_loops, lambda x, w: np.correlate(x, w, "valid")),
    "convolution.padding": (lambda K: K // 2, lambda K: len(range(1, K, 2))),
    "convolution.toeplitz": (toeplitz_in_loops, toeplitz_by_sliding),
    "convolution.lenet-table": (
        table_in_loops,
        lambda sees, K: len(sees) + K * K * len([i for seen in sees for i in seen]),
    ),
    "convolution.lenet-larger": (
        lambda H, W: [(n - 12) // 4 - 4 for n in (H, W)],
        lambda H, W: (H // 4 - 7, W // 4 - 7),
    ),
    "convolution.lenet-output": (
        output_in_loops,
        lambda F, m, g: 2 * np.einsum("nk,nkd->nd", g, F[:, None] - m),
    ),
    "convolution.lenet-map-gradient": (
        penalties_in_loops,
        lambda y, t, j: np.array(penalties_in_loops(y - y.min(), t, j - y.min())),
    ),
    "attention.additive-scores": (
        scores_in_loops,
        lambda q, k, w: np.einsum("tsh,h->ts", np.tanh(q[:, None] + k[None]), w),
    ),
    "attention.score-gradient": (
        score_gradient_by_jacobians,
        lambda p, v, g: p * (g @ v.T) - p * np.einsum("ts,ts->t", p, g @ v.T)[:, None],
    ),
    "attention.gpt-cache": (
        cache_in_loops,
        lambda q, k, v, keys, values: (
            softmax((np.r_[keys, k[None]] @ q / len(q) ** 0.5).tolist()) @ np.r_[values, v[None]],
            np.concatenate([keys, k[None]]),
            np.concatenate([values, v[None]]),
        ),
    ),
    "attention.gpt-mixture": (
        lambda a, b, w: [-math.log2(w * 2**-x + (1 - w) * 2**-y) for x, y in zip(a, b)],
        lambda a, b, w: -np.logaddexp2(np.log2(w) - a, np.log2(1 - w) - b),
    ),
    "attention.window": (
        window_in_loops,
        lambda T, S, r: np.tri(T, S, r, bool) & ~np.tri(T, S, -r - 1, bool),
    ),
    "attention.gpt-mask": (mask_in_loops, lambda T, S: np.tri(S, S, dtype=bool)[S - T :]),
    "practice.torch-linear": (
        lambda W, b: [[[W[i, o] for i in range(len(W))] for o in range(len(b))], b.tolist()],
        lambda W, b: (np.moveaxis(W, 0, 1), +b),
    ),
    "practice.torch-lstm-count": (
        lstm_by_layers,
        lambda D, H, n: 4 * H * (D + H + 2) + (n - 1) * 8 * H * (H + 1),
    ),
    "practice.torch-run-state": (run_by_names,),
    "practice.torch-accumulated": (
        accumulated_step_by_step,
        lambda theta, gradients, lr: theta - lr * np.arange(len(gradients), 0, -1) @ gradients,
    ),
    "practice.torch-deepest": (
        deepest_in_a_loop,
        lambda smallest: math.floor(-2 * math.log(smallest, 6)),
    ),
    "practice.keras-pieces": (squares_row_by_row, squares_by_matrix),
    "practice.keras-kernel": (
        lambda W: np.moveaxis(W, (0, 1), (3, 2)),
        lambda W: np.einsum("ochw->hwco", W),
    ),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
