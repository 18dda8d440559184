"""Right answers computed in another way: searches, first networks, the appendices."""

import math
from functools import reduce

import numpy as np
import pytest

from nnbook import nn, ops
from nnbook.teaching import judge


class ShiftByALayer(nn.Module):
    """A layer whose weights are fixed to the identity, so that only its bias is left."""

    def __init__(self, features):
        self.bias = nn.Parameter(np.zeros(features, np.float32))

    def forward(self, x):
        return ops.linear(x, np.eye(len(self.bias.data), dtype=np.float32), self.bias)


def climb_by_recursion(f, theta, nudges):
    if len(nudges) == 0:
        return theta, f(theta)
    other = theta + nudges[0]
    return climb_by_recursion(f, other if f(other) < f(theta) else theta, nudges[1:])


def climb_by_reduction(f, theta, nudges):
    best = reduce(lambda old, nudge: min((old, old + nudge), key=f), nudges, theta)
    return [best, f(best)]


def slopes_of_both_sides(f, theta, eps):
    """The mean of the slope ahead and the slope behind."""
    slopes, here = [], f(theta)
    for i in range(len(theta)):
        moved = theta.copy()
        moved[i] += eps
        ahead = (f(moved) - here) / eps
        moved[i] -= 2 * eps
        slopes.append((ahead + (here - f(moved)) / eps) / 2)
    return slopes


def slopes_of_a_parabola(f, theta, eps):
    """The slope in the middle of a parabola through three points."""
    lines = [[f(theta + n * eps * e) for n in (-1, 0, 1)] for e in np.eye(len(theta))]
    return np.polyfit([-eps, 0, eps], np.transpose(lines), 2)[1]


def look_ahead_by_velocity(gradient, theta, steps, lr, mu):
    u = 0 * theta
    for _ in range(steps):
        u = mu * u - lr * gradient(theta + mu * u)
        theta = theta + u
    return theta


def look_ahead_by_places(gradient, theta, steps, lr, mu):
    ahead = theta
    for _ in range(steps):
        theta, before = ahead - lr * gradient(ahead), theta
        ahead = theta + mu * (theta - before)
    return theta


def hat_in_a_loop(x, a, m, c):
    return [max(0.0, (v - a) / (m - a) if v < m else (c - v) / (c - m)) for v in x]


def split_by_sorting(n, test, rng):
    order = rng.random(n).argsort()
    return order[test:], order[:test]


def split_by_choosing(n, test, rng):
    away = rng.choice(n, test, replace=False).tolist()
    return [row for row in range(n) if row not in away], away


def turned_in_loops(images):
    found = []
    for image in images:
        H, W = image.shape
        pairs = ((h, w) for h in range(H) for w in range(W))
        found.append(sum(abs(image[h, w] - image[-1 - h, -1 - w]) for h, w in pairs) / (H * W))
    return found


def bottom_by_eigenvectors(L0, g, H):
    values, V = np.linalg.eigh(H)
    slopes = V.T @ g
    return -V @ (slopes / values), L0 - sum(slopes**2 / values) / 2


def ill_by_a_table(prior, hit, alarm):
    table = np.array([[hit, 1 - hit], [alarm, 1 - alarm]]) * [[prior], [1 - prior]]
    return table[0, 0] / table[:, 0].sum()


def deviation_by_an_angle(a, b, r, n):
    """Deviations are lengths, and the correlation is the cosine of the angle between them."""
    return abs(a - b * complex(r, math.sqrt(1 - r * r))) / n**0.5


WAYS = {
    "start.shift-layer": (ShiftByALayer,),
    "components.absorb-bias": (
        lambda X, W, b: (np.c_[np.ones(len(X)), X], np.vstack([b, W])),
        lambda X, W, b: (
            [[*map(float, x), 2.0] for x in X],
            [*W.tolist(), (b / 2).tolist()],
        ),
    ),
    "components.nesterov-original": (look_ahead_by_velocity, look_ahead_by_places),
    "components.search-climb": (climb_by_recursion, climb_by_reduction),
    "components.search-one-fifth": (
        lambda size, helped, a: math.exp(
            math.log(size) + (helped - (1 - helped) / 4) * math.log(a)
        ),
        lambda size, helped, a: size * a if helped else size / math.sqrt(math.sqrt(a)),
    ),
    "components.search-two-sided": (slopes_of_both_sides, slopes_of_a_parabola),
    "components.stack-hat": (hat_in_a_loop, lambda x, a, m, c: np.interp(x, [a, m, c], [0, 1, 0])),
    "components.what-split": (split_by_sorting, split_by_choosing),
    "components.what-upside-down": (
        turned_in_loops,
        lambda images: np.mean(abs(images - np.rot90(images, 2, axes=(1, 2))), axis=(1, 2)),
    ),
    "appendix.calculus-bottom": (bottom_by_eigenvectors,),
    "appendix.probability-positive": (ill_by_a_table,),
    "appendix.probability-difference": (deviation_by_an_angle,),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
