"""Exercises of the chapter *Gradients and the chain rule*."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array

exercise(
    "components.gradient-on-paper",
    asks="an array of three numbers: the two entries of the gradient and the slope along v",
    solution=np.array([0.0, 5.0, -4.0]),
    mistakes={
        "exponential forgotten: at w₂ = 0 its slope is 1": np.array([0.0, 4.0, -3.2]),
        "wrong sign of the slope: it is the dot product with v, and v leads down": np.array(
            [0.0, 5.0, 4.0]
        ),
        "the largest slope: the last number is the one along v": np.array([0.0, 5.0, 5.0]),
    },
)


def _step(gradient: Array, length: float, sign: float = -1) -> Array:
    size = np.sqrt(np.sum(gradient * gradient))
    return sign * gradient * (length / size if size > 0 else 0.0)


def _two_steps(step: Callable, gradient: Array, length: float) -> tuple | None:
    first = step(gradient, length)
    if first is None:
        return None
    with np.errstate(all="ignore"):
        return first, step(np.zeros((2, 3)), length)


exercise(
    "components.steepest-step",
    asks="a function step(gradient, length) that returns an array of the gradient's shape",
    solution=_step,
    inputs=lambda rng: (rng.standard_normal((5, 3)), 0.7),
    probe=_two_steps,
    mistakes={
        "uphill: the loss falls against the gradient": lambda g, length: _step(g, length, sign=1),
        "not brought to length: divide by the length of the gradient": lambda g, length: (
            -g * length
        ),
        "zero gradient: 0/0 is NaN, and there the step should be zero": lambda g, length: (
            -g * length / np.sqrt(np.sum(g * g))
        ),
        "one length a column: the length of an array is that of all its entries": lambda g, length: (
            -length * g / np.maximum(np.sqrt(np.sum(g * g, axis=0)), 1e-300)
        ),
    },
)


def _ridge(X: Array, t: Array, penalty: float) -> Array:
    return np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ t)


exercise(
    "components.ridge",
    asks="a function ridge(X, t, penalty) that returns the weights of the minimum, (D,)",
    solution=lambda X, t, penalty: _ridge(X, t, len(X) * penalty),
    inputs=lambda rng: (rng.standard_normal((9, 3)), rng.standard_normal(9), 0.3),
    mistakes={
        "N forgotten: the error is a mean, the penalty is not": _ridge,
        "penalty forgotten: these are the weights of plain least squares": lambda X, t, p: _ridge(
            X, t, 0.0
        ),
        "factor two on one side: both terms are squares, so the twos cancel": lambda X, t, p: (
            _ridge(X, t, 2 * len(X) * p)
        ),
        "wrong sign: the penalty is added to XᵀX": lambda X, t, p: _ridge(X, t, -len(X) * p),
    },
)


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
        "x in place of the difference: dA holds products of entries of x - m": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: (*_metric(x, m, A)[1](g)[:2], g * np.outer(x, x)),
        ),
        "cotangent forgotten: every gradient is multiplied by g": lambda x, m, A: (
            _metric(x, m, A)[0],
            lambda g: _metric(x, m, A)[1](1.0),
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
    },
)


def _cheapest(sizes: tuple) -> int:
    if len(sizes) == 2:
        return 0
    return min(
        _cheapest(sizes[: k + 1]) + _cheapest(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1]
        for k in range(1, len(sizes) - 1)
    )


def _forward(sizes: tuple) -> int:
    return sum(sizes[0] * a * b for a, b in pairwise(sizes[1:]))


def _backward(sizes: tuple) -> int:
    return sum(sizes[-1] * a * b for a, b in pairwise(sizes[:-1]))


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
    },
)
