"""Right answers computed in another way: regression, classification and decisions from tables."""

import math
import statistics

import numpy as np
import pytest

from nnbook import ops
from nnbook.nn import Parameter
from nnbook.teaching import judge


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def widened_by_counting(low, high, target, share):
    outside = [max(a - t, t - b) for a, b, t in zip(low, high, target)]
    need = (len(outside) + 1) * share
    return min(v for v in outside if sum(w <= v for w in outside) >= need)


def widened_by_partition(low, high, target, share):
    beyond = abs(target - (low + high) / 2) - (high - low) / 2
    k = math.ceil((len(target) + 1) * share) - 1
    return np.partition(beyond, k)[k]


def lasso_by_gram(X, t, lam, rate, steps):
    G, c, w = X.T @ X / len(X), X.T @ t / len(X), np.zeros(X.shape[1])
    for _ in range(steps):
        u = w - rate * (G @ w - c)
        w = u * np.maximum(0, 1 - rate * lam / np.maximum(abs(u), 1e-300))
    return w


def descended(A, t, weights, penalty, steps=600):
    """Logistic regression by gradient descent with momentum; the last column has no penalty."""
    theta = v = np.zeros(A.shape[1])
    decay = penalty * np.r_[np.ones(A.shape[1] - 1), 0]
    for _ in range(steps):
        g = A.T @ (weights * (sigmoid(A @ theta) - t)) / weights.sum() + decay * theta
        v = 0.9 * v + g
        theta = theta - 0.1 * v
    return theta


def decided_by_weighing(X, t, X_new):
    """A missed tumour weighs 20 times as much in the loss, and the border is at one half."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    A, A_new = (np.c_[(x - mean) / std, np.ones(len(x))] for x in (X, X_new))
    return A_new @ descended(A, t, np.where(t == 1, 20, 1), 0.01) > 0


def tumours_by_descent(X, t):
    mean, std = X.mean(axis=0), X.std(axis=0)
    A = np.c_[(X - mean) / std, np.ones(len(X))]
    *w, b = descended(A, t, np.ones(len(t)), 0.01)
    return [a / s for a, s in zip(w, std)], b - sum(w * mean / std)


def tumours_by_least_squares(X, t):
    """Newton's step as a weighted least squares problem, with rows for the penalty."""
    mean, std = X.mean(axis=0), X.std(axis=0)
    A = np.c_[(X - mean) / std, np.ones(len(X))]
    more = math.sqrt(0.01 * len(t)) * np.eye(len(std), len(std) + 1)
    theta = np.zeros(len(std) + 1)
    for _ in range(8):
        p = sigmoid(A @ theta)
        root = np.sqrt(p * (1 - p))
        rows, wanted = root[:, None] * A, root * (A @ theta) + (t - p) / root
        theta = np.linalg.lstsq(np.r_[rows, more], np.r_[wanted, 0 * std], rcond=None)[0]
    return theta[:-1, None] / std[:, None], theta[-1] - theta[:-1] @ (mean / std)


def band_from_left_out_rows(X, t, X_new):
    """A line through every other row; the rest of the rows say how far off it is."""
    A, A_new = (np.c_[x - X.mean(axis=0), np.ones(len(x))] for x in (X, X_new))
    line = np.linalg.pinv(A[::2]) @ t[::2]
    off = np.quantile(t[1::2] - A[1::2] @ line, [0.1, 0.9])
    return A_new @ line + off[0], A_new @ line + off[1]


def band_from_neighbours(X, t, X_new):
    std, ends = X.std(axis=0), []
    for x in X_new:
        near = np.argsort((((X - x) / std) ** 2).sum(axis=1))[:40]
        ends.append(np.quantile(t[near], [0.1, 0.9]))
    return tuple(zip(*ends))


def newton_by_least_squares(A, t, theta):
    p = sigmoid(A @ theta)
    root = np.sqrt(p * (1 - p))
    return np.linalg.lstsq(root[:, None] * A, root * (A @ theta) + (t - p) / root, rcond=None)[0]


def newton_row_by_row(A, t, theta):
    g, H = np.zeros(len(theta)), np.zeros((len(theta),) * 2)
    for a, target in zip(A, t):
        p = 1 / (1 + math.exp(-sum(a * theta)))
        g += (p - target) * a
        H += p * (1 - p) * np.outer(a, a)
    return theta - np.linalg.inv(H) @ g


def gaussian_by_the_tape(Y, T):
    def loss(y):
        mean, s = (
            ops.sum(y * np.array([1.0, 0.0]), axis=1),
            ops.sum(y * np.array([0.0, 1.0]), axis=1),
        )
        return ops.mean((mean - T) * (mean - T) * ops.exp(-s) * 0.5 + s * 0.5)

    def pullback(g):
        leaf = Parameter(np.array(Y))
        (loss(leaf) * float(g)).backward()
        return (leaf.grad,)

    return loss(Parameter(np.array(Y))).data, pullback


