"""Right answers to the exercises of *Going deeper: residual networks* in other styles."""

import numpy as np
import pytest

from nnbook import Tensor, ops
from nnbook.models import ResNet
from nnbook.teaching import judge


def count_by_the_package(widths, blocks, C, V):
    rng = np.random.default_rng(0)
    return ResNet(rng=rng, channels=C, classes=V, widths=widths, blocks=blocks).count()


def count_in_one_sum(widths, blocks, C, V):
    before = (widths[0], *widths[:-1])
    total = widths[0] * (9 * C + 2) + V * (widths[-1] + 1)
    for i, w in zip(before, widths):
        total += w * (9 * i + 2) + (2 * blocks - 1) * w * (9 * w + 2) + (i != w) * w * (i + 2)
    return np.int64(total)


def idle_in_loops(mean, variance, eps):
    W = np.zeros((len(mean), len(mean), 3, 3), np.float32)
    for c in range(len(mean)):
        W[c, c, 1, 1] = 1
    return W, [float((v + eps) ** 0.5) for v in variance], list(mean)


def idle_by_an_outer_product(mean, variance, eps):
    centre = np.outer([0, 1, 0], [0, 1, 0])
    return np.eye(len(mean))[:, :, None, None] * centre, (eps + variance) ** 0.5, mean + 0


def block_on_the_tape(X, W1, W2, P):
    leaves = [Tensor(v, requires_grad=True) for v in (X, W1, W2, P)]
    x, w1, w2, p = leaves
    y = ops.relu(x @ p + ops.relu(x @ w1) @ w2)

    def pullback(G):
        for leaf in leaves:
            leaf.grad = None
        ops.relu(x @ p + ops.relu(x @ w1) @ w2).backward(G)
        return tuple(leaf.grad.copy() for leaf in leaves)

    return y.data, pullback


def block_row_by_row(X, W1, W2, P):
    A = np.where(X @ W1 > 0, X @ W1, 0.0)
    total = X @ P + A @ W2

    def pullback(G):
        dX, dW1 = np.zeros_like(X), np.zeros_like(W1)
        dW2, dP = np.zeros_like(W2), np.zeros_like(P)
        for n in range(len(X)):
            g = np.where(total[n] > 0, G[n], 0)
            dz = np.where(A[n] > 0, W2 @ g, 0)
            dX[n] = P @ g + W1 @ dz
            dW1, dW2 = dW1 + np.outer(X[n], dz), dW2 + np.outer(A[n], g)
            dP += np.outer(X[n], g)
        return dX, dW1, dW2, dP

    return np.where(total > 0, total, 0), pullback


def zeros_by_filling(x, O):
    B, C, H, W = x.shape
    y = np.zeros((B, O, (H + 1) // 2, (W + 1) // 2))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            y[:, :C, i, j] = x[:, :, 2 * i, 2 * j]

    def pullback(g):
        dx = np.zeros(x.shape)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                dx[:, :, 2 * i, 2 * j] = g[:, :C, i, j]
        return (dx,)

    return y, pullback


def zeros_by_a_convolution(x, O):
    kernel = np.zeros((O, x.shape[1], 1, 1))
    kernel[np.arange(x.shape[1]), np.arange(x.shape[1])] = 1
    y, back = ops.conv2d.rule(x, kernel, None, stride=2)
    return y, lambda g: (back(g)[0],)


def longest_by_coins(L, a2, share):
    p, shares = a2 / (1 + a2), np.ones(1)
    for _ in range(L):
        shares = np.convolve(shares, [1 - p, p])
    return np.searchsorted(np.cumsum(shares), share)


def longest_in_floats(L, a2, share):
    term, total, k = (1 + a2) ** -L, 0.0, 0
    while total + term < share:
        total += term
        term *= (L - k) / (k + 1) * a2
        k += 1
    return float(k)


def scale_by_bisection(L, growth):
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 + 2 * middle**2) ** L < growth else (low, middle)
    return low


def scale_by_logarithms(L, growth):
    return float(np.sqrt(np.expm1(np.log(growth) / L) / 2))


def pre_with_where(x, norm1, conv1, norm2, conv2):
    a = norm1(x)
    b = norm2(conv1(np.where(a > 0, a, 0)))
    return conv2(b * (b > 0)) + x


def pre_with_the_package(x, norm1, conv1, norm2, conv2):
    y = x
    for norm, conv in ((norm1, conv1), (norm2, conv2)):
        y = conv(ops.relu(norm(y)).data)
    return np.add(y, x)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("parameters", count_by_the_package),
        ("parameters", count_in_one_sum),
        ("idle", idle_in_loops),
        ("idle", idle_by_an_outer_product),
        ("projection", block_on_the_tape),
        ("projection", block_row_by_row),
        ("zeros", zeros_by_filling),
        ("zeros", zeros_by_a_convolution),
        ("quantile", longest_by_coins),
        ("quantile", longest_in_floats),
        ("scale", scale_by_bisection),
        ("scale", scale_by_logarithms),
        ("pre", pre_with_where),
        ("pre", pre_with_the_package),
    ],
)
def test_right_answers_in_other_styles_pass(name, answer):
    passed, message = judge(f"convolution.residual-{name}", answer)
    assert passed, message
