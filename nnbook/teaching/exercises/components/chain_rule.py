"""Exercises of the chapter *Gradients and the chain rule* on pullbacks and their order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _mixing_rule(x: Array) -> tuple[Array, Callable]:
    M = np.sin(np.arange(1.0, 5 * x.size + 1).reshape(5, x.size))  # (5, I)
    y = np.tanh(M @ x)
    return y, lambda g: (M.T @ (g * (1 - y * y)),)


def _by_rows(rule: Callable, x: Array) -> Array:
    y, pullback = rule(x)
    return np.stack([pullback(e)[0] for e in np.eye(len(y))])


exercise(
    "components.jacobian-by-rows",
    asks="a function jacobian_by_rows(rule, x) that returns an array (O, I)",
    solution=_by_rows,
    inputs=lambda rng: (rng.standard_normal(3),),
    probe=lambda answer, x: answer(_mixing_rule, x),
    mistakes={
        "turned over: row o holds the slopes of output o": lambda rule, x: _by_rows(rule, x).T,
        "ones for a cotangent: the rows come out added together": lambda rule, x: rule(x)[1](
            np.ones(len(rule(x)[0]))
        )[0],
        "times the value: a row needs a cotangent with a single 1": lambda rule, x: (
            _by_rows(rule, x) * rule(x)[0][:, None]
        ),
        "as many cotangents as inputs: a cotangent has the length of the output": lambda rule, x: (
            np.stack([rule(x)[1](e)[0] for e in np.eye(len(x))])
        ),
    },
)


def _metric(x: Array, m: Array, A: Array, sign: float = -1, both: bool = True) -> tuple:
    d = x - m

    def pullback(g: float) -> tuple:
        dd = g * (A + A.T if both else 2 * A) @ d
        return dd, sign * dd, g * np.outer(d, d)

    return d @ A @ d, pullback


exercise(
    "components.metric-distance",
    asks="a function metric_distance(x, m, A) that returns the value and a pullback, "
    "which returns (dx, dm, dA)",
    solution=_metric,
    inputs=lambda rng: (
        rng.standard_normal(3),
        rng.standard_normal(3),
        rng.standard_normal((3, 3)),
        0.7,
    ),
    probe=there_and_back,
    mistakes={
        "only for symmetric matrices: in general 2A must be A + Aᵀ": lambda x, m, A: _metric(
            x, m, A, both=False
        ),
        "wrong sign for m: the difference falls as m grows": lambda x, m, A: _metric(
            x, m, A, sign=1
        ),
        "x instead of the difference: dA holds products of entries of x - m": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: (*_metric(x, m, A)[1](g)[:2], g * np.outer(x, x)),
        ),
        "cotangent forgotten: every gradient is multiplied by g": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: _metric(x, m, A)[1](1.0),
        ),
        "one use of x: x - m is on both sides of A": lambda x, m, A: (
            (x - m) @ A @ (x - m),
            lambda g: (g * A @ (x - m), -g * A @ (x - m), g * np.outer(x - m, x - m)),
        ),
        "dA is not a dot product: its entries are all products of two entries": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: (*_metric(x, m, A)[1](g)[:2], g * ((x - m) @ (x - m))),
        ),
        "dA entry by entry: take the outer product": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: (*_metric(x, m, A)[1](g)[:2], g * (x - m) ** 2),
        ),
    },
)


def _normalize(x: Array, back: Callable) -> tuple:
    r = np.sqrt(np.sum(x * x))
    return x / r, lambda g: (back(x / r, r, g),)


exercise(
    "components.normalize-pullback",
    asks="a function normalize(x) that returns x / |x| and a pullback, which returns (dx,)",
    solution=lambda x: _normalize(x, lambda y, r, g: (g - y * (g @ y)) / r),
    inputs=lambda rng: (rng.standard_normal(5), rng.standard_normal(5)),
    probe=there_and_back,
    mistakes={
        "the length held still: every entry of x changes the length too": lambda x: _normalize(
            x, lambda y, r, g: g / r
        ),
        "length forgotten: the answer is divided by |x|": lambda x: _normalize(
            x, lambda y, r, g: g - y * (g @ y)
        ),
        "entry by entry: the second term has the sum g·y, not the product": lambda x: _normalize(
            x, lambda y, r, g: (g - y * y * g) / r
        ),
        "x instead of y: what is projected on has the length 1": lambda x: _normalize(
            x, lambda y, r, g: (g - x * (g @ x)) / r
        ),
        "wrong sign: the part along x is subtracted": lambda x: _normalize(
            x, lambda y, r, g: (g + y * (g @ y)) / r
        ),
        "sum of g: the second term has g · y": lambda x: _normalize(
            x, lambda y, r, g: (g - y * g.sum()) / r
        ),
        "cotangent forgotten: this is the Jacobian, multiply it by g": lambda x: _normalize(
            x, lambda y, r, g: (np.eye(len(y)) - np.outer(y, y)) / r
        ),
        "divided by the square: |x| is the root of x · x": lambda x: (
            x / (x @ x),
            lambda g: (g / (x @ x),),
        ),
        "sum of the sizes: |x| is the root of the sum of squares": lambda x: (
            x / np.abs(x).sum(),
            lambda g: (g / np.abs(x).sum(),),
        ),
    },
)


def _cheapest(sizes: tuple, single: bool = True) -> int:
    if single and len(sizes) == 2:
        return 0
    return min(
        _cheapest(sizes[: k + 1]) + _cheapest(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1]
        for k in range(1, len(sizes) - 1)
    )


def _forward(sizes: tuple) -> int:
    return sum(sizes[0] * a * b for a, b in pairwise(sizes[1:]))


def _backward(sizes: tuple) -> int:
    return sum(sizes[-1] * a * b for a, b in pairwise(sizes[:-1]))


def _greedy(sizes: tuple) -> int:
    left, cost = list(sizes), 0
    while len(left) > 2:
        costs = [left[k - 1] * left[k] * left[k + 1] for k in range(1, len(left) - 1)]
        cost += min(costs)
        left.pop(1 + costs.index(min(costs)))
    return cost


exercise(
    "components.cheapest-order",
    asks="a function cheapest(sizes) that returns a whole number",
    solution=_cheapest,
    inputs=lambda rng: (tuple(int(n) for n in rng.permutation([1, 2, 9, 7, 11, 3])),),
    probe=lambda answer, sizes: [answer(s) for s in ((9, 1, 9, 1, 9), (5, 3), sizes)],
    mistakes={
        "the better of two: orders that start in the middle count too": lambda sizes: min(
            _forward(sizes), _backward(sizes)
        ),
        "forward only: all orders count": _forward,
        "backward only: all orders count": _backward,
        "an identity first: two matrices take one product, and one takes none": lambda sizes: min(
            sizes[0] * sum(a * b for a, b in pairwise(sizes)),
            sizes[-1] * sum(a * b for a, b in pairwise(sizes)),
        ),
        "the cheapest product first: that does not see what comes later": _greedy,
        "no case for one matrix: it takes no product, 0": lambda sizes: _cheapest(
            sizes, single=False
        ),
    },
)