def gaussian_in_loops(Y, T):
    total, slopes = 0.0, []
    for (mean, s), t in zip(Y.tolist(), T.tolist()):
        z = (t - mean) / math.exp(s / 2)
        total += (z * z + s) / 2
        slopes.append([-z / math.exp(s / 2), (1 - z * z) / 2])
    return total / len(T), lambda g: (np.array(slopes) * g / len(T),)


def folded_by_probing(W, b, mean, std):
    def f(x):
        return (x @ W + b) * std + mean

    bias = f(np.zeros(len(W)))
    return np.array([f(e) - bias for e in np.eye(len(W))]), bias


def folded_as_a_layer(W, b, mean, std):
    """Going back is one more layer, and the two are collapsed, with a row for the biases."""
    both = np.block([[W, 0 * W], [b, 1]]) @ [[std], [mean]]
    return both[:-1], both[-1]


def lowest_by_counts(p, t, c_fp, c_fn):
    places = np.unique(p, return_inverse=True)[1]
    ill, well = np.bincount(places, weights=t), np.bincount(places, weights=1 - t)
    missed, alarms = np.r_[0, np.cumsum(ill)], well.sum() - np.r_[0, np.cumsum(well)]
    return min(c_fn * missed + c_fp * alarms) / len(p)


def alarm_by_counts(p, t, day):
    rows = np.bincount(day)
    means = np.bincount(day, weights=t - p)[rows > 0] / rows[rows > 0]
    return statistics.fmean(means) * len(means) ** 0.5 / statistics.stdev(means.tolist())


def coin_by_convolution(first, second):
    chances = np.ones(1)
    for _ in range(np.count_nonzero(first != second)):
        chances = np.convolve(chances, [0.5, 0.5])
    seen = chances[np.count_nonzero(first > second)]
    return sum(chances[chances <= seen * (1 + 1e-9)])


def measures_by_shares(M):
    precision, recall = np.diag(M / M.sum(axis=0)), np.diag((M.T / M.sum(axis=1)).T)
    return (
        precision,
        recall,
        statistics.fmean(map(statistics.harmonic_mean, zip(precision, recall))),
    )


def labels_by_words(raw):
    if raw[:8] != b"\0\0\x08\x01" + (len(raw) - 8).to_bytes(4, "big"):
        raise ValueError("no whole file of labels")
    return np.array([*raw[8:]], np.int64)


def labels_by_numbers(raw):
    magic, n = np.frombuffer(raw, ">u4", 2).tolist()
    if (magic, n) != (2049, len(raw) - 8):
        raise ValueError(f"expected 2049 and {len(raw) - 8}, got {magic} and {n}")
    return np.frombuffer(raw, np.uint8)[8:] + np.int64(0)


def standardized_by_lengths(train, test):
    centred = train - train.mean(axis=0)
    size = np.linalg.norm(centred, axis=0) / math.sqrt(len(train))
    scale = np.diag(1 / np.where(size == 0, 1, size))
    return centred @ scale, (test - train.mean(axis=0)) @ scale


def columns_by_what_is_left(x, t, train, count):
    """The better a line through one column, the less is left of the target."""
    left = [np.polyfit(column, t[train], 1, full=True)[1][0] for column in x[train].T]
    return np.flatnonzero(np.argsort(np.argsort(left)) < count)


def groups_by_ranks(groups, share, rng):
    names, number = np.unique(groups, return_inverse=True)
    rank = rng.random(len(names)).argsort().argsort()
    away = (rank < round(share * len(names)))[number]
    rows = np.arange(len(groups))
    return rows[~away], rows[away]


def stop_by_running_minimum(losses, patience):
    lowest = np.minimum.accumulate(losses)
    epochs = np.arange(1, len(losses) + 1)
    best = np.maximum.accumulate(np.where(np.diff(lowest, prepend=np.inf) < 0, epochs, 0))
    over = np.flatnonzero(epochs - best >= patience)
    last = over[0] if len(over) else -1
    return best[last], epochs[last]


WAYS = {
    "dense.conformal": (widened_by_counting, widened_by_partition),
    "dense.decay-lasso": (lasso_by_gram,),
    "dense.decide-tumours": (decided_by_weighing,),
    "dense.diabetes-band": (band_from_left_out_rows, band_from_neighbours),
    "dense.evaluation-coin": (coin_by_convolution,),
    "dense.evaluation-measures": (measures_by_shares,),
    "dense.fold-target": (
        folded_by_probing,
        folded_as_a_layer,
    ),
    "dense.gaussian-noise": (gaussian_by_the_tape, gaussian_in_loops),
    "dense.logistic-newton": (newton_by_least_squares, newton_row_by_row),
    "dense.logistic-tumours": (tumours_by_descent, tumours_by_least_squares),
    "dense.lowest-bill": (lowest_by_counts,),
    "dense.outcome-alarm": (alarm_by_counts,),
    "dense.read-labels": (labels_by_words, labels_by_numbers),
    "dense.standardize": (standardized_by_lengths,),
    "dense.validation-columns": (columns_by_what_is_left,),
    "dense.validation-groups": (groups_by_ranks,),
    "dense.validation-stop": (stop_by_running_minimum,),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
