"""Right answers to the exercises of *LeNet, today* in other styles: lists, loops, other numbers."""

import numpy as np
import pytest

from nnbook.teaching import judge


def parameters_of_a_network(C, V):
    shapes = [(6, C, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, V)]
    outputs = [6, 16, 120, 84, V]
    return sum(int(np.prod(s)) for s in shapes) + sum(outputs)


def shift_in_a_loop(x, down, right):
    H, W = x.shape
    rows = []
    for i in range(H):
        row = []
        for j in range(W):
            a, b = i - down, j - right
            row.append(float(x[a, b]) if 0 <= a < H and 0 <= b < W else 0.0)
        rows.append(row)
    return rows


def shift_by_slices(x, down, right):
    y = np.zeros_like(x, np.float32)
    H, W = x.shape
    y[max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
        max(-down, 0) : H - max(down, 0), max(-right, 0) : W - max(right, 0)
    ]
    return y


def between_as_tents(x, r, c):
    """Every pixel has the weight of a tent around it."""
    rows = np.maximum(0, 1 - np.abs(np.arange(x.shape[0]) - r))
    columns = np.maximum(0, 1 - np.abs(np.arange(x.shape[1]) - c))
    return np.array(rows @ x @ columns)


def between_in_a_loop(x, r, c):
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total += max(0, 1 - abs(i - r)) * max(0, 1 - abs(j - c)) * x[i, j]
    return np.float32(total)


def matrix_by_inverse(s, phi):
    forward = s * np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
    return np.linalg.inv(forward).tolist()


def fit_by_stacking(X, tangents, t, variance):
    rows = np.vstack([X, np.sqrt(variance) * tangents])
    return np.linalg.lstsq(rows, np.concatenate([t, np.zeros(len(t))]), rcond=None)[0]


def fit_by_descent(X, tangents, t, variance):
    w = np.zeros(X.shape[1])
    A = X.T @ X + variance * tangents.T @ tangents
    for _ in range(4000):
        w = w - (A @ w - X.T @ t) / np.trace(A)
    return list(w)


def ask_one_by_one(probabilities, image):
    total = 0
    for down, right in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
        total = total + probabilities(shift_by_slices(image, down, right)[None])[0]
    return total / 5


def ask_in_another_order(probabilities, image):
    moves = [(0, -1), (0, 1), (0, 0), (-1, 0), (1, 0)]
    pictures = np.array([shift_in_a_loop(image, *m) for m in moves])
    return np.mean(probabilities(pictures), axis=0).tolist()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("parameters", parameters_of_a_network),
        ("parameters", lambda C, V: 150 * C + 6 + 2416 + 48120 + 10164 + 85 * V),
        ("shift", shift_in_a_loop),
        ("shift", shift_by_slices),
        ("between", between_as_tents),
        ("between", between_in_a_loop),
        ("matrix", matrix_by_inverse),
        ("matrix", lambda s, phi: [[np.cos(phi) / s, np.sin(phi) / s],
                                   [-np.sin(phi) / s, np.cos(phi) / s]]),
        ("tangent", fit_by_stacking),
        ("tangent", fit_by_descent),
        ("ask", ask_one_by_one),
        ("ask", ask_in_another_order),
    ],
)  # fmt: skip
def test_right_answers_in_other_styles_pass(name, answer):
    verdict = judge(f"convolution.lenet-today-{name}", answer)
    assert verdict.passed, verdict.message
