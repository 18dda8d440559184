"""Right answers to exercises of the dense part in other styles: lists, loops, other numbers."""

from math import comb, exp, lgamma, log, sqrt

import numpy as np
import pytest

from nnbook.teaching import judge


def folds_in_a_loop(n, k, rng):
    rows = list(range(n))
    rng.shuffle(rows)
    pairs, start = [], 0
    for i in range(k):
        stop = start + n // k + (i < n % k)
        pairs.append((rows[:start] + rows[stop:], rows[start:stop]))
        start = stop
    return pairs


def folds_by_mask(n, k, rng):
    number = rng.permutation(np.arange(n) % k)
    return tuple([np.flatnonzero(number != i), np.flatnonzero(number == i)] for i in range(k))


def missing_by_product(N, m, r):
    p = 1.0
    for i in range(m):
        p *= (N - r - i) / (N - i)
    return np.float32(p)


def missing_by_factorials(N, m, r):
    def choose(n):
        return lgamma(n + 1) - lgamma(m + 1) - lgamma(n - m + 1)

    return exp(choose(N - r) - choose(N))


def columns_by_corrcoef(x, t, train, count):
    strengths = [abs(np.corrcoef(column, t[train])[0, 1]) for column in x[train].T]
    return sorted(sorted(range(x.shape[1]), key=lambda d: -strengths[d])[:count])


def groups_in_lists(groups, share, rng):
    names = sorted(set(groups.tolist()))
    drawn = set(rng.choice(names, round(share * len(names)), replace=False).tolist())
    rows = range(len(groups))
    return [n for n in rows if groups[n] not in drawn], [n for n in rows if groups[n] in drawn]


def stop_with_infinity(losses, patience):
    lowest, best, waited = float("inf"), 0, 0
    for i, loss in enumerate(losses):
        if loss < lowest:
            lowest, best, waited = loss, i + 1, 0
        else:
            waited += 1
        if waited >= patience:
            return [best, i + 1]
    return [best, len(losses)]


def soft_in_a_loop(u, a):
    rows = [[max(abs(v) - a, 0.0) * (1 if v > 0 else -1) for v in row] for row in u]
    return np.array(rows, np.float32)


def lasso_in_a_loop(X, t, lam, rate, steps):
    w = [0.0] * X.shape[1]
    for _ in range(steps):
        off = [sum(a * b for a, b in zip(row, w)) - target for row, target in zip(X, t)]
        g = [sum(X[n][d] * off[n] for n in range(len(X))) / len(X) for d in range(len(w))]
        u = [b - rate * c for b, c in zip(w, g)]
        w = [v - min(max(v, -rate * lam), rate * lam) for v in u]
    return w


def drop_in_a_loop(x, mask, rate):
    def kept(values):
        rows = [
            [v / (1 - rate) if keep else 0 for v, keep in zip(*pair)] for pair in zip(values, mask)
        ]
        return np.array(rows, np.float32)

    return kept(x), lambda g: (kept(g),)


ANSWERS = {
    "dense.validation-folds": (folds_in_a_loop, folds_by_mask),
    "dense.validation-price": (
        lambda M, N: sqrt(log(M)) / sqrt(2 * N),
        lambda M, N: np.array([0.5 * np.log(M) / N]) ** 0.5 @ np.ones(1),
    ),
    "dense.validation-missing": (
        missing_by_product,
        missing_by_factorials,
        lambda N, m, r: comb(N - m, r) / comb(N, r),
    ),
    "dense.validation-columns": (columns_by_corrcoef,),
    "dense.validation-groups": (groups_in_lists,),
    "dense.validation-stop": (stop_with_infinity,),
    "dense.decay-threshold": (soft_in_a_loop, lambda u, a: u - np.clip(u, -a, a)),
    "dense.decay-prior": (
        lambda noise, size, N: (noise / size) ** 2 / N,
        lambda noise, size, N: np.float32(noise * noise / N / size / size),
    ),
    "dense.decay-effective": (
        lambda X, lam: np.trace(
            np.linalg.solve(X.T @ X / len(X) + lam * np.eye(X.shape[1]), X.T @ X / len(X))
        ),
        lambda X, lam: sum(
            s * s / (s * s + len(X) * lam) for s in np.linalg.svd(X, compute_uv=False)
        ),
    ),
    "dense.decay-lasso": (lasso_in_a_loop,),
    "dense.decay-half-life": (
        lambda lr, decay: -np.log(2) / np.log1p(-lr * decay),
        lambda lr, decay: np.emath.logn(1 - lr * decay, 0.5),
    ),
    "dense.decay-elastic": (
        lambda u, a, c: np.where(u > a, u - a, np.where(u < -a, u + a, 0)) / (1 + c),
        lambda u, a, c: soft_in_a_loop(u, a) / (1 + c),
    ),
    "dense.dropout-by-hand": ([5, 0, 0, 7.5], (5.0, -0.0, 0.0, np.float32(7.5))),
    "dense.dropout-rule": (
        drop_in_a_loop,
        lambda x, mask, rate: (
            np.where(mask, x / (1 - rate), 0),
            lambda g: (np.where(mask, g, 0) / (1 - rate),),
        ),
    ),
    "dense.dropout-noise": (
        lambda x, w, rate: np.linalg.norm(x * w) * sqrt(rate / (1 - rate)),
        lambda x, w, rate: sum(rate / (1 - rate) * (a * b) ** 2 for a, b in zip(x, w)) ** 0.5,
    ),
    "dense.dropout-ridge": (
        lambda X, t, rate: np.linalg.lstsq(
            np.r_[X, np.diag(np.sqrt(rate / (1 - rate) * (X**2).sum(axis=0)))],
            np.r_[t, np.zeros(X.shape[1])],
            rcond=None,
        )[0],
        lambda X, t, rate: (
            np.linalg.inv(X.T @ X + rate / (1 - rate) * np.diag(np.diag(X.T @ X))) @ X.T @ t
        ).tolist(),
    ),
    "dense.dropout-vote": (
        lambda p: [exp(v) / sum(map(exp, np.log(p).mean(axis=0))) for v in np.log(p).mean(axis=0)],
        lambda p: (lambda q: q / q.sum())(np.prod(p ** (1 / len(p)), axis=0)),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
