"""Right answers to the exercises of *What a network sees* in other styles."""

import numpy as np
import pytest

from nnbook.teaching import judge


def drop_by_difference(w, x, top, left, size, fill):
    covered = x.copy()
    covered[top : top + size, left : left + size] = fill
    return float((w * x).sum() - (w * covered).sum())


def drop_in_a_loop(w, x, top, left, size, fill):
    fall = 0.0
    for i in range(top, top + size):
        for j in range(left, left + size):
            fall += w[i, j] * (x[i, j] - fill)
    return fall


def saliency_by_rows(x, W1, b1, W2, k):
    return [(W1 * (row @ W1 + b1 > 0)) @ W2[:, k] for row in x]


def saliency_by_pullbacks(x, W1, b1, W2, k):
    hidden = np.maximum(x @ W1 + b1, 0)
    g = np.tile(np.eye(W2.shape[1])[k], (len(x), 1))
    return ((g @ W2.T) * (hidden > 0)) @ W1.T


def cam_in_a_loop(A, G):
    total = sum(g.mean() * a for a, g in zip(A, G))
    return np.where(total > 0, total, 0)


def cam_in_single_precision(A, G):
    alpha = G.reshape(len(G), -1).mean(axis=1).astype(np.float32)
    return ((alpha[:, None, None] * A).sum(axis=0)).clip(0)


def pointing_at_once(maps, boxes):
    i, j = np.divmod(maps.reshape(len(maps), -1).argmax(axis=1), maps.shape[2])
    top, left, bottom, last = boxes.T
    return np.mean((i >= top) & (i < bottom) & (j >= left) & (j < last))


def pointing_by_cutting(maps, boxes):
    inside = [m[t:b, left:r].max() for m, (t, left, b, r) in zip(maps, boxes)]
    return sum(float(a == m.max()) for a, m in zip(inside, maps)) / len(maps)


def step_by_cases(x, g, eps):
    moved = np.where(g > 0, x + eps, np.where(g < 0, x - eps, x))
    return np.minimum(np.maximum(moved, 0), 1)


def step_pixel_by_pixel(x, g, eps):
    pairs = zip(x.ravel().tolist(), np.sign(g).ravel().tolist())
    return np.reshape([min(1, max(0, a + eps * s)) for a, s in pairs], x.shape)


def smallest_at_once(x, t, W, b):
    z, rivals = x @ W + b, np.arange(W.shape[1]) != t
    lengths = np.abs(W[:, [t]] - W)[:, rivals].sum(axis=0)
    return np.maximum(0, np.min((z[t] - z[rivals]) / lengths))


def smallest_with_infinity(x, t, W, b):
    best = float("inf")
    for k in range(len(b)):
        if k != t:
            w = W[:, t] - W[:, k]
            best = min(best, (w @ x + b[t] - b[k]) / np.sum(np.abs(w)))
    return best if best > 0 else 0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("drop", drop_by_difference),
        ("drop", drop_in_a_loop),
        ("saliency", saliency_by_rows),
        ("saliency", saliency_by_pullbacks),
        ("grad-cam", cam_in_a_loop),
        ("grad-cam", cam_in_single_precision),
        ("pointing", pointing_at_once),
        ("pointing", pointing_by_cutting),
        ("step", step_by_cases),
        ("step", step_pixel_by_pixel),
        ("smallest", smallest_at_once),
        ("smallest", smallest_with_infinity),
    ],
)
def test_right_answers_in_other_styles_pass(name, answer):
    passed, message = judge(f"convolution.seeing-{name}", answer)
    assert passed, message
