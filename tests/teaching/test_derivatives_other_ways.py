"""Right answers computed in another way: slopes, the chain rule, the tape, steps and searches."""

import math
from functools import cache

import numpy as np
import pytest

from nnbook import ops
from nnbook.nn import Parameter
from nnbook.teaching import judge


def slope_by_the_tape(w, x):
    w = Parameter(np.array(w))
    ops.log(1 + ops.exp(-3 * x * w)).backward()
    return w.grad


def cheapest_by_table(sizes):
    n = len(sizes) - 1
    table = np.zeros((n, n))
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            table[i, j] = min(
                table[i, k] + table[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                for k in range(i, j)
            )
    return table[0, -1]


@cache
def cheapest_by_the_first(sizes):
    """Multiply two neighbours, which removes the size between them, and go on with the rest."""
    return min(
        (
            math.prod(sizes[i - 1 : i + 2]) + cheapest_by_the_first(sizes[:i] + sizes[i + 1 :])
            for i in range(1, len(sizes) - 1)
        ),
        default=0,
    )


def slope_by_all_slopes(f, x, v):
    total = 0.0
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape, complex)
        step[i] = 1e-60j
        total += f(x + step).imag / 1e-60 * v[i]
    return total


def slope_by_a_circle(f, x, v):
    """Cauchy's formula: the mean over a circle in the complex plane."""
    turns = np.exp(2j * np.pi * np.arange(32) / 32)
    return np.mean([f(x + 0.05 * u * v) / (0.05 * u) for u in turns]).real


def whole_hessian(gradient, w, v):
    H = np.zeros((w.size, w.size))
    for i, e in enumerate(np.eye(w.size).reshape(-1, *w.shape)):
        H[:, i] = np.ravel(gradient(w + 1e-5 * e) - gradient(w - 1e-5 * e)) / 2e-5
    return (H @ v.ravel()).reshape(w.shape)


def jacobian_by_columns(rule, x):
    return np.transpose([rule(x + 1e-30j * e)[0].imag / 1e-30 for e in np.eye(len(x))])


def jacobian_from_other_cotangents(rule, x):
    y, pullback = rule(x)
    G = np.eye(len(y)) + np.tri(len(y))
    return np.linalg.solve(G, [pullback(g)[0] for g in G])


def metric_in_loops(x, m, A):
    d, D = x - m, range(len(x))

    def pullback(g):
        dd = np.array([g * sum((A[i, j] + A[j, i]) * d[j] for j in D) for i in D])
        return dd, -dd, np.array([[g * d[i] * d[j] for j in D] for i in D])

    return sum(A[i, j] * d[i] * d[j] for i in D for j in D), pullback


def metric_by_halves(x, m, A):
    """Only the symmetric half of A counts in the value."""
    d, S = x - m, (A + A.T) / 2
    y = np.einsum("ij,j->i", S, d)
    return np.vdot(y, d), lambda g: (2 * g * y, -2 * g * y, g * d[:, None] * d)


def five_points(f, x):
    slopes, h = np.zeros(x.size), 1e-3
    for i, e in enumerate(np.eye(x.size).reshape(-1, *x.shape)):
        near, far = f(x + h * e) - f(x - h * e), f(x + 2 * h * e) - f(x - 2 * h * e)
        slopes[i] = (8 * near - far) / (12 * h)
    return slopes.reshape(x.shape)


def differences_in_place(f, x):
    slopes = []
    for i, value in enumerate(x.ravel().tolist()):
        x.flat[i] = value + 1e-5
        above = f(x)
        x.flat[i] = value - 1e-5
        slopes.append((above - f(x)) / 2e-5)
        x.flat[i] = value
    return np.reshape(slopes, x.shape)


def bend_through_five_points(f, x):
    places = 0.004 * np.arange(-2, 3)
    return 2 * np.polyfit(places, [f(x + p) for p in places], 4)[2]


def summed_entry_by_entry(g, shape):
    found = np.zeros(shape)
    for i in np.ndindex(g.shape):
        place = i[len(i) - len(shape) :]
        found[tuple(j if n > 1 else 0 for j, n in zip(place, shape))] += g[i]
    return found


def summed_at_once(g, shape):
    wide = (1,) * (g.ndim - len(shape)) + shape
    axes = tuple(i for i, n in enumerate(wide) if n == 1)
    return g.sum(axis=axes, keepdims=True).reshape(shape)


