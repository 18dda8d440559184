"""Check a pullback against the definition of the derivative, along random directions.

A gradient with a million entries needs a million finite differences. One random direction needs two
evaluations, and a wrong entry still shows: for random directions v and a random cotangent g,

    <g, f(x + eps v) - f(x - eps v)> / (2 eps)   must equal   <pullback(g), v>.

The cotangent is random on purpose. A sum as the loss (a cotangent of ones) is blind to whole
families of mistakes, softmax's among them: its outputs sum to one, so the right gradient of their
sum is zero.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from nnbook.tensor import Array, Tensor

#: Near the best step for central differences in float64: the cube root of the rounding error, ε.
STEP = 6e-6


def check_vjp(
    rule: Callable,
    inputs: Sequence[Array],
    *,
    rng: np.random.Generator,
    directions: int = 4,
    step: float = STEP,
    **constants: Any,
) -> float:
    """Return the largest relative error of a rule's pullback along random directions.

    The test is :eq:`eq-dot-product-test` of the book; the step balances truncation against
    rounding, :eq:`eq-central-best-step`.

    Parameters
    ----------
    rule : callable
        `rule(*inputs, **constants)` returns `(value, pullback)`. A primitive is accepted too.
    inputs : sequence of array
        Where to check, float64. An entry may be None for an optional input.
    rng : numpy.random.Generator
        Draws the directions and the cotangent.
    directions : int
        How many random directions each input is moved along, by itself.
    step : float
        The half-width of the central difference, for entries near 1. An entry is moved in
        proportion to its own size (of an entry of 0: to that of the others), but by no more than
        entries near 1, or than the spread of the array if that is larger: so the logarithm can be
        checked near 0, and a layer on raw pixels.
    **constants
        Keyword arguments of the rule.

    Returns
    -------
    float
        The largest |quotient - answer| / (|quotient| + |answer| + scale), where the scale is the
        norm of the cotangent, plus a thousandth of the value's so that a gradient of zero is not
        compared with rounding errors. It is 1e-7 or less when the pullback is right.

    Raises
    ------
    TypeError
        If an input is not float64: in float32 rounding hides the errors this looks for.
    ValueError
        If the pullback's answer does not have the number or the shapes of the inputs, or there is
        no direction to check along.

    Examples
    --------
    >>> rule = lambda x: (np.sin(x), lambda g: (g * np.cos(x),))
    >>> check_vjp(rule, [np.array([0.3, 2.0])], rng=np.random.default_rng(0)) < 1e-9
    True
    """
    if directions < 1:
        raise ValueError(f"check_vjp expected at least 1 direction, got {directions}")
    rule = getattr(rule, "rule", rule)
    inputs = [None if x is None else np.asarray(x) for x in inputs]
    for i, x in enumerate(inputs):
        if x is not None and x.dtype != np.float64:
            raise TypeError(f"check_vjp expected float64 inputs, got input {i} of dtype {x.dtype}")

    value, pullback = rule(*inputs, **constants)
    values = value if isinstance(value, tuple) else (value,)
    cotangents = tuple(np.asarray(rng.standard_normal(v.shape)) for v in values)
    answer = pullback(cotangents if isinstance(value, tuple) else cotangents[0])
    if len(answer) != len(inputs):
        raise ValueError(
            f"expected {len(inputs)} cotangents, one for each input, got {len(answer)}"
        )

    floor = 1e-3 * sum(float(np.linalg.norm(g * v)) for g, v in zip(cotangents, values)) + 1e-30

    def project(moved: list) -> float:
        out = rule(*moved, **constants)[0]
        out = out if isinstance(out, tuple) else (out,)
        return sum(float(np.vdot(g, v)) for g, v in zip(cotangents, out))

    worst = 0.0
    for i, (x, dx) in enumerate(zip(inputs, answer)):
        if x is None:
            if dx is not None:
                raise ValueError(f"input {i} is None, so its cotangent must be None")
            continue
        if dx is None or np.shape(dx) != x.shape:
            got = "is None" if dx is None else np.shape(dx)
            raise ValueError(f"input {i} has shape {x.shape}, its cotangent {got}")
        sizes = _sizes(x)
        for _ in range(directions):
            v = np.asarray(rng.standard_normal(x.shape)) * sizes
            ahead, behind = list(inputs), list(inputs)
            ahead[i], behind[i] = x + step * v, x - step * v
            slope = (project(ahead) - project(behind)) / (2 * step)
            answered = float(np.vdot(dx, v))
            scale = float(np.linalg.norm(dx * sizes)) + floor
            error = abs(slope - answered) / (abs(slope) + abs(answered) + scale)
            worst = max(worst, error if np.isfinite(error) else np.inf)
    return worst


def _sizes(x: Array) -> Array:
    """Return by how much each entry may be moved in proportion: see `step` of `check_vjp`."""
    spread = float(x.std()) if x.size else 0.0
    return np.where(x == 0, spread or 1.0, np.minimum(np.abs(x), max(spread, 1.0)))


def check_layer(
    layer: Any, *inputs: Any, rng: np.random.Generator, directions: int = 4, step: float = STEP
) -> float:
    """Return the largest relative error of a layer's gradients, as `check_vjp` finds it.

    Checked are the gradients of all parameters that have one, and of the inputs that are
    floating-point. A layer may return several Tensors, in tuples and lists, as the recurrent ones.

    Parameters
    ----------
    layer : nnbook.nn.Module
        It is left as it is: the check works with a copy of it, in float64.
    *inputs : array
        What the layer is called with. Tokens and other integers are passed on.
    rng, directions, step
        As in `check_vjp`.

    Raises
    ------
    TypeError
        If the layer returns something else than Tensors.
    ValueError
        If a parameter or an input is not reached by the backward pass, or the layer gives another
        answer when it is called again (dropout in training mode does).

    Examples
    --------
    >>> from nnbook import nn
    >>> rng = np.random.default_rng(0)
    >>> check_layer(nn.Linear(3, 2, rng=rng), rng.standard_normal((5, 3)), rng=rng) < 1e-7
    True
    """
    layer = copy.deepcopy(layer)
    fixed: list[Any] = [np.asarray(x) for x in inputs]
    moved = [i for i, x in enumerate(fixed) if x.dtype.kind == "f"]
    trained = {name: p for name, p in layer.named_parameters() if p.requires_grad}
    parameters = list(trained.values())
    for p in layer.parameters():
        p.move(np.array(p.data, np.float64), None)
    for _, buffer in layer.named_buffers():
        if buffer.data.dtype.kind == "f":
            buffer.data = buffer.data.astype(np.float64)
    names = [f"input {i}" for i in moved] + list(trained)

    def rule(*arrays: Array) -> tuple[tuple[Array, ...], Callable]:
        given = list(fixed)
        for i, array in zip(moved, arrays):
            given[i] = Tensor(array, requires_grad=True)
        leaves = [given[i] for i in moved] + parameters
        for p, array in zip(parameters, arrays[len(moved) :]):
            p.data = array
        outputs = list(_tensors(layer(*given)))

        def pullback(g: tuple[Array, ...]) -> tuple:
            total = sum((y * part).sum() for y, part in zip(outputs, g))
            if isinstance(total, Tensor) and total.requires_grad:
                total.backward()
            for name, leaf in zip(names, leaves):
                if leaf.grad is None:
                    raise ValueError(f"check_layer: the backward pass does not reach {name}")
            return tuple(leaf.grad for leaf in leaves)

        return tuple(y.data for y in outputs), pullback

    start = [fixed[i].astype(np.float64) for i in moved] + [np.array(p.data) for p in parameters]
    if not all(map(np.array_equal, rule(*start)[0], rule(*start)[0])):
        raise ValueError("check_layer: called twice, the layer gives two answers; use layer.eval()")
    return check_vjp(rule, start, rng=rng, directions=directions, step=step)


def _tensors(outputs: Any) -> Iterator[Tensor]:
    """Yield the Tensors that a layer returned, also those in tuples and lists."""
    if isinstance(outputs, (tuple, list)):
        for output in outputs:
            yield from _tensors(output)
    elif isinstance(outputs, Tensor):
        yield outputs
    else:
        raise TypeError(f"check_layer expected Tensors, got {type(outputs).__name__}")
