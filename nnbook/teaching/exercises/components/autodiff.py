"""Exercises of the chapter *Automatic differentiation*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise

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
        "x and y exchanged: the cotangent of x comes first": np.array([1.0, 2.0, 12.0, 12.0, 16.0]),
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
        "a forgotten: the slope for b is -a/b²": lambda a, b: (a / b, (1 / b, -1 / b**2)),
        "three values: the two slopes stand in brackets of their own": lambda a, b: (
            a / b,
            1 / b,
            -a / b**2,
        ),
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
        "not divided: the numerator of the quotient rule is over c²": lambda u, v: _dual_divide(
            u, v, power=0
        ),
        "denominator taken for a constant: its slope counts as well": lambda u, v: (
            u[0] / v[0],
            u[1] / v[0],
        ),
        "square of the slope: the denominator is the square of the value c": lambda u, v: (
            u[0] / v[0],
            (u[1] * v[0] - u[0] * v[1]) / v[1] ** 2,
        ),
        "a product: divide the values": lambda u, v: (u[0] * v[0], u[0] * v[1] + u[1] * v[0]),
    },
)


def _graph(rng: np.random.Generator) -> dict[str, list[str]]:
    """Draw a graph in which many names are used several times, with shuffled keys."""
    names = [f"v{i}" for i in range(12)]
    inputs: dict[str, list[str]] = {"v0": [], "v1": []}
    for i in range(2, 12):
        used = [i - 1, int(rng.integers(0, i))]
        inputs[names[i]] = [names[j] for j in (used if i % 2 else used[::-1])]
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


def _depth_first(inputs: dict[str, list[str]], loss: str, order: list[str] | None = None) -> list:
    order = [] if order is None else order
    order.append(loss)
    for x in inputs[loss]:
        if x not in order:
            _depth_first(inputs, x, order)
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
        "depth first: a name has to wait until all that used it are there": _depth_first,
        "the loss forgotten: it comes first": lambda inputs, loss: _order(inputs, loss)[1:],
    },
)