def order_by_depth_first(inputs, loss):
    done = []

    def visit(name):
        if name not in done:
            for x in inputs[name]:
                visit(x)
            done.append(name)

    visit(loss)
    return done[::-1]


def order_by_longest_path(inputs, loss):
    depth = {loss: 0}
    for _ in inputs:
        for name in list(depth):
            for x in inputs[name]:
                depth[x] = max(depth.get(x, 0), depth[name] + 1)
    return sorted(depth, key=depth.get)


def weights_of_the_past(beta, T):
    """How much the running mean after t steps holds of gradient s, as a matrix (T, T)."""
    age = np.subtract.outer(np.arange(T), np.arange(T))
    return np.where(age >= 0, (1 - beta) * beta ** np.abs(age), 0)


def adam_by_matrices(gradients, lr, beta1, beta2, eps):
    P, Q = (weights_of_the_past(beta, len(gradients)) for beta in (beta1, beta2))
    mean = P @ gradients / P.sum(axis=1, keepdims=True)
    size = np.sqrt(Q @ gradients**2 / Q.sum(axis=1, keepdims=True))
    return -lr * np.cumsum(mean / (size + eps), axis=0)


def amsgrad_by_matrices(gradients, lr, beta1, beta2, eps):
    P, Q = (weights_of_the_past(beta, len(gradients)) for beta in (beta1, beta2))
    peak = np.maximum.accumulate(Q @ gradients**2, axis=0)
    return -lr * np.cumsum(P @ gradients / (np.sqrt(peak) + eps), axis=0)


def path_in_loops(largest):
    def path(gradients, lr, beta1, beta2, eps):
        columns = []
        for column in gradients.T.tolist():
            theta, m, v, peak, walked = 0.0, 0.0, 0.0, 0.0, []
            for t, g in enumerate(column, 1):
                m += (1 - beta1) * (g - m)
                v += (1 - beta2) * (g * g - v)
                peak = max(peak, v)
                if largest:
                    theta -= lr * m / (math.sqrt(peak) + eps)
                else:
                    theta -= lr * m / (1 - beta1**t) / (math.sqrt(v / (1 - beta2**t)) + eps)
                walked.append(theta)
            columns.append(walked)
        return [list(row) for row in zip(*columns)]

    return path


def rate_by_singular_values(A):
    s = np.linalg.svd(A, compute_uv=False)
    rate = 2 / (s[0] + s[-1])
    return rate, np.linalg.norm(np.eye(len(A)) - rate * A, 2)


def rate_by_condition(A):
    kappa = np.linalg.cond(A)
    return 2 / np.linalg.norm(A, 2) / (1 + 1 / kappa), (kappa - 1) / (kappa + 1)


WAYS = {
    "components.chain-of-three": (
        slope_by_the_tape,
        lambda w, x: -1.5 * x * (1 - math.tanh(1.5 * w * x)),
    ),
    "components.cheapest-order": (cheapest_by_table, cheapest_by_the_first),
    "components.complex-direction": (slope_by_all_slopes, slope_by_a_circle),
    "components.hessian-vector": (
        whole_hessian,
        lambda gradient, w, v: gradient(w + 1e-30j * v).imag / 1e-30,
    ),
    "components.jacobian-by-rows": (jacobian_by_columns, jacobian_from_other_cotangents),
    "components.metric-distance": (metric_in_loops, metric_by_halves),
    "components.numerical-gradient": (five_points, differences_in_place),
    "components.richardson": (
        lambda f, x, h: (8 * (f(x + h / 2) - f(x - h / 2)) - f(x + h) + f(x - h)) / (6 * h),
        lambda f, x, h: np.polyfit(
            h / 2 * np.arange(-2, 3), [f(x + h / 2 * n) for n in range(-2, 3)], 4
        )[3],
    ),
    "components.second-difference": (
        bend_through_five_points,
        lambda f, x: ((f(x + 1e-4) - f(x)) / 1e-4 - (f(x) - f(x - 1e-4)) / 1e-4) / 1e-4,
    ),
    "components.sum-to-shape": (summed_entry_by_entry, summed_at_once),
    "components.topological-order": (order_by_depth_first, order_by_longest_path),
    "components.adam-path": (adam_by_matrices, path_in_loops(largest=False)),
    "components.amsgrad-path": (amsgrad_by_matrices, path_in_loops(largest=True)),
    "components.best-rate": (rate_by_singular_values, rate_by_condition),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
