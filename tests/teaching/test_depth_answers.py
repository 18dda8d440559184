"""Right answers to the exercises of *Depth and kernel size* in other styles."""

import math

import numpy as np
import pytest

from nnbook.teaching import judge
from nnbook.teaching.exercises.convolution import depth_kernels


def layers_in_a_loop(r, K):
    n, seen = 0, 1
    while seen < r:
        n, seen = n + 1, seen + K - 1
    return n


def weights_of_arrays(C, M, O):
    pair = np.zeros((M, C, 3, 3)).size + np.zeros((O, M, 3, 3)).size
    return [pair, np.zeros((O, C, 5, 5)).size]


def middle_by_search(C, O):
    M = 0
    while 9 * (M + 1) * (C + O) <= 25 * C * O:
        M += 1
    return np.int64(M)


def best_in_a_loop(runs, budget):
    name, least = None, math.inf
    for run in runs:
        error = sum(run["errors"]) / len(run["errors"])
        if run["ms"] * run["steps"] / 1000 <= budget and error < least:
            name, least = run["name"], error
    return name


def best_by_sorting(runs, budget):
    order = sorted(runs, key=lambda run: np.sum(run["errors"]))
    fit = [run["name"] for run in order if run["ms"] * run["steps"] <= 1e3 * budget]
    return (*fit, None)[0]


def compose_in_loops(a, b):
    k, j = len(a), len(b)
    K = [[0.0] * (k + j - 1) for _ in range(k + j - 1)]
    for u, v in np.ndindex(k, k):
        for p, q in np.ndindex(j, j):
            K[u + p][v + q] += a[u, v] * b[p, q]
    return K


def compose_by_transform(a, b):
    size = (len(a) + len(b) - 1,) * 2
    return np.fft.irfft2(np.fft.rfft2(a, size) * np.fft.rfft2(b, size), size)


def split_from_the_other_end(k):
    """The roots of the turned polynomial, its factors turned back."""
    left = list(np.roots(k))
    factors = []
    while left:
        z = left.pop(int(np.argmax(np.abs(np.imag(left)))))
        partner = int(np.argmin(np.abs(np.array(left) - np.conj(z))))
        factors.append(np.real(np.poly([z, left.pop(partner)])))
    return [list(np.sqrt(abs(k[0])) * np.sign(k[0]) * factors[0]),
            (np.sqrt(abs(k[0])) * factors[1]).astype(complex)]  # fmt: skip


def shifts_from_the_far_corner(K):
    """The blocks in another order, so that the overlap goes to others; and scaled."""
    A, B, rest = np.zeros((4, 1, 3, 3)), np.zeros((1, 4, 3, 3)), K.copy()
    for m, (u, v) in enumerate(((2, 2), (2, 0), (0, 2), (0, 0))):
        A[m, 0, u, v] = 2
        B[0, m] = rest[u : u + 3, v : v + 3] / 2
        rest[u : u + 3, v : v + 3] = 0
    return A.tolist(), B.astype(np.float32)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("layers", layers_in_a_loop),
        ("layers", lambda r, K: math.ceil((r - 1) / (K - 1))),
        ("weights", weights_of_arrays),
        ("weights", lambda C, M, O: np.array([9 * M * (C + O), 25.0 * C * O])),
        ("middle", middle_by_search),
        ("middle", lambda C, O: math.floor(25 * C * O / (9 * (C + O)))),
        ("best", best_in_a_loop),
        ("best", best_by_sorting),
        ("compose", compose_in_loops),
        ("compose", compose_by_transform),
        ("split", split_from_the_other_end),
        ("split", lambda k: tuple(x[::-1] for x in split_from_the_other_end(k[::-1]))),
        ("shifts", shifts_from_the_far_corner),
        ("shifts", lambda K: [k.astype(np.float64) for k in depth_kernels._shifts(K)]),
    ],
)  # fmt: skip
def test_right_answers_in_other_styles_pass(name, answer):
    verdict = judge(f"convolution.depth-{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("split", lambda k: np.roots(k), "two kernels are expected"),
        ("split", lambda k: (k[:2], k[2:]), "3 entries, yours have 2 and 3"),
        ("split", lambda k: (np.poly(np.roots(k)[:2]) + 1j, np.ones(3)), "real"),
        ("shifts", lambda K: (np.zeros((4, 3, 3)), np.zeros((4, 3, 3))), "got (4, 3, 3)"),
    ],
)
def test_an_answer_of_another_form_is_told_which_one_is_expected(name, answer, told):
    verdict = judge(f"convolution.depth-{name}", answer)
    assert not verdict.passed
    assert told in verdict.message


def test_kernels_that_a_reader_can_check_by_eye():
    a, b = np.array([[1.0, 2], [0, 0]]), np.array([[0.0, 3], [0, 1]])
    by_hand = [[0, 3, 6], [0, 1, 2], [0, 0, 0]]
    assert np.array_equal(depth_kernels._compose(a, b), by_hand)
    k = np.array([6.0, -5, -5, 5, -1])  # -(t - 1)(t - 2)(t - 3)(t + 1)
    a, b = depth_kernels._split(k)
    assert np.allclose(np.convolve(a, b), k)
