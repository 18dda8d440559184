"""Exercises of the chapter *Automatic differentiation*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array

exercise(
    "components.tape-by-hand",
    asks="an array of five numbers: the cotangents of v₃, v₂, v₁, x and y",
    solution=np.array([1.0, 2.0, 12.0, 16.0, 12.0]),
    mistakes={
        "one use of v₁ forgotten: both v₂ and v₃ used it, and their shares add": np.array(
            [1.0, 2.0, 6.0, 10.0, 6.0]
        ),
        "one use of x forgotten: both v₁ and v₂ used it": np.array([1.0, 2.0, 12.0, 12.0, 12.0]),
        "too early: v₁ handed back before v₂ had reported to it": np.array(
            [1.0, 2.0, 12.0, 10.0, 6.0]
        ),
        "the values: a cotangent is a slope of the loss": np.array([12.0, 6.0, 2.0, 3.0, -1.0]),
    },
)

exercise(
    "components.tape-division",
    asks="a function divide(a, b) that returns (value, (slope for a, slope for b))",
    solution=lambda a, b: (a / b, (1 / b, -a / b**2)),
    inputs=lambda rng: (float(rng.normal()), float(rng.uniform(0.5, 2))),
    mistakes={
        "wrong sign: the quotient falls as b grows": lambda a, b: (a / b, (1 / b, a / b**2)),
        "slopes of a product: they do not hold for a quotient": lambda a, b: (a / b, (b, a)),
        "square forgotten: the slope for b has b²": lambda a, b: (a / b, (1 / b, -a / b)),
    },
)


def _dual_divide(u: tuple, v: tuple, sign: float = -1, power: int = 2) -> tuple:
    (a, b), (c, d) = u, v
    return a / c, (b * c + sign * a * d) / c**power


exercise(
    "components.dual-division",
    asks="a function dual_divide(u, v) of two pairs (value, slope) that returns such a pair",
    solution=_dual_divide,
    inputs=lambda rng: (
        (float(rng.normal()), float(rng.normal())),
        (float(rng.uniform(0.5, 2)), float(rng.normal())),
    ),
    mistakes={
        "wrong sign: a growing denominator makes the quotient fall": lambda u, v: _dual_divide(
            u, v, sign=1
        ),
        "square forgotten: the denominator is c²": lambda u, v: _dual_divide(u, v, power=1),
        "slopes divided: a quotient's slope is not the quotient of the slopes": lambda u, v: (
            u[0] / v[0],
            u[1] / v[1],
        ),
    },
)


def _graph(rng: np.random.Generator) -> dict[str, list[str]]:
    """Draw a graph in which many names are used several times, with shuffled keys."""
    names = [f"v{i}" for i in range(12)]
    inputs: dict[str, list[str]] = {"v0": [], "v1": []}
    for i in range(2, 12):
        inputs[names[i]] = [names[i - 1], names[int(rng.integers(0, i))]]
    inputs["unused"] = ["v3"]
    keys = [str(k) for k in rng.permutation(list(inputs))]
    return {k: inputs[k] for k in keys}


def _order(inputs: dict[str, list[str]], loss: str) -> list[str]:
    waiting, stack = {loss: 0}, [loss]
    while stack:
        for x in inputs[stack.pop()]:
            if x not in waiting:
                waiting[x] = 0
                stack.append(x)
            waiting[x] += 1
    order, ready = [], [loss]
    while ready:
        name = ready.pop()
        order.append(name)
        for x in inputs[name]:
            waiting[x] -= 1
            if waiting[x] == 0:
                ready.append(x)
    return order


def _is_backward_order(order: list[str], inputs: dict[str, list[str]], loss: str) -> str | None:
    needed = set(_order(inputs, loss))
    if not needed.issuperset(order):
        return f"{min(set(order) - needed)!r} has no place here: the loss does not depend on it"
    if len(order) != len(needed):
        lost = sorted(needed.difference(order))
        return f"{lost[0]} is missing" if lost else "some name comes more than once"
    place = {name: i for i, name in enumerate(order)}
    for name in order:
        for x in inputs[name]:
            if place[x] < place[name]:
                return f"{x} comes before {name}, which used it"
    return None


def _nearest_first(inputs: dict[str, list[str]], loss: str) -> list[str]:
    order = [loss]
    for name in order:
        order += [x for x in dict.fromkeys(inputs[name]) if x not in order]
    return order


exercise(
    "components.topological-order",
    asks="a function backward_order(inputs, loss) that returns a list of names",
    solution=_order,
    inputs=lambda rng: (_graph(rng), "v11"),
    accept=_is_backward_order,
    mistakes={
        "nearest first: what is near to the loss may be used again farther away": _nearest_first,
        "forward order: the loss comes first on the way back": lambda inputs, loss: _order(
            inputs, loss
        )[::-1],
        "everything: names that the loss does not depend on stay out": lambda inputs, loss: [
            "unused",
            *_order(inputs, loss),
        ],
    },
)


def _sum_to(g: Array, shape: tuple, stretched: bool = True, mean: bool = False) -> Array:
    reduce = np.mean if mean else np.sum
    while g.ndim > len(shape):
        g = reduce(g, axis=0)
    for axis, n in enumerate(shape):
        if n == 1 and stretched:
            g = reduce(g, axis=axis, keepdims=True)
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
        "mean in place of the sum: the uses of one entry add up": lambda g, shape: _sum_to(
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
    },
)
