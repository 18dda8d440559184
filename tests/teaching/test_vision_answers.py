"""Right answers to the exercises on vision transformers in other styles: loops, the package."""

import math

import numpy as np
import pytest

from nnbook import ops
from nnbook.models.vit import patches
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def cut_in_loops(images, P):
    B, C, H, W = images.shape
    found = np.zeros((B, (H // P) * (W // P), C * P * P))
    for n in range(found.shape[1]):
        i, j = divmod(n, W // P)
        square = images[:, :, i * P : i * P + P, j * P : j * P + P]
        found[:, n] = square.reshape(B, -1)
    return found


def kernel_in_loops(E, C):
    P, D = math.isqrt(len(E) // C), E.shape[1]
    W = np.zeros((D, C, P, P))
    for o, c, u, v in np.ndindex(D, C, P, P):
        W[o, c, u, v] = E[(c * P + u) * P + v, o]
    return W


def cost_by_layers(H, P, C, K, D, M):
    T = (H // P) ** 2 + 1
    embedding, places, head = C * P * P * D + D, T * D, D * K + K
    block = 4 * D * D + 4 * D + 8 * D * D + 5 * D + 4 * D
    return [float(embedding + D + places + M * block + 2 * D + head), T * T]


def back_by_the_tape(images, E, g, P):
    x, W, b = (Tensor(a, requires_grad=True) for a in (images, E, np.zeros(E.shape[1])))
    (patches(x, size=P) @ W + b).backward(g)
    return x.grad, W.grad, b.grad


def back_by_convolution(images, E, g, P):
    B, C, H, W = images.shape
    kernel = kernel_in_loops(E, C)
    _, pullback = ops.conv2d.rule(images, kernel, np.zeros(len(kernel)), stride=P)
    dx, dW, db = pullback(g.swapaxes(1, 2).reshape(B, -1, H // P, W // P))
    return [dx, dW.reshape(len(dW), -1).T, db]


def distance_in_loops(p, P):
    N = len(p) - 1
    side, total = math.isqrt(N), 0.0
    for t in range(N):
        weight = sum(p[1 + t, 1:])
        for s in range(N):
            far = math.dist(divmod(t, side), divmod(s, side))
            total += P * far * p[1 + t, 1 + s] / weight / N
    return total


def shares_from_above(maps):
    """Follow the class token's row down through the blocks."""
    row = np.eye(maps.shape[-1])[0]
    for block in maps[::-1]:
        row = 0.5 * row + 0.5 * row @ block.mean(axis=0)
    return list(row[1:] / (1 - row[0]))


ANSWERS = {
    "attention.vision-cut": (cut_in_loops, lambda images, P: patches(images, size=P).data),
    "attention.vision-kernel": (
        kernel_in_loops,
        lambda E, C: np.stack([column.reshape(C, 4, 4) for column in E.T]),
    ),
    "attention.vision-count": (cost_by_layers,),
    "attention.vision-back": (back_by_the_tape, back_by_convolution),
    "attention.vision-distance": (distance_in_loops,),
    "attention.vision-rollout": (shares_from_above,),
    "attention.vision-shuffles": (
        math.log10(math.factorial(16)) + math.log10(math.factorial(192)),
        np.float32(sum(np.log10(np.arange(1, n + 1)).sum() for n in (16, 192))),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
