"""Right answers computed in another way: dense and recurrent networks, more of the components."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from nnbook.teaching import judge


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def fans_by_kind(shape):
    if len(shape) == 2:
        return shape
    outputs, inputs, height, width = shape
    return [inputs * height * width, outputs * height * width]


def fans_by_moving(shape):
    inputs, outputs, *field = shape if len(shape) == 2 else (shape[1], shape[0], *shape[2:])
    return np.array([inputs, outputs]) * math.prod(field)


def measured_row_by_row(W, f, rng):
    before, after = 0.0, 0.0
    for x in rng.standard_normal((1000, len(W))):
        before += np.mean(x * x)
        after += np.mean(f(x @ W) ** 2)
    return after / before


def known_in_loops(Z, T):
    losses = []
    for z, t in zip(Z.ravel(), T.ravel()):
        if not math.isnan(t):
            losses.append(max(z, 0) - z * t + math.log1p(math.exp(-abs(z))))
    return sum(losses) / len(losses)


def known_by_choosing(Z, T):
    some = np.isfinite(T)
    z, t = Z[some], T[some]
    return np.mean(np.logaddexp(0, z) - z * t)


def logistic_in_loops(X, t, w, b):
    dw, db = np.zeros_like(w), 0.0
    for x, target in zip(X, t):
        error = (sigmoid(x @ w + b) - target) / len(t)
        dw, db = dw + error * x, db + error
    return [dw, db]


def logistic_with_ones(X, t, w, b):
    joined = np.c_[X, np.ones(len(X))]
    both = joined.T @ (sigmoid(joined @ np.r_[w, b]) - t) / len(t)
    return both[:-1], both[-1]


def batches_in_a_loop(n, size, rng):
    order = rng.permutation(n).tolist()
    return [np.array(order[i : i + size]) for i in range(0, n, size)]


def batches_by_shuffling(n, size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.array_split(order, np.arange(size, n, size))


def means_by_name(kind, shape, groups):
    if kind == "batch":
        return shape[1]
    return shape[0] * (groups if kind == "group" else shape[1])


def means_by_shapes(kind, shape, groups):
    x = np.zeros(shape)
    if kind == "batch":
        return x.mean(axis=(0, 2, 3)).size
    parts = groups if kind == "group" else shape[1]
    return x.reshape(shape[0], parts, -1).mean(axis=2).size


def folded_in_loops(W, b, gamma, beta, mean, variance, eps):
    W2, b2 = W.copy(), b.copy()
    for o in range(len(b)):
        s = gamma[o] / math.sqrt(variance[o] + eps)
        W2[:, o] *= s
        b2[o] = s * (b[o] - mean[o]) + beta[o]
    return W2, b2


def folded_by_matrix(W, b, gamma, beta, mean, variance, eps):
    S = np.diag(gamma / np.sqrt(variance + eps))
    return W @ S, (b - mean) @ S + beta


def merged_one_by_one(parts):
    n, mean, square = 0, 0.0, 0.0
    for count, m, v in parts:
        gap = m - mean
        square = square + count * v + gap**2 * n * count / (n + count)
        mean, n = mean + gap * count / (n + count), n + count
    return mean, square / n


def merged_by_squares(parts):
    n = sum(count for count, _, _ in parts)
    mean = sum(count * m for count, m, _ in parts) / n
    return mean, sum(count * (v + m * m) for count, m, v in parts) / n - mean * mean


def unit_in_loops(X):
    lengths = [math.sqrt(sum(v * v for v in x)) for x in X]
    Y = np.array([x / size for x, size in zip(X, lengths)])
    projections = [np.eye(len(y)) - np.outer(y, y) for y in Y]
    return Y, lambda G: (np.array([P @ g / s for P, g, s in zip(projections, G, lengths)]),)


def standardized_in_a_loop(train, test):
    train, test = train.copy(), test.copy()
    for d in range(train.shape[1]):
        mean, deviation = train[:, d].mean(), train[:, d].std() or 1.0
        train[:, d] = (train[:, d] - mean) / deviation
        test[:, d] = (test[:, d] - mean) / deviation
    return [train, test]


def lstm_in_loops(x, h, c, W, U, b):
    H = h.shape[1]
    new_h, new_c = np.zeros_like(h), np.zeros_like(c)
    for n in range(len(x)):
        z = x[n] @ W + h[n] @ U + b
        for k in range(H):
            i, f, o = (sigmoid(z[k + part * H]) for part in (0, 1, 3))
            new_c[n, k] = f * c[n, k] + i * math.tanh(z[k + 2 * H])
            new_h[n, k] = o * math.tanh(new_c[n, k])
    return new_h, new_c


def lstm_by_splitting(x, h, c, W, U, b):
    i, f, g, o = np.split(np.c_[x, h] @ np.r_[W, U] + b, 4, axis=1)
    c = c * sigmoid(f) + np.tanh(g) * sigmoid(i)
    return [np.tanh(c) * sigmoid(o), c]


WAYS = {
    "dense.init-bound": (
        lambda fan_in: math.sqrt(3) * math.sqrt(2 / fan_in),
        lambda fan_in: (6 / fan_in) ** 0.5,
    ),
    "dense.init-fans": (fans_by_kind, fans_by_moving),
    "dense.init-leaky": (
        lambda fan_in, alpha: 1 / (fan_in * (0.5 + alpha * alpha / 2)),
        lambda fan_in, alpha: np.reciprocal((1 + alpha**2) / 2) / fan_in,
    ),
    "dense.init-measure": (measured_row_by_row,),
    "dense.known-labels": (known_in_loops, known_by_choosing),
    "dense.logistic-border": (
        lambda w, b, mean, std, c: (math.log(c) - math.log1p(-c) - b) * std / w + mean,
        lambda w, b, mean, std, c: mean - std * (b + np.log(1 / c - 1)) / w,
    ),
    "dense.logistic-gradients": (logistic_in_loops, logistic_with_ones),
    "dense.make-batches": (batches_in_a_loop, batches_by_shuffling),
    "dense.nearest-mean-layer": (
        lambda means: (np.transpose(means), [-m @ m / 2 for m in means]),
        lambda means: (2 * means.T, -np.einsum("vd,vd->v", means, means)),
    ),
    "dense.norm-count": (means_by_name, means_by_shapes),
    "dense.norm-fold": (folded_in_loops, folded_by_matrix),
    "dense.norm-merge": (merged_one_by_one, merged_by_squares),
    "dense.norm-unit": (unit_in_loops,),
    "dense.ordered-quantiles": (
        lambda Z: [[z[0] + sum(np.exp(z[1 : q + 1])) for q in range(len(z))] for z in Z],
        lambda Z: np.c_[Z[:, 0], np.exp(Z[:, 1:])] @ np.triu(np.ones((Z.shape[1],) * 2)),
    ),
    "dense.stable-rate": (
        lambda X: 2 * len(X) / np.linalg.svd(X, compute_uv=False)[0] ** 2,
        lambda X: 2 * len(X) / np.linalg.norm(X.T @ X, 2),
    ),
    "dense.standardize": (standardized_in_a_loop,),
    "dense.undo-pos-weight": (
        lambda p, P: [1 / (1 + P * (1 - v) / v) for v in p],
        lambda p, P: sigmoid(np.log(p / (1 - p)) - np.log(P)),
    ),
    "dense.ensemble-variance": (
        lambda means, variances: (variances + means**2).mean(0) - means.mean(0) ** 2,
        lambda means, variances: [np.mean(v) + np.var(m) for m, v in zip(means.T, variances.T)],
    ),
    "recurrent.lstm-count": (
        lambda D, H: sum(D * H + H * H + H for _ in "ifgo"),
        lambda D, H: 4 * (np.zeros((D + H, H)).size + H),
    ),
    "recurrent.lstm-from-torch": (
        lambda w_ih, w_hh, b_ih, b_hh: (
            [np.array(list(zip(*w))) for w in (w_ih, w_hh)] + [np.add(b_ih, b_hh)]
        ),
        lambda w_ih, w_hh, b_ih, b_hh: (
            np.einsum("zi->iz", w_ih),
            np.moveaxis(w_hh, 1, 0),
            np.sum([b_ih, b_hh], axis=0),
        ),
    ),
    "recurrent.lstm-half-life": (
        lambda n: -math.log(2 ** (1 / n) - 1),
        lambda n: -np.log(np.expm1(np.log(2) / n)),
    ),
    "recurrent.lstm-step": (lstm_in_loops, lstm_by_splitting),
    "components.kl-bits": (
        lambda q, p: sum(a * math.log2(a / b) for a, b in zip(q, p) if a),
        lambda q, p: np.sum(q * (np.log2(np.where(q > 0, q, 1)) - np.log2(p))),
    ),
    "components.search-length": (
        lambda chance, R, d: 2 * R * NormalDist().inv_cdf(1 - chance) / d**0.5,
        lambda chance, R, d: -NormalDist(0, 2 * R / math.sqrt(d)).inv_cdf(chance),
    ),
    "components.filter-normalize": (
        lambda D, W: np.array([d * math.hypot(*w) / math.hypot(*d) for d, w in zip(D.T, W.T)]).T,
        lambda D, W: D @ np.diag(np.sqrt((W * W).sum(0) / (D * D).sum(0))),
    ),
    "components.tape-division": (
        lambda a, b: (a * b**-1, (b**-1, -a * b**-2)),
        lambda a, b: [a / b, [1 / b, -(a / b) / b]],
    ),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
