"""The lines of the tape, and the walk back through them. It knows tensors by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nnbook.tensor.tensor import Tensor

Array = np.ndarray
Pullback = Callable[..., tuple]
#: Which inputs of an operation want a gradient.
Needs = tuple[bool, ...]

recording: ContextVar[bool] = ContextVar("recording", default=True)
_serial = count()


@contextmanager
def no_grad() -> Iterator[None]:
    """Run the operations inside without writing the tape, for evaluation and prediction."""
    token = recording.set(False)
    try:
        yield
    finally:
        recording.reset(token)


class Node:
    """One line of the tape: which operation ran, on what, and how to go back through it."""

    __slots__ = (
        "arrays",
        "constants",
        "inputs",
        "needs",
        "op",
        "outputs",
        "pullback",
        "serial",
        "version",
    )

    def __init__(
        self,
        op: str,
        inputs: list[Tensor | None],
        arrays: list[Array | None],
        constants: dict[str, Any],
        version: int,
        pullback: Pullback,
        outputs: tuple | None,
    ) -> None:
        self.op = op
        self.inputs = inputs  # the tensors; None in the place of what was none
        self.arrays: list[Array | None] | None = arrays  # the values of all of them
        self.constants: dict[str, Any] | None = constants  # the keywords
        self.version = version  # the sum of the inputs' versions, which only ever grow
        self.pullback: Pullback | None = pullback
        self.needs: Needs | None = None  # for a pullback that wants to know
        self.outputs = outputs  # (shape, dtype) of each value, when the rule returned several
        # A node is made after its inputs: descending serial numbers are an order to go back in.
        self.serial = next(_serial)


def history(last: Node) -> list[Node]:
    """Return the line `last` and all lines that it depends on, the latest first."""
    found, stack = {last.serial: last}, [last]
    while stack:
        for x in stack.pop().inputs:
            node = None if x is None else x.node
            if node is not None and node.serial not in found:
                found[node.serial] = node
                stack.append(node)
    return [found[serial] for serial in sorted(found, reverse=True)]


def walk_back(root: Tensor, cotangent: Array, retain_graph: bool) -> None:
    """Bring the cotangent of `root` back to the leaves, line by line, the latest first."""
    if root.node is None:
        root.accumulate(cotangent)
        return
    arriving: dict[tuple[Node, int], Array] = {(root.node, root.index): cotangent}
    g: Any
    for node in history(root.node):
        if node.outputs is None:
            g = arriving.pop((node, 0))
        else:  # a value that nothing used has cotangent zero
            parts = [arriving.pop((node, i), None) for i in range(len(node.outputs))]
            g = tuple(
                np.zeros(*spec) if part is None else part for part, spec in zip(parts, node.outputs)
            )
        version = 0
        for x in node.inputs:
            if x is not None:
                version += x.version
        if node.pullback is None or version != node.version:
            raise _refusal(node)
        needs = node.needs
        cotangents = node.pullback(g) if needs is None else node.pullback(g, needs)
        if len(cotangents) != len(node.inputs):
            raise RuntimeError(
                f"the pullback of {node.op} returned {len(cotangents)} cotangents "
                f"for {len(node.inputs)} inputs"
            )
        for x, dx in zip(node.inputs, cotangents):
            if x is None or not x.requires_grad:
                continue
            like = x._data
            if type(dx) is not Array or dx.shape != like.shape or dx.dtype is not like.dtype:
                dx = _fitting(node, x, dx)
            if x.node is None:
                x.accumulate(dx)
            else:
                key = (x.node, x.index)
                arriving[key] = arriving[key] + dx if key in arriving else dx
        if not retain_graph:  # let go of what only the way back, or `blame`, needs
            node.pullback = node.arrays = node.constants = None


def _refusal(node: Node) -> RuntimeError:
    """Say why there is no way back through a line: it was used, or its inputs have changed."""
    if node.pullback is None:
        return RuntimeError(
            f"the tape through {node.op} was already walked back and let go; "
            "call the first backward with retain_graph=True to walk it again"
        )
    shapes = [x.shape for x in node.inputs if x is not None and x.version]
    return RuntimeError(
        f"a parameter of {node.op} (shapes {shapes}) was changed between forward and backward; "
        "run the forward pass again after every update"
    )


def _fitting(node: Node, x: Tensor, dx: Any) -> Array:
    """Accept a NumPy scalar for a 0-d input; refuse what else does not fit its input."""
    if isinstance(dx, (Array, np.generic)) and dx.shape == x.shape and dx.dtype == x.dtype:
        return np.asarray(dx)
    got = "None" if dx is None else f"{np.shape(dx)} {getattr(dx, 'dtype', type(dx).__name__)}"
    raise RuntimeError(
        f"the pullback of {node.op} returned the cotangent {got} for an input {x.shape} {x.dtype}"
    )


def blame(loss: Tensor) -> str:
    """Say where NaN or infinity first entered the computation of `loss`."""
    values: dict[int, Tensor] = {id(loss): loss}
    nodes = [] if loss.node is None else history(loss.node)
    for node in nodes:
        values.update({id(x): x for x in node.inputs if x is not None})
    bad = [t for t in values.values() if not np.isfinite(t.data).all()]
    leaf = next((t for t in bad if t.node is None), None)
    if leaf is not None:
        what = "a parameter" if type(leaf).__name__ == "Parameter" else "an input"
        return (
            f"{what} of shape {leaf.shape} already holds NaN or infinity before the first operation"
        )
    for node in reversed(nodes):
        given = [("an input", a) for x, a in zip(node.inputs, node.arrays or ()) if x is None]
        given += [(f"the {name}", a) for name, a in (node.constants or {}).items()]
        for what, a in given:
            if isinstance(a, Array) and a.dtype.kind == "f" and not np.isfinite(a).all():
                return f"{what} of {node.op} of shape {a.shape} already holds NaN or infinity"
    _, op, shape = min((t.node.serial, t.node.op, t.shape) for t in bad if t.node is not None)
    return f"the first operation whose value is not finite is {op}, of shape {shape}"
