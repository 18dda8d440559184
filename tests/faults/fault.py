"""A fault: a wrong rule, planted to see that the checks reject it. And ways of making them.

The generic ones take a right rule and spoil its pullback, so they need not know the equation:

    FAULTS = [
        *usual("linear", inputs=3),
        Fault("linear", "dW transposed", transposed("linear", 1)),
        Fault("linear", "db of one sample only", answers("linear", 2, lambda db, g: g[0])),
    ]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from nnbook.tensor import REGISTRY
from tests.ops.case import Case
from tests.ops.checks import CHECKS


@dataclass(frozen=True)
class Fault:
    """A wrong rule, with the signature of the right one."""

    op: str  # a name in nnbook.tensor.REGISTRY
    name: str  # what is wrong with it
    rule: Callable

    def __str__(self) -> str:
        return f"{self.op}: {self.name}"


def caught_by(fault: Fault, cases: list[Case]) -> str | None:
    """Return the name of the first check that rejects the fault at one of the cases, or None."""
    with np.errstate(all="ignore"):  # a fault may well compute nonsense
        for case in cases:
            inputs, constants, _ = case.draw()
            fault.rule(*inputs, **constants)  # one whose value cannot be computed proves nothing
        for check in CHECKS:
            for case in cases:
                try:
                    check(fault.rule, case)
                except (AssertionError, ValueError, RuntimeError, IndexError):
                    return check.__name__
    return None


def spoiled(op: str, spoil: Callable[[tuple, Any], tuple]) -> Callable:
    """Return `op`'s rule with `spoil(cotangents, g)` in place of its pullback's answer."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs: Any, **constants: Any) -> tuple:
        value, pullback = right(*inputs, **constants)
        return value, lambda g: tuple(spoil(tuple(pullback(g)), g))

    return rule


def answers(op: str, which: int, wrong: Callable[[Any, Any], Any]) -> Callable:
    """Return `op`'s rule with cotangent number `which`, dx, replaced by `wrong(dx, g)`."""

    def spoil(cotangents: tuple, g: Any) -> tuple:
        return tuple(
            wrong(dx, g) if i == which and dx is not None else dx for i, dx in enumerate(cotangents)
        )

    return spoiled(op, spoil)


def scaled(op: str, which: int = 0, factor: float = 1.001) -> Callable:
    """Return `op`'s rule with one cotangent a thousandth too large."""
    return answers(op, which, lambda dx, g: dx * np.asarray(factor, dx.dtype))


def flipped_sign(op: str, which: int = 0) -> Callable:
    """Return `op`'s rule with the sign of one cotangent changed."""
    return answers(op, which, lambda dx, g: -dx)


def transposed(op: str, which: int = 0) -> Callable:
    """Return `op`'s rule with the values of one cotangent read in the transposed order."""
    return answers(op, which, lambda dx, g: dx.T.reshape(dx.shape))


def reversed_along(op: str, which: int = 0, axis: int = -1) -> Callable:
    """Return `op`'s rule with one cotangent reversed along an axis, as by a wrong index."""
    return answers(op, which, lambda dx, g: np.flip(dx, axis) if np.ndim(dx) else dx)


def drop_sum(op: str, which: int, axis: int = 0) -> Callable:
    """Return `op`'s rule with the cotangent of a broadcast input from one of its uses only."""
    return answers(
        op, which, lambda dx, g: np.take(g, 0, axis).reshape(-1)[: dx.size].reshape(dx.shape)
    )


def swapped(op: str) -> Callable:
    """Return `op`'s rule with its first two cotangents exchanged."""
    return spoiled(op, lambda cotangents, g: (cotangents[1], cotangents[0], *cotangents[2:]))


def one_missing(op: str) -> Callable:
    """Return `op`'s rule with a pullback that forgets its last cotangent."""
    return spoiled(op, lambda cotangents, g: cotangents[:-1])


def leaks_float64(op: str, which: int = 0) -> Callable:
    """Return `op`'s rule with one cotangent in float64, as after a product with np.sqrt(2)."""
    return answers(op, which, lambda dx, g: np.asarray(dx, np.float64))


def mutates_cotangent(op: str) -> Callable:
    """Return `op`'s rule with a pullback that halves the cotangent it was given, after using it."""

    def spoil(cotangents: tuple, g: Any) -> tuple:
        cotangents = tuple(None if dx is None else np.array(dx) for dx in cotangents)
        for part in g if isinstance(g, tuple) else (g,):
            part *= 0.5
        return cotangents

    return spoiled(op, spoil)


def mutates_input(op: str, which: int = 0) -> Callable:
    """Return `op`'s rule with a pullback that writes its answer over an input, to save memory."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs: Any, **constants: Any) -> tuple:
        value, pullback = right(*inputs, **constants)

        def careless(g: Any) -> tuple:
            cotangents = tuple(None if dx is None else np.array(dx) for dx in pullback(g))
            if inputs[which] is not None:
                inputs[which][...] = cotangents[which]
            return cotangents

        return value, careless

    return rule


def stale(op: str) -> Callable:
    """Return `op`'s rule with a pullback that reads the memory of the latest call, not its own."""
    right = REGISTRY[op].rule
    kept: list = []

    @wraps(right)
    def rule(*inputs: Any, **constants: Any) -> tuple:
        value, pullback = right(*inputs, **constants)
        kept[:] = [pullback]
        return value, lambda g: kept[0](g)

    return rule


def usual(op: str, inputs: int = 1) -> list[Fault]:
    """Return the faults that every primitive can have, for each of its inputs."""
    faults = [
        Fault(op, "the cotangent overwritten", mutates_cotangent(op)),
        Fault(op, "a cotangent forgotten", one_missing(op)),
    ]
    for i in range(inputs):
        faults += [
            Fault(op, f"cotangent {i} a thousandth too large", scaled(op, i)),
            Fault(op, f"cotangent {i} with its sign changed", flipped_sign(op, i)),
            Fault(op, f"cotangent {i} in float64", leaks_float64(op, i)),
            Fault(op, f"input {i} overwritten by its cotangent", mutates_input(op, i)),
        ]
    return faults
