"""Answers to exercises of the tour and of the components that are easily judged wrongly."""

import numpy as np
import pytest

from nnbook import nn
from nnbook.teaching import judge


class InDouble(nn.Module):
    def __init__(self, features):
        self.b = nn.Parameter(np.zeros(features))

    def forward(self, x):
        return x + self.b


RIGHT = [
    ("start.shift-layer", InDouble),
    ("components.and-weights", (1, 1, -1)),  # a sum of 0 is not above zero
    ("components.xnor-network", ([[1, 1], [1, 1]], [-0.5, -1.5], [-1, 1], 1)),
    ("components.smoothed-floor", 0.5003),
    ("components.what-leak", "days to next visit"),
    ("components.what-leak", " Days_to_next_visit "),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_in_another_form_pass(name, answer):
    assert judge(name, answer) == (True, "")


def every_fourth(n, test, rng):
    away = 4 * np.arange(test)
    return np.setdiff1d(np.arange(n), away), away


def some_never(n, test, rng):
    order = rng.permutation(n // 2)
    return np.r_[order[test:], np.arange(n // 2, n)], order[:test]


def shuffled_first(n, test, rng):
    return np.arange(test, n), rng.permutation(test)


def relus(*shifted):
    """max(x1, x2) where the inputs are above -shift only."""
    return ([[1.0, -1.0], [0.0, 1.0]], [*shifted, 0.0], [[1.0], [1.0]], [-shifted[0]])


def central(h):
    def gradient(f, x):
        steps = h * np.eye(x.size).reshape(x.size, *x.shape)
        slopes = [(f(x + s) - f(x - s)) / (2 * h) for s in steps]
        return np.reshape(slopes, x.shape)

    return gradient


def second(h):
    return lambda f, x: (f(x + h) - 2 * f(x) + f(x - h)) / h**2


def clipped(least):
    def bce(z, t):
        p = np.clip(1 / (1 + np.exp(-z)), least, 1 - least)
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))

    return bce


def in_place(w, b, x, t):
    if t * (x @ w + b) <= 0:
        w += t * x
        b += t
    return w, b


def one_array(gradients, lr, beta1, beta2, eps):
    theta, m, v = np.zeros((3, gradients.shape[1]))
    path = []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        theta -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(theta)
    return np.array(path)


WRONG = [
    ("what-split", every_fourth, "every rng puts the same rows away"),
    ("what-split", some_never, "some rows are never put away"),
    ("what-split", shuffled_first, "the first rows shuffled"),
    ("stack-maximum", relus(3.0), "and should give"),
    ("stack-maximum", relus(100.0), "and should give"),
    ("stack-absolute", ([[1, -1, 0]], [0] * 3, [[1], [1], [0]], [0]), "two hidden neurons"),
    ("numerical-gradient", central(1e-3), "nearly right"),
    ("numerical-gradient", central(2e-3), "nearly right"),
    ("second-difference", second(3e-3), "too large a step"),
    ("second-difference", second(1e-2), "too large a step"),
    ("second-difference", second(1e-6), "too small a step"),
    ("bce-logits", clipped(1e-7), "clipped at 1e-07"),
    ("bce-logits", clipped(1e-12), "clipped at 1e-12"),
    ("perceptron-step", in_place, "changed in place"),
    ("adam-path", one_array, "the same array each time"),
    ("best-momentum", 1441.999, "not rounded"),
]


@pytest.mark.parametrize(("name", "answer", "told"), WRONG)
def test_wrong_answers_are_told_what_is_wrong(name, answer, told):
    verdict = judge(f"components.{name}", answer)
    assert not verdict.passed
    assert told in verdict.message


@pytest.mark.parametrize("h", [1e-6, 6e-6, 1e-5, 1e-4])
def test_every_good_step_of_a_central_difference_passes(h):
    assert judge("components.numerical-gradient", central(h)) == (True, "")


@pytest.mark.parametrize("h", [1e-4, 2e-4, 1e-3])
def test_every_good_step_of_a_second_difference_passes(h):
    assert judge("components.second-difference", second(h)) == (True, "")
