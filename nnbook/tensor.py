"""The tape: arrays that remember the operations that made them, so that gradients can flow back.

An operation of the book is a *rule*: a function of arrays that returns a value and its pullback,
the function that turns the cotangent of the value (the gradient of the loss with respect to it)
into the cotangents of the inputs. `primitive` turns a rule into an operation on tensors: it calls
the rule, and writes one `Node` on the tape. `Tensor.backward` reads the tape from its end to its
beginning.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from itertools import count
from typing import Any

import numpy as np

Array = np.ndarray
Pullback = Callable[[Any], tuple]

#: Every primitive by name. The tests walk over it, so that none can avoid its gradient check.
REGISTRY: dict[str, Callable] = {}

_recording: ContextVar[bool] = ContextVar("recording", default=True)
_serial = count()


class Tensor:
    """An array on the tape.

    Parameters
    ----------
    data : array_like
        The values. Python numbers and lists become float32; an array keeps its dtype.
    requires_grad : bool
        Whether `backward` should leave the gradient of this leaf in `grad`.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    array([2., 4., 6.], dtype=float32)
    """

    __slots__ = ("__weakref__", "_data", "grad", "index", "node", "requires_grad")
    __array_ufunc__ = None  # so that `ndarray @ Tensor` asks the Tensor, not NumPy

    def __init__(self, data: Any, *, requires_grad: bool = False) -> None:
        if isinstance(data, Tensor):
            raise TypeError(
                "Tensor(data) expected an array, got a Tensor; use t.detach() for a copy"
            )
        if not isinstance(data, (Array, np.generic)):
            data = np.asarray(data, np.float32)
        if requires_grad and data.dtype.kind != "f":
            raise TypeError(f"only floating-point data can have a gradient, got dtype {data.dtype}")
        self._data: Array = np.asarray(data)
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.node: Node | None = None
        self.index = 0

    data = property(lambda self: self._data, doc="The values, an array.")
    shape = property(lambda self: self._data.shape, doc="The length of each axis.")
    ndim = property(lambda self: self._data.ndim, doc="The number of axes.")
    size = property(lambda self: self._data.size, doc="The number of values.")
    dtype = property(lambda self: self._data.dtype, doc="The type of the values.")

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        made_by = f", made by {self.node.op}" if self.node else ""
        return f"Tensor({np.array2string(self._data, prefix='Tensor(')}{made_by})"

    def item(self) -> float:
        """Return the single value as a Python number."""
        return self._data.item()

    def detach(self) -> Tensor:
        """Return a tensor with the same values that the tape knows nothing about."""
        return Tensor(self._data)

    def backward(self, cotangent: Array | None = None, *, retain_graph: bool = False) -> None:
        """Add the gradient of this tensor with respect to every leaf to the leaf's `grad`.

        The tape is read in descending order of creation. Book: :eq:`eq-reverse-sweep`.

        Parameters
        ----------
        cotangent : array, optional
            The gradient of the loss with respect to this tensor, of the same shape. A scalar (the
            loss itself) needs none: it is 1.
        retain_graph : bool
            Keep what the operations remember, so that `backward` can be called again.

        Raises
        ------
        ValueError
            If this tensor is not a scalar and no cotangent is given, or its shape is wrong.
        FloatingPointError
            If the value is NaN or infinite. The message names the first operation that made it so.
        RuntimeError
            If nothing here needs a gradient, if the tape was already used up, or if a parameter was
            changed after the forward pass read it.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "backward() on a tensor that depends on nothing with requires_grad=True"
            )
        if cotangent is None:
            if self.size != 1:
                raise ValueError(
                    f"backward() without a cotangent expects a scalar, got {self.shape}"
                )
            if not math.isfinite(self.item()):
                raise FloatingPointError(f"the loss is {self.item()}: {blame(self)}")
            cotangent = np.ones_like(self._data)
        elif np.shape(cotangent) != self.shape:
            raise ValueError(
                f"expected a cotangent of shape {self.shape}, got {np.shape(cotangent)}"
            )
        else:
            cotangent = np.asarray(cotangent, self.dtype)
        _walk_back(self, cotangent, retain_graph)

    def _accumulate(self, gradient: Array) -> None:
        # Always an array of its own: one cotangent array may belong to several tensors.
        self.grad = np.array(gradient) if self.grad is None else self.grad + gradient


