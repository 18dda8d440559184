"""Right answers to the exercises on batch normalization in other styles: loops, lists, matrices."""

from math import sqrt

import numpy as np
import pytest

from nnbook.teaching import judge


def center_by_matrix(X):
    B = len(X)
    C = np.eye(B) - np.full((B, B), 1 / B)  # its own transpose
    return C @ X, lambda G: (C.T @ G,)


def center_in_loops(X):
    def centered(rows):
        means = [sum(column) / len(rows) for column in zip(*rows)]
        return [[x - m for x, m in zip(row, means)] for row in rows]

    return np.array(centered(X)), lambda G: (np.array(centered(G)),)


def growth_in_a_loop(f, slope, z):
    values, slopes = [float(f(x)) for x in z], [float(slope(x)) for x in z]
    mean = sum(values) / len(values)
    spread = sum((v - mean) ** 2 for v in values)
    return sqrt(sum(s * s for s in slopes) / spread)


def growth_by_moments(f, slope, z):
    a = np.asarray(f(z), dtype=np.float64)
    return np.float32(np.std(slope(z) + 0.0) ** 2 + np.mean(slope(z)) ** 2) ** 0.5 / np.sqrt(
        np.mean(a * a) - np.mean(a) ** 2
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("center", center_by_matrix),
        ("center", center_in_loops),
        ("growth", growth_in_a_loop),
        ("growth", growth_by_moments),
    ],
)
def test_another_style_passes(name, answer):
    assert judge(f"dense.norm-{name}", answer) == (True, "")


def test_a_growth_of_the_mean_slope_is_told_what_counts():
    verdict = judge(
        "dense.norm-growth", lambda f, slope, z: float(abs(np.mean(slope(z))) / np.std(f(z)))
    )
    assert verdict.message.startswith("the mean slope")
