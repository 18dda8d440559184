"""Exercises of the chapter *Automatic differentiation* on rules for arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _sum_to(
    g: Array,
    shape: tuple,
    stretched: bool = True,
    mean: bool = False,
    front: int = 0,
    keepdims: bool = True,
) -> Array:
    reduce = np.mean if mean else np.sum
    while g.ndim > len(shape):
        g = reduce(g, axis=front)
    for axis, n in enumerate(shape):
        if n == 1 and stretched:
            g = reduce(g, axis=axis, keepdims=keepdims)
    return g


exercise(
    "components.sum-to-shape",
    asks="a function back_through_repeat(g, shape) that returns an array of that shape",
    solution=_sum_to,
    inputs=lambda rng: (rng.standard_normal((5, 3, 7)),),
    probe=lambda answer, g: [
        answer(g, shape) for shape in ((7,), (3, 1), (5, 3, 7), (1, 3, 1), ())
    ],
    mistakes={
        "mean instead of the sum: the uses of one entry add up": lambda g, shape: _sum_to(
            g, shape, mean=True
        ),
        "axes of length 1 forgotten: they were repeated too": lambda g, shape: _sum_to(
            g, shape, stretched=False
        ),
        "one of the uses: all of them count": lambda g, shape: g[
            tuple(
                0 if i < g.ndim - len(shape) else slice(shape[i - g.ndim + len(shape)])
                for i in range(g.ndim)
            )
        ],
        "axes lost: an axis of length 1 stays, with keepdims=True": lambda g, shape: _sum_to(
            g, shape, keepdims=False
        ),
        "wrong end: the axes that `shape` does not have are the first": lambda g, shape: _sum_to(
            g, shape, front=-1
        ),
        "reshaped: numbers have to be added, there are fewer of them after": lambda g, shape: (
            g.reshape(shape)
        ),
        "stretched: that is the way forward, on the way back sum": np.broadcast_to,
    },
)


def _softsign(x: Array, slope: Callable) -> tuple:
    return x / (1 + np.abs(x)), lambda g: (g * slope(1 + np.abs(x)),)


exercise(
    "components.softsign-rule",
    asks="a function softsign(x) that returns the value and a pullback, which returns (dx,)",
    solution=lambda x: _softsign(x, lambda d: 1 / (d * d)),
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=there_and_back,
    mistakes={
        "square forgotten: the quotient rule divides by the square": lambda x: _softsign(
            x, lambda d: 1 / d
        ),
        "sign of x: the slope is positive on both sides": lambda x: (
            x / (1 + np.abs(x)),
            lambda g: (g * np.sign(x) / (1 + np.abs(x)) ** 2,),
        ),
        "cotangent forgotten: the slope has to be multiplied by g": lambda x: (
            x / (1 + np.abs(x)),
            lambda g: (1 / (1 + np.abs(x)) ** 2,),
        ),
        "size forgotten: the denominator is (1 + |x|)²": lambda x: (
            x / (1 + np.abs(x)),
            lambda g: (g / (1 + x) ** 2,),
        ),
        "value without |x|: it is x / (1 + |x|)": lambda x: (
            x / (1 + x),
            lambda g: (g / (1 + x) ** 2,),
        ),
        "1 + x²: the square is that of the whole denominator": lambda x: (
            x / (1 + np.abs(x)),
            lambda g: (g / (1 + x * x),),
        ),
    },
)


def _bent_gradient(w: Array) -> Array:
    """Give the gradient of Σ sin w + (Σ w²)² / 4."""
    return np.cos(w) + w * np.sum(w * w)


def _curvature(gradient: Callable, w: Array, v: Array, h: float = 6e-6) -> Array:
    return (gradient(w + h * v) - gradient(w - h * v)) / (2 * h)


exercise(
    "components.hessian-vector",
    asks="a function curvature_along(gradient, w, v) that returns an array of the shape of w",
    solution=_curvature,
    inputs=lambda rng: (rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
    probe=lambda answer, w, v: answer(_bent_gradient, w, v),
    tolerance=1e-7,
    mistakes={
        "not divided by the step: a slope is a change divided by what changed": lambda f, w, v: (
            f(w + 6e-6 * v) - f(w - 6e-6 * v)
        ),
        "one number: the product with v is an array, its dot product with v one more step": (
            lambda f, w, v: np.sum(_curvature(f, w, v) * v)
        ),
        "direction forgotten: the step is along v": lambda f, w, v: _curvature(
            f, w, np.ones_like(v)
        ),
        "step of a second difference: only one of the two derivatives is a difference here": (
            lambda f, w, v: _curvature(f, w, v, h=1e-2)
        ),
        "the gradient times v: its change along v is asked for": lambda f, w, v: f(w) * v,
        "times v: the product of the Hessian and v needs no further factor": lambda f, w, v: (
            _curvature(f, w, v) * v
        ),
        "w and v exchanged: the step goes from w along v": lambda f, w, v: _curvature(f, v, w),
    },
)