class Parameter(Tensor):
    """A leaf that training changes.

    Reading `data` gives a read-only view, so the one way to change a parameter is to assign to it:
    `p.data = p.data - rate * p.grad`. Each assignment counts as a new version, and `backward`
    refuses to use values that are no longer those the forward pass read.

    An optimizer moves its parameters into one flat vector, and their gradients into another.
    `grad` is then a view that the next backward pass overwrites; copy it to keep it.
    """

    __slots__ = ("_values", "gradient_view", "version")

    def __init__(self, data: Any, *, requires_grad: bool = True) -> None:
        super().__init__(data, requires_grad=requires_grad)
        if self._data.dtype.kind != "f":
            raise TypeError(f"a Parameter expected floating-point data, got dtype {self.dtype}")
        self.version = 0
        self.move(np.array(self._data), None)

    def move(self, values: Array, gradient_view: Array | None) -> None:
        """Keep the values in the array `values` from now on, the gradient in `gradient_view`."""
        self._values = values
        self._data = values.view()
        self._data.flags.writeable = False
        self.gradient_view = gradient_view
        if self.grad is not None and gradient_view is not None:
            gradient_view[...] = self.grad
            self.grad = gradient_view

    @property
    def data(self) -> Array:
        """The values, read-only. Assign an array of the same shape to change them."""
        return self._data

    @data.setter
    def data(self, values: Any) -> None:
        values = np.asarray(values)
        if values.shape != self.shape:
            raise ValueError(f"this parameter has shape {self.shape}, got values of {values.shape}")
        self._values[...] = values
        self.version += 1

    def _accumulate(self, gradient: Array) -> None:
        if self.gradient_view is None:
            super()._accumulate(gradient)
            return
        if self.grad is None:
            self.gradient_view[...] = gradient
        else:  # which is the view itself, or what somebody assigned
            np.add(self.grad, gradient, out=self.gradient_view)
        self.grad = self.gradient_view

    def __repr__(self) -> str:
        return f"Parameter(shape={self.shape}, dtype={self.dtype})"

    def __deepcopy__(self, memo: dict) -> Parameter:
        twin = memo[id(self)] = Parameter(self._data, requires_grad=self.requires_grad)
        return twin

    def __reduce__(self) -> tuple:
        return _parameter, (np.array(self._data), self.requires_grad)


def _parameter(data: Array, requires_grad: bool) -> Parameter:
    return Parameter(data, requires_grad=requires_grad)


class Buffer:
    """An array that belongs to a module's state but is not trained, such as a running mean."""

    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = np.array(data)

    def __repr__(self) -> str:
        return f"Buffer(shape={self.data.shape}, dtype={self.data.dtype})"


class Node:
    """One line of the tape: which operation ran, on what, and how to go back through it."""

    __slots__ = ("inputs", "op", "outputs", "pullback", "serial", "versions")

    def __init__(self, op: str, inputs: tuple, pullback: Pullback, outputs: tuple) -> None:
        self.op = op
        self.inputs = inputs
        self.pullback: Pullback | None = pullback
        self.outputs = outputs  # (shape, dtype) of each value, when the rule returned several
        self.versions = [x.version for x in inputs if type(x) is Parameter]
        # A node is made after its inputs: descending serial numbers are an order to go back in.
        self.serial = next(_serial)


@contextmanager
def no_grad() -> Iterator[None]:
    """Run the operations inside without writing the tape, for evaluation and prediction."""
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


