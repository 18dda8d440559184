"""Right answers computed in another way: the tour and the components."""

import math
from collections import Counter

import numpy as np
import pytest

from nnbook.teaching import judge


def rows(f):
    """Return a function of a matrix that is put together row by row."""
    return lambda X, *rest: np.array([f(x, *rest) for x in X])


def count_in_a_loop(sizes):
    total = 0
    for i in range(len(sizes) - 1):
        total += (sizes[i] + 1) * sizes[i + 1]
    return total


def collapse_by_probing(parameters):
    def run(x):
        for W, b in parameters:
            x = x @ W + b
        return x

    b = run(np.zeros(3))
    return np.array([run(row) - b for row in np.eye(3)]), b


def collapse_with_ones(parameters):
    M = np.eye(4)
    for W, b in parameters:
        M = M @ np.block([[W, np.zeros((3, 1))], [b, 1]])
    return M[:3, :3], M[3, :3]


def dead_in_loops(Z):
    B, H = Z.shape
    return sum(all(Z[n, h] <= 0 for n in range(B)) for h in range(H)) / H


def update_in_a_loop(w, b, x, t):
    if t * (sum(a * c for a, c in zip(w, x)) + b) > 0:
        return w, b
    return [a + t * c for a, c in zip(w, x)], b + t


def batch_in_a_loop(X, t, w, b):
    new_w, new_b = w.copy(), b
    for x, target in zip(X, t):
        if target * (x @ w + b) <= 0:
            new_w, new_b = new_w + target * x, new_b + target
    return new_w, new_b


def steepest_in_loops(gradient, length):
    size = math.sqrt(sum(v * v for row in gradient for v in row)) or 1.0
    return [[-length * v / size for v in row] for row in gradient]


def ridge_as_least_squares(X, t, penalty):
    D = X.shape[1]
    more = math.sqrt(len(X) * penalty) * np.eye(D)
    return np.linalg.lstsq(np.r_[X, more], np.r_[t, np.zeros(D)], rcond=None)[0]


def tries_by_trying(p, q):
    n, missed = 0, 1.0
    while missed > 1 - q:
        n, missed = n + 1, missed * (1 - p)
    return n


def steps_by_cumsum(way, lr, gamma):
    lengths = lr / (1 + gamma * np.arange(9999))
    return np.searchsorted(np.cumsum(lengths), way) + 1


def choose_in_a_loop(rates, validation, test):
    best = 0
    for i in range(len(rates)):
        if sum(validation[i]) > sum(validation[best]):
            best = i
    return rates[best], sum(test[best]) / len(test[best])


WAYS = {
    "components.border-distance": (
        rows(lambda x, w, b: (sum(x * w) + b) / math.hypot(*w)),
        lambda X, w, b: X @ (w / np.linalg.norm(w)) + b / np.linalg.norm(w),
    ),
    "components.stack-count": (
        count_in_a_loop,
        lambda sizes: int(np.dot(sizes[:-1], sizes[1:]) + np.sum(sizes[1:])),
    ),
    "components.stack-collapse": (collapse_by_probing, collapse_with_ones),
    "components.what-constant": (
        lambda t: Counter(t.tolist()).most_common(1)[0][1] / len(t),
        lambda t: max(np.mean(t == k) for k in set(t)),
    ),
    "components.what-accuracy": (
        lambda scores, t: sum(int(np.argmax(s)) == k for s, k in zip(scores, t)) / len(t),
        lambda scores, t: 1 - np.count_nonzero(scores.argmax(1) - t) / t.size,
    ),
    "components.dead-share": (dead_in_loops, lambda Z: 1 - np.mean(np.any(Z > 0, axis=0))),
    "components.perceptron-step": (
        update_in_a_loop,
        lambda w, b, x, t: (w + (s := t * (t * (w @ x + b) <= 0)) * x, b + s),
    ),
    "components.batch-perceptron": (
        batch_in_a_loop,
        lambda X, t, w, b: (w + (s := t * (t * (X @ w + b) <= 0)) @ X, b + s.sum()),
    ),
    "components.steepest-step": (
        steepest_in_loops,
        lambda gradient, length: -length * gradient / max(np.linalg.norm(gradient), 1e-300),
    ),
    "components.ridge": (
        ridge_as_least_squares,
        lambda X, t, penalty: X.T @ np.linalg.inv(X @ X.T + len(X) * penalty * np.eye(len(X))) @ t,
    ),
    "components.search-tries": (
        tries_by_trying,
        lambda p, q: int(np.ceil(np.log1p(-q) / np.log1p(-p))),
    ),
    "components.falling-way": (
        steps_by_cumsum,
        lambda way, lr, gamma: next(
            n for n in range(1, 9999) if sum(lr / (1 + gamma * t) for t in range(n)) >= way
        ),
    ),
    "components.fair-choice": (
        choose_in_a_loop,
        lambda rates, validation, test: max(
            (sum(v), r, sum(t) / len(t)) for r, v, t in zip(rates, validation, test)
        )[1:],
    ),
    "start.accuracy": (
        lambda scores, labels: sum(map(int, scores.argmax(1) == labels)) / len(labels),
        lambda scores, labels: np.mean([np.argsort(s)[-1] == k for s, k in zip(scores, labels)]),
    ),
    "start.slope-by-trying": (
        lambda f, x: (f(x + 1e-6) - f(x)) / 1e-6,
        lambda f, x: np.imag(f(x + 1e-30j)) / 1e-30,
    ),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
