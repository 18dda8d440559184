"""Exercises on evaluating a model: right answers in other styles, and words for wrong ones."""

import math

import numpy as np
import pytest

from nnbook.teaching import judge


def measures_in_a_loop(M):
    V = len(M)
    precision, recall, f1 = [], [], 0.0
    for k in range(V):
        called, true = sum(M[i][k] for i in range(V)), sum(M[k])
        precision.append(M[k][k] / called)
        recall.append(np.float32(M[k][k] / true))
        f1 += 2 / (called / M[k][k] + true / M[k][k]) / V
    return [precision, recall, f1]


def area_in_a_loop(positives, negatives):
    total = 0
    for p in positives.tolist():
        for n in negatives.tolist():
            total += 2 * (p > n) + (p == n)
    return total / 2 / len(positives) / len(negatives)


def area_by_ranks(positives, negatives):
    both = np.append(positives, negatives)
    ranks = [np.sum(both < s) + (np.sum(both == s) + 1) / 2 for s in positives]
    n = len(positives)
    return np.float32((sum(ranks) - n * (n + 1) / 2) / n / len(negatives))


def wilson_by_roots(k, n, z):
    p = k / n
    return sorted(np.roots([1 + z**2 / n, -(2 * p + z**2 / n), p**2]).real.tolist())


def temperature_by_a_grid(Z, t):
    def loss(tau):
        z = Z / tau
        return np.mean(np.log(np.exp(z - z.max()).sum(axis=1)) + z.max() - z[range(len(t)), t])

    return min(np.geomspace(0.1, 10, 2500), key=loss)


def temperature_by_newton(Z, t):
    a = 0.3
    for _ in range(30):
        p = np.exp(a * (Z - Z.max(axis=1, keepdims=True)))
        p /= p.sum(axis=1, keepdims=True)
        mean = (p * Z).sum(axis=1)
        slope = np.mean(mean - Z[np.arange(len(t)), t])
        a -= slope / np.mean((p * Z**2).sum(axis=1) - mean**2)
    return 1 / a


def coin_by_chances(first, second):
    n = int((first != second).sum())
    k = np.arange(n + 1)
    chance = np.array([math.comb(n, i) for i in k.tolist()]) / 2.0**n
    seen = int((first & ~second).sum())
    return chance[np.abs(k - n / 2) >= abs(seen - n / 2)].sum()


ANSWERS = {
    "dense.evaluation-screening": (0.01 * 0.9 / (0.01 * 0.9 + 0.99 * 0.05), 2 / 13, 0.1538),
    "dense.evaluation-measures": (measures_in_a_loop,),
    "dense.evaluation-auc": (area_in_a_loop, area_by_ranks),
    "dense.evaluation-wilson": (
        wilson_by_roots,
        lambda k, n, z: np.array(
            [
                (2 * k + z * z + s * z * (z * z + 4 * k * (n - k) / n) ** 0.5) / 2 / (n + z * z)
                for s in (-1, 1)
            ]
        ),
    ),
    "dense.evaluation-temperature": (temperature_by_a_grid, temperature_by_newton),
    "dense.evaluation-coin": (coin_by_chances,),
    "dense.evaluation-rows": (
        lambda q, d, z: (q / d**2 - 1) * z * z,
        lambda q, d, z: np.float32((z / d) ** 2 * q - z**2),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("dense.evaluation-screening", "one in six", "number"),
        ("dense.evaluation-wilson", lambda k, n, z: k / n, "2 values"),
        ("dense.evaluation-coin", lambda first, second: second, "shape (150,)"),
        ("dense.evaluation-temperature", lambda Z, t: None, "not solved yet"),
    ],
)
def test_a_wrong_one_is_told_why(name, answer, told):
    passed, message = judge(name, answer)
    assert not passed
    assert told in message