def primitive(rule: Callable) -> Callable:
    """Turn a rule on arrays into an operation on tensors, and register it.

    A rule takes the differentiable inputs as positional arguments and everything else (targets,
    masks, strides) as keyword-only ones. It returns `(value, pullback)`, or a tuple of values and
    the pullback. The pullback takes the cotangent of the value (a tuple for several values) and
    returns one cotangent for each positional argument, None where there is none to give. It
    changes nothing it was given. A rule with a keyword `needs` is told which inputs want a
    gradient, and may leave out the others.

    The rule itself stays within reach as `operation.rule`, for use on plain arrays.

    Examples
    --------
    >>> @primitive
    ... def cube(x):
    ...     return x * x * x, lambda g: (3 * g * x * x,)
    >>> x = Tensor([2.0], requires_grad=True)
    >>> cube(x).backward(np.ones(1, np.float32))
    >>> x.grad
    array([12.], dtype=float32)
    >>> _ = REGISTRY.pop("cube")
    """
    name = rule.__name__
    parameters = inspect.signature(rule).parameters
    tells_needs = "needs" in parameters

    @wraps(rule)
    def operation(*inputs: Any, **constants: Any) -> Any:
        arrays, needs, dtype = [], [], None
        for x in inputs:
            if isinstance(x, Tensor):
                arrays.append(x._data)
                needs.append(x.requires_grad)
                if dtype is None:
                    dtype = x._data.dtype
                elif x._data.dtype != dtype:
                    raise _mixed(name, parameters, inputs)
            else:
                arrays.append(x)
                needs.append(False)
        if len(arrays) > 1 and not all(type(x) is Array and x.dtype == dtype for x in arrays):
            arrays = _as_arrays(name, parameters, inputs, dtype)
        elif dtype is None:
            arrays = _as_arrays(name, parameters, inputs, None)

        for keyword, constant in constants.items():
            if isinstance(constant, Tensor):
                raise TypeError(
                    f"{name} does not differentiate {keyword}: pass an array, not a Tensor"
                )
            if isinstance(constant, np.floating):  # as a NumPy number it would decide the dtype
                constants[keyword] = float(constant)

        recording = _recording.get() and any(needs)
        if tells_needs:
            constants["needs"] = tuple(needs) if recording else (False,) * len(needs)
        value, pullback = rule(*arrays, **constants)
        several = type(value) is tuple
        if not recording:
            return tuple(Tensor(v) for v in value) if several else Tensor(value)
        outputs = tuple((v.shape, v.dtype) for v in value) if several else None
        node = Node(name, inputs, pullback, outputs)
        if several:
            return tuple(_made(v, node, i) for i, v in enumerate(value))
        return _made(value, node, 0)

    operation.rule = rule
    REGISTRY[name] = operation
    return operation


def _made(value: Array, node: Node, index: int) -> Tensor:
    out = Tensor(value)
    out.requires_grad, out.node, out.index = True, node, index
    return out


def _as_arrays(name: str, parameters: Any, inputs: tuple, dtype: np.dtype | None) -> list:
    """Give Python numbers and lists the dtype of the tensors; refuse two floating-point dtypes."""
    arrays = [x._data if isinstance(x, Tensor) else x for x in inputs]
    if dtype is None:
        dtype = next((x.dtype for x in arrays if isinstance(x, Array)), np.dtype(np.float32))
    for i, x in enumerate(arrays):
        if x is None:
            continue
        if not isinstance(x, (Array, np.generic)):
            arrays[i] = np.asarray(x, dtype)
        elif x.dtype != dtype:
            raise _mixed(name, parameters, inputs)
        else:
            arrays[i] = np.asarray(x)
    return arrays


def _mixed(name: str, parameters: Any, inputs: tuple) -> TypeError:
    names = list(parameters)
    if parameters[names[0]].kind is inspect.Parameter.VAR_POSITIONAL:
        names = [f"{names[0]}[{i}]" for i in range(len(inputs))]
    had = ", ".join(f"{p} {x.dtype}" for p, x in zip(names, inputs) if hasattr(x, "dtype"))
    return TypeError(f"{name} expected inputs of one dtype, got {had}; convert with .astype(...)")


