"""What every rule must satisfy, whatever its equation. Each planted fault must break one of these.

Each check takes a rule and a case and raises AssertionError, or lets the rule's own error out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import check_vjp
from tests.ops.case import Case


def as_tuple(value: Any) -> tuple:
    """Return a rule's value as a tuple, also when it is a single array."""
    return value if isinstance(value, tuple) else (value,)


def cotangents_for(value: Any, rng: np.random.Generator) -> Any:
    """Draw a random cotangent of the value, with its structure, shapes and dtypes."""
    drawn = tuple(
        np.asarray(rng.standard_normal(np.shape(v))).astype(v.dtype) for v in as_tuple(value)
    )
    return drawn if isinstance(value, tuple) else drawn[0]


def arrays_in(*groups: Any) -> list[np.ndarray]:
    """Return all arrays among the groups (lists, tuples, dicts, arrays), in order."""
    found = []
    for group in groups:
        members = group.values() if isinstance(group, dict) else as_tuple(group)
        for member in members:
            if isinstance(member, (list, tuple)):
                found += arrays_in(*member)
            elif isinstance(member, np.ndarray):
                found.append(member)
    return found


def run(rule: Callable, case: Case, dtype: Any = np.float64, order: str = "C") -> tuple:
    """Return the value, the pullback's answer to a random cotangent, and that cotangent."""
    inputs, constants, rng = case.draw()
    inputs = [None if x is None else np.array(x, dtype, order=order) for x in inputs]
    value, pullback = rule(*inputs, **constants)
    g = cotangents_for(value, rng)
    if isinstance(g, tuple):
        g = tuple(np.array(part, order=order) for part in g)
    else:
        g = np.array(g, order=order)
    return value, pullback(g), g


def same(a: Any, b: Any, tolerance: float, what: str) -> None:
    """Hold two arrays equal within a tolerance relative to the larger of their largest entries."""
    assert np.shape(a) == np.shape(b), f"{what}: shapes {np.shape(a)} and {np.shape(b)}"
    if np.size(a):
        scale = max(np.abs(a).max(), np.abs(b).max(), 1e-3)
        error = np.abs(np.asarray(a, np.float64) - b).max() / scale
        assert error <= tolerance, f"{what}: relative difference {error:.1e} > {tolerance:.0e}"


def gradient(rule: Callable, case: Case) -> None:
    """The pullback agrees with finite differences in float64, in random directions."""
    inputs, constants, rng = case.draw()

    def held(x: np.ndarray, *others: Any, **constants: Any) -> tuple:
        """The rule, seen from where the frozen entries cannot move."""
        x = np.array(x)
        x[case.frozen] = inputs[0][case.frozen]
        return rule(x, *others, **constants)

    moving = rule if case.frozen is None else held
    error = check_vjp(moving, inputs, rng=rng, **constants)
    assert error <= case.tolerance, (
        f"gradient is off by {error:.1e}, more than {case.tolerance:.0e}"
    )


def keeps_float32(rule: Callable, case: Case) -> None:
    """float32 in gives float32 out, value and cotangents, close to what float64 gives."""
    value, answer, _ = run(rule, case, np.float32)
    for part in as_tuple(value):
        assert part.dtype == np.float32, f"the value of float32 inputs is {part.dtype}"
    for i, dx in enumerate(answer):
        assert dx is None or dx.dtype == np.float32, f"cotangent {i} of float32 is {dx.dtype}"
    exact, _, _ = run(rule, case)
    for a, b in zip(as_tuple(value), as_tuple(exact)):
        same(a, b, 1e-4, "value in float32 and float64")


def touches_nothing(rule: Callable, case: Case) -> None:
    """The rule and its pullback write to no input, constant, value or cotangent."""
    inputs, constants, rng = case.draw()
    given = arrays_in(inputs, constants)
    before = [a.tobytes() for a in given]
    value, pullback = rule(*inputs, **constants)
    g = cotangents_for(value, rng)
    held = arrays_in(value, g)
    made = [a.tobytes() for a in held]
    pullback(g)
    for a, was in zip(given, before):
        assert a.tobytes() == was, f"an input or constant of shape {a.shape} was written to"
    for a, was in zip(held, made):
        assert a.tobytes() == was, f"the value or cotangent, of shape {a.shape}, was written to"


def repeats(rule: Callable, case: Case) -> None:
    """A pullback gives the same bits when called again, also after other calls of the rule."""
    inputs, constants, rng = case.draw()
    value, pullback = rule(*inputs, **constants)
    g = cotangents_for(value, rng)
    first = [None if dx is None else np.array(dx) for dx in pullback(g)]
    pullback(cotangents_for(value, rng))
    # The same shapes with other values: a rule that shared its memory between calls would notice.
    others = [None if x is None else x[..., ::-1].copy() if x.ndim else x * 0.9 for x in inputs]
    other, other_pullback = rule(*others, **constants)
    other_pullback(cotangents_for(other, rng))
    for i, (dx, again) in enumerate(zip(first, pullback(g))):
        if dx is not None:
            assert dx.tobytes() == np.array(again).tobytes(), (
                f"cotangent {i} differs the second time"
            )


def any_memory_order(rule: Callable, case: Case) -> None:
    """Inputs and cotangents in Fortran order give the same numbers as in C order."""
    value, answer, _ = run(rule, case)
    value2, answer2, _ = run(rule, case, order="F")
    for a, b in zip(as_tuple(value), as_tuple(value2)):
        same(a, b, 1e-10, "value in C and Fortran order")
    for i, (a, b) in enumerate(zip(answer, answer2)):
        if a is not None:
            same(a, b, 1e-10, f"cotangent {i} in C and Fortran order")


def honours_needs(rule: Callable, case: Case) -> None:
    """A rule that is told which inputs want a gradient still gives those it was asked for."""
    inputs, constants, rng = case.draw()
    value, pullback = rule(*inputs, **constants)
    if "needs" not in inspect.signature(pullback).parameters:
        return
    g = cotangents_for(value, rng)
    full = pullback(g)
    for i in range(len(inputs)):
        if inputs[i] is None:
            continue
        needs = tuple(j == i for j in range(len(inputs)))
        alone = pullback(g, needs)
        assert len(alone) == len(full), "the number of cotangents depends on needs"
        assert alone[i] is not None, f"needs asks for cotangent {i}, got None"
        same(alone[i], full[i], 1e-12, f"cotangent {i} when needs asks for it alone")


#: The rules that pass on some of the entries they are given: whatever arrives goes to one of them.
CHOOSING = {"max", "max_pool2d", "maximum"}


def ties_count_once(rule: Callable, case: Case) -> None:
    """Where equal entries compete, what they get together is what arrived, not that for each."""
    if case.op not in CHOOSING:
        return
    inputs, constants, rng = case.draw()
    for tied in ([np.sign(x) for x in inputs], [np.zeros_like(x) for x in inputs]):
        value, pullback = rule(*tied, **constants)
        g = cotangents_for(value, rng)
        given = sum(float(np.sum(dx)) for dx in pullback(g))
        same(given, np.sum(g), 1e-10, "the sum of the cotangents at ties, and of what arrived")


#: All of them. Their order is the order in which a planted fault meets them.
CHECKS = [
    gradient,
    ties_count_once,
    keeps_float32,
    touches_nothing,
    repeats,
    any_memory_order,
    honours_needs,
]
