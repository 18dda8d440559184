"""Right answers to the exercises of the appendices on mathematics in other styles."""

import math
import statistics

import numpy as np
import pytest

from nnbook.teaching import judge


def split_by_unit_vector(x, u):
    e = u / np.linalg.norm(u)
    return [np.dot(x, e) * e, x - np.outer(e, e) @ x]


def scores_in_loops(X, s, Y):
    return [[sum(a * c * b for a, c, b in zip(x, s, y)) for y in Y] for x in X]


def definite_by_cholesky(A):
    try:
        np.linalg.cholesky((A + A.T) / 2)
    except np.linalg.LinAlgError:
        return False
    return True


def definite_by_minors(A):
    S = A + A.T
    return all(np.linalg.det(S[:n, :n]) > 0 for n in range(1, len(S) + 1))


def stretches_by_powers(A):
    def most(M):
        x = np.ones(len(M))
        for _ in range(5_000):
            x = M @ x
            x /= np.linalg.norm(x)
        return math.sqrt(x @ M @ x)

    return most(A.T @ A), 1 / most(np.linalg.inv(A.T @ A))


def remembered_in_a_loop(beta, k):
    return sum((1 - beta) * beta**j for j in range(k))


def bottom_by_inverse(L0, g, H):
    d = -np.linalg.inv(H) @ g
    return [d.tolist(), L0 + g @ d + 0.5 * d @ H @ d]


def weights_by_a_system(v):
    """All slopes equal, and the sum 1: n + 1 linear equations."""
    n = len(v)
    M = np.zeros((n + 1, n + 1))
    M[:n, :n], M[:n, n], M[n, :n] = np.diag(2 * v), -1, 1
    return np.linalg.solve(M, np.r_[np.zeros(n), 1])[:n]


def ill_by_odds(prior, hit, alarm):
    odds = prior / (1 - prior) * hit / alarm
    return odds / (1 + odds)


def report_by_the_library(x):
    s = statistics.stdev(x.tolist())
    return [statistics.fmean(x.tolist()), s, s / len(x) ** 0.5]


def deviation_by_matrix(a, b, r, n):
    c = np.array([1, -1])
    return np.sqrt(c @ np.array([[a * a, r * a * b], [r * a * b, b * b]]) @ c / n)


ANSWERS = {
    "appendix.algebra-split": (
        split_by_unit_vector,
        lambda x, u: (u * np.vdot(u, x) / np.vdot(u, u), x - u * np.vdot(u, x) / np.vdot(u, u)),
    ),
    "appendix.algebra-letters": (
        scores_in_loops,
        lambda X, s, Y: np.einsum("ni,i,mi->nm", X, s, Y),
        lambda X, s, Y: X @ np.diag(s) @ Y.T,
        lambda X, s, Y: (X[:, None] * s * Y).sum(axis=2),
    ),
    "appendix.algebra-definite": (definite_by_cholesky, definite_by_minors),
    "appendix.algebra-stretch": (
        stretches_by_powers,
        lambda A: (np.linalg.norm(A, 2), 1 / np.linalg.norm(np.linalg.inv(A), 2)),
        lambda A: np.linalg.svd(A)[1][[0, -1]],
    ),
    "appendix.calculus-remembered": (
        remembered_in_a_loop,
        lambda beta, k: -math.expm1(k * math.log(beta)),
    ),
    "appendix.calculus-bottom": (bottom_by_inverse,),
    "appendix.calculus-weights": (
        weights_by_a_system,
        lambda v: [1 / (x * sum(1 / y for y in v)) for x in v],
    ),
    "appendix.probability-positive": (ill_by_odds,),
    "appendix.probability-report": (
        report_by_the_library,
        lambda x: np.array([x.mean(), x.std(ddof=1), np.sqrt(x.var(ddof=1) / x.size)]),
    ),
    "appendix.probability-difference": (deviation_by_matrix,),
    "appendix.probability-waiting": (
        lambda x: len(x) / sum(x),
        lambda x: np.float32(x.size / x.sum()),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