def _history(root: Tensor) -> list[Node]:
    """Return the nodes that `root` depends on, the latest first."""
    nodes, stack = {}, [root.node]
    while stack:
        node = stack.pop()
        if node is not None and node.serial not in nodes:
            nodes[node.serial] = node
            stack.extend(x.node for x in node.inputs if isinstance(x, Tensor))
    return [nodes[serial] for serial in sorted(nodes, reverse=True)]


def _walk_back(root: Tensor, cotangent: Array, retain_graph: bool) -> None:
    if root.node is None:
        root._accumulate(cotangent)
        return
    arriving: dict[tuple[int, int], Array] = {(root.node.serial, root.index): cotangent}
    for node in _history(root):
        if node.outputs is None:
            g = arriving.pop((node.serial, 0))
        else:  # a value that nothing used has cotangent zero
            g = tuple(arriving.pop((node.serial, i), None) for i in range(len(node.outputs)))
            g = tuple(
                np.zeros(*spec) if part is None else part for part, spec in zip(g, node.outputs)
            )
        for x, dx in zip(node.inputs, _pull(node, g)):
            if not isinstance(x, Tensor) or not x.requires_grad:
                continue
            if type(dx) is not Array or dx.shape != x._data.shape or dx.dtype != x._data.dtype:
                dx = _fitting(node, x, dx)
            if x.node is None:
                x._accumulate(dx)
            else:
                key = (x.node.serial, x.index)
                arriving[key] = arriving[key] + dx if key in arriving else dx
        if not retain_graph:
            node.pullback = None


def _fitting(node: Node, x: Tensor, dx: Any) -> Array:
    """Accept a NumPy scalar for a 0-d input; refuse what else does not fit its input."""
    if isinstance(dx, np.generic) and x.shape == () and dx.dtype == x.dtype:
        return np.asarray(dx)
    got = "None" if dx is None else f"{np.shape(dx)} {getattr(dx, 'dtype', type(dx).__name__)}"
    raise RuntimeError(
        f"the pullback of {node.op} returned the cotangent {got} for an input {x.shape} {x.dtype}"
    )


def _pull(node: Node, g: Any) -> tuple:
    if node.pullback is None:
        raise RuntimeError(
            f"the tape through {node.op} was already walked back and let go; "
            "call the first backward with retain_graph=True to walk it again"
        )
    if node.versions != [x.version for x in node.inputs if type(x) is Parameter]:
        shapes = [x.shape for x in node.inputs if type(x) is Parameter]
        raise RuntimeError(
            f"a parameter of {node.op} (shapes {shapes}) was changed between forward and backward; "
            "run the forward pass again after every update"
        )
    cotangents = node.pullback(g)
    if len(cotangents) != len(node.inputs):
        raise RuntimeError(
            f"the pullback of {node.op} returned {len(cotangents)} cotangents "
            f"for {len(node.inputs)} inputs"
        )
    return cotangents


def blame(loss: Tensor) -> str:
    """Say where NaN or infinity first entered the computation of `loss`."""
    values: dict[int, Tensor] = {id(loss): loss}
    nodes = _history(loss)
    for node in nodes:
        values.update({id(x): x for x in node.inputs if isinstance(x, Tensor)})
    bad = [t for t in values.values() if not np.isfinite(t.data).all()]
    leaf = next((t for t in bad if t.node is None), None)
    if leaf is not None:
        what = "a parameter" if isinstance(leaf, Parameter) else "an input"
        return (
            f"{what} of shape {leaf.shape} already holds NaN or infinity before the first operation"
        )
    for node in reversed(nodes):
        for x in node.inputs:
            if not isinstance(x, Tensor) and x is not None and not np.isfinite(x).all():
                return f"an input of {node.op} of shape {np.shape(x)} already holds NaN or infinity"
    first = min(bad, key=lambda t: t.node.serial)
    return (
        f"the first operation whose value is not finite is {first.node.op}, of shape {first.shape}"
    )
