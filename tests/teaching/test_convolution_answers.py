"""Right answers to exercises of the convolutional part in other styles: lists, loops, matrices."""

from itertools import product
from math import prod

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge


def row_by_definition(g, w):
    reach = range(len(g) + len(w) - 1)
    return [sum(g[j - u] * w[u] for u in range(len(w)) if 0 <= j - u < len(g)) for j in reach]


def row_by_matrix(g, w):
    M = np.zeros((len(g), len(g) + len(w) - 1))
    for i in range(len(g)):
        M[i, i : i + len(w)] = w
    return M.T @ g


def kernel_in_loops(x, G):
    B, OH, OW = G.shape
    K, L = x.shape[1] - OH + 1, x.shape[2] - OW + 1
    dW = [[0.0] * L for _ in range(K)]
    for n, h, w, u, v in product(range(B), range(OH), range(OW), range(K), range(L)):
        dW[u][v] += G[n, h, w] * x[n, h + u, w + v]
    return dW


def kernel_by_convolution(x, G):
    return ops.conv2d(x[None], G[None], None).data[0, 0]


def spread_in_lists(G, s):
    H, W = G.shape
    wide = [[0] * (s * (W - 1) + 1) for _ in range(s * (H - 1) + 1)]
    for h, w in product(range(H), range(W)):
        wide[s * h][s * w] = float(G[h, w])
    return wide


def depthwise_by_groups(x, w):
    y, pullback = ops.conv2d.rule(x[:, :, None], w[:, None, None], None, groups=len(w))

    def back(g):
        dx, dw, _ = pullback(g[:, :, None])
        return dx[:, :, 0], dw[:, 0, 0]

    return y[:, :, 0], back


def depthwise_in_loops(x, w):
    B, C, T = x.shape
    K = w.shape[1]
    places = list(product(range(B), range(C), range(T - K + 1), range(K)))
    y = np.zeros((B, C, T - K + 1))
    for b, c, t, k in places:
        y[b, c, t] += x[b, c, t + k] * w[c, k]

    def pullback(g):
        dx, dw = np.zeros(x.shape), np.zeros(w.shape)
        for b, c, t, k in places:
            dx[b, c, t + k] += g[b, c, t] * w[c, k]
            dw[c, k] += g[b, c, t] * x[b, c, t + k]
        return dx, dw

    return y, pullback


def largest_in_loops(x, K):
    H, W = x.shape
    corners = [[(i, j) for j in range(0, W, K)] for i in range(0, H, K)]
    return [[max(x[i : i + K, j : j + K].flat) for i, j in row] for row in corners]


def pool_in_a_loop(x, K):
    starts = range(0, len(x), K)
    winners = [i + list(x[i : i + K]).index(max(x[i : i + K])) for i in starts]

    def pullback(g):
        dx = [0.0] * len(x)
        for place, share in zip(winners, g):
            dx[place] = share
        return (np.array(dx),)

    return np.array([x[i] for i in winners]), pullback


def pool_by_the_package(x, K):
    y, pullback = ops.max_pool2d.rule(x[None, None, None], kernel=(1, K))
    return y[0, 0, 0], lambda g: (pullback(g[None, None, None])[0][0, 0, 0],)


def slope_by_a_step(x, v):
    step = 1e-6
    return (np.max(x + step * v) - np.max(x)) / step


def field_by_counting(layers):
    seen = {0}
    for K, s, d in reversed(layers):
        seen = {s * unit + d * u for unit in seen for u in (0, K - 1)}
    return max(seen) - min(seen) + 1


def field_from_above(layers):
    r = 1
    for K, s, d in layers[::-1]:
        r = (r - 1) * s + d * (K - 1) + 1
    return np.float64(r)


def view_by_counting(layers, i):
    seen = {i}
    for K, s, p in layers[::-1]:
        seen = {s * unit - p + u for unit in seen for u in range(K)}
    return [min(seen), max(seen)]


def view_by_field(layers, i):
    r, j, start = 1, 1, 0
    for K, s, p in layers:
        r, start, j = r + (K - 1) * j, start - p * j, j * s
    return np.array([start + i * j, start + i * j + r - 1])


def width_by_dice(layers):
    chances, j = np.ones(1), 1
    for K, s in layers:
        die = np.zeros((K - 1) * j + 1)
        die[::j] = 1 / K
        chances, j = np.convolve(chances, die), j * s
    places = np.arange(len(chances))
    return (chances @ places**2 - (chances @ places) ** 2) ** 0.5


ANSWERS = {
    "convolution.row-gradient": (row_by_definition, row_by_matrix),
    "convolution.kernel-gradient": (kernel_in_loops, kernel_by_convolution),
    "convolution.spread": (
        spread_in_lists,
        lambda G, s: np.kron(G, np.eye(1, s * s).reshape(s, s))[: 1 - s, : 1 - s],
    ),
    "convolution.work": (
        lambda B, C, O, K, OH, first: float(prod((3 - first, B, C, O, K, K, OH, OH))),
        lambda B, C, O, K, OH, first: sum(B * C * O * (K * OH) ** 2 for _ in range(3 - first)),
    ),
    "convolution.depthwise": (depthwise_by_groups, depthwise_in_loops),
    "convolution.grown": (
        lambda H, K, s, p, extra: len(range(0, (H - 1) * s + 1)) + K - 1 - 2 * p + extra,
        lambda H, K, s, p, extra: np.int64(s * H - s + K + extra - 2 * p),
    ),
    "convolution.pool-largest": (
        largest_in_loops,
        lambda x, K: ops.max_pool2d(x[None, None], kernel=K).data[0, 0],
    ),
    "convolution.pool-row": (pool_in_a_loop, pool_by_the_package),
    "convolution.pool-slope": (
        slope_by_a_step,
        lambda x, v: max(b for a, b in zip(x, v) if a == max(x)),
    ),
    "convolution.receptive-field": (field_by_counting, field_from_above),
    "convolution.receptive-view": (view_by_counting, view_by_field),
    "convolution.effective-width": (
        width_by_dice,
        lambda layers: np.linalg.norm(
            np.cumprod([1] + [s for _, s in layers[:-1]])
            * [((K * K - 1) / 12) ** 0.5 for K, _ in layers]
        ),
    ),
    "convolution.adjoint": (
        lambda f, h, x, y: float(np.sqrt((f(x) @ y - x @ h(y)) ** 2)),
        lambda f, h, x, y: np.array(
            abs(sum(a * b for a, b in zip(f(x), y)) - sum(a * b for a, b in zip(h(y), x)))
        ),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
