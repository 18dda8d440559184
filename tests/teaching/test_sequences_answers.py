"""Right answers to the exercises on sequences in other styles: loops, matrices, the package."""

from collections import deque
from itertools import product

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge


def field_step_by_step(kernels, dilations):
    oldest = 0
    for K, d in zip(kernels, dilations):
        for _ in range(K - 1):
            oldest -= d
    return np.int64(1 - oldest)


def causal_in_loops(x, w, d):
    y = [0.0] * len(x)
    for t, u in product(range(len(x)), range(len(w))):
        s = t - (len(w) - 1 - u) * d
        if s >= 0:
            y[t] += x[s] * w[u]
    return y


def causal_by_the_package(x, w, d):
    y = ops.conv1d(x[None, None], w[None, None], None, dilation=d, padding=(len(w) - 1) * d)
    return y.data[0, 0, : len(x)]


def matrix(w, d, T):
    columns = [causal_in_loops(unit, w, d) for unit in np.eye(T)]
    return np.array(columns).T


def gradient_in_loops(g, w, d):
    dx = np.zeros(len(g))
    for t, u in product(range(len(g)), range(len(w))):
        s = t - (len(w) - 1 - u) * d
        if s >= 0:
            dx[s] += g[t] * w[u]
    return dx


def missed_by_polynomials(kernels, dilations):
    paths = np.ones(1)
    for K, d in zip(kernels, dilations):
        taps = np.zeros((K - 1) * d + 1)
        taps[::d] = 1
        paths = np.convolve(paths, taps)
    return np.flatnonzero(paths == 0)


def missed_by_trying(kernels, dilations):
    sums = {sum(u * d for u, d in zip(us, dilations)) for us in product(*map(range, kernels))}
    return tuple(o for o in range(max(sums)) if o not in sums)


def looks_ahead_one_by_one(f, T):
    rng = np.random.default_rng(4)
    x = rng.standard_normal(T)
    for s in range(1, T):
        other = x.copy()
        other[s] += 1.0
        if not np.allclose(f(x)[:s], f(other)[:s], 0, 1e-9):
            return True
    return False


def looks_ahead_by_slopes(f, T):
    x = np.random.default_rng(4).standard_normal(T)
    J = np.array([f(x + step) - f(x) for step in 0.1 * np.eye(T)]).T
    return np.any(np.abs(np.triu(J, 1)) > 1e-9)


def stream_with_a_deque(w, d):
    kept = deque([0.0] * ((len(w) - 1) * d + 1), maxlen=(len(w) - 1) * d + 1)

    def step(sample):
        kept.append(sample)
        return np.float64(np.dot(w, np.array(kept)[::d]))

    return step


class Stream:
    def __init__(self, w, d):
        self.w, self.d, self.all = w, d, []

    def __call__(self, sample):
        self.all.append(sample)
        return causal_in_loops(self.all, self.w, self.d)[-1]


ANSWERS = {
    "convolution.sequence-field": (
        field_step_by_step,
        lambda kernels, dilations: float(1 + np.dot(np.array(kernels) - 1, np.array(dilations))),
    ),
    "convolution.causal": (causal_in_loops, causal_by_the_package),
    "convolution.causal-gradient": (
        gradient_in_loops,
        lambda g, w, d: (matrix(w, d, len(g)).T @ g).tolist(),
    ),
    "convolution.missed": (missed_by_polynomials, missed_by_trying),
    "convolution.looks-ahead": (looks_ahead_one_by_one, looks_ahead_by_slopes),
    "convolution.stream": (stream_with_a_deque, Stream),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("convolution.missed", lambda kernels, dilations: 3, "sorted list"),
        ("convolution.looks-ahead", lambda f, T: "yes", "True or False"),
        ("convolution.stream", lambda w, d: 0.5, "return a function"),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_expected(name, answer, told):
    assert told in judge(name, answer).message
