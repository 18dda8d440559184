"""From a rule on arrays to an operation on tensors, which writes the tape."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from nnbook.tensor.pytorch_keywords import explain
from nnbook.tensor.signatures import Operation, as_called, seen_as_decorator
from nnbook.tensor.tape import Array, Node, recording
from nnbook.tensor.tensor import Tensor

#: What most keywords are: nothing to convert or refuse.
PLAIN = frozenset({type(None), bool, int, float, str, tuple, Array})

#: Every primitive by name. The tests walk over it, so that none can avoid its gradient check.
REGISTRY: dict[str, Operation] = {}


@seen_as_decorator
def primitive(
    rule: Callable | None = None, *, integers: bool = False, selective: bool = False
) -> Any:
    """Turn a rule on arrays into an operation on tensors, and register it.

    A rule takes the differentiable inputs as positional arguments and everything else (targets,
    masks, strides) as keyword-only ones. It returns `(value, pullback)`, or a tuple of values and
    the pullback. The pullback takes the cotangent of the value (a tuple for several values) and
    returns one cotangent for each positional argument, None where there is none to give. It
    changes nothing it was given.

    Below `@primitive(selective=True)` the pullback takes a second argument, `needs`: which inputs
    want a gradient. It may answer None for the others.

    The operation refuses integers, which most formulas would round somewhere on the way.
    `@primitive(integers=True)` stands above rules that only move, compare, add or multiply entries,
    and so are right for integers too.

    A type checker and `help` see the operation with the inputs and keywords of its rule. In the
    annotations of a rule an input is an `Input`, or an `Input | None`.

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
    if rule is None:
        return partial(primitive, integers=integers, selective=selective)
    name = rule.__name__
    signature = inspect.signature(rule)
    parameters = signature.parameters

    @wraps(rule)
    def operation(*inputs: Any, **constants: Any) -> Any:
        arrays: list[Any] = []
        tensors: list[Tensor | None] = []
        needs: list[bool] = []
        version = 0
        dtype, plain = None, True
        for x in inputs:
            if isinstance(x, Tensor):
                tensors.append(x)
                needs.append(x.requires_grad)
                version += x.version
                x = x._data
            else:
                tensors.append(None)
                needs.append(False)
            arrays.append(x)
            if type(x) is Array:
                if dtype is None:
                    dtype = x.dtype
                elif x.dtype is not dtype:
                    plain = False
            elif x is not None:
                plain = False
        if not plain:
            arrays = _as_arrays(name, parameters, inputs)
            dtype = next((x.dtype for x in arrays if x is not None), None)
        for keyword, constant in constants.items():
            if type(constant) in PLAIN:
                continue
            if isinstance(constant, Tensor):
                raise TypeError(
                    f"{name} does not differentiate {keyword}: pass an array, not a Tensor"
                )
            if isinstance(constant, np.floating):  # as a NumPy number it would decide the dtype
                constants[keyword] = float(constant)

        written = True in needs and recording.get()
        # What has a gradient is float32 or float64, and so are the inputs beside it.
        if not (written or dtype is None or (dtype.char in "fd" and dtype.isnative)):
            if not dtype.isnative:
                arrays = _as_arrays(name, parameters, inputs)
                dtype = next(x.dtype for x in arrays if x is not None)
            if dtype.kind == "f" and dtype.char not in "fd":
                raise _wrong_dtype(name, "float32 or float64", parameters, inputs)
            if not (integers or dtype.kind == "f"):
                raise _wrong_dtype(name, "floating-point inputs", parameters, inputs)
        try:
            value, pullback = rule(*arrays, **constants)
        except TypeError as error:
            explain(error)
            raise
        several = type(value) is tuple
        if not written:
            return tuple(Tensor(v) for v in value) if several else Tensor(value)
        outputs = tuple((v.shape, v.dtype) for v in value) if several else None
        node = Node(name, tensors, arrays, constants, version, pullback, outputs)
        if selective:
            node.needs = tuple(needs)
        if several:
            return tuple(_made(v, node, i) for i, v in enumerate(value))
        return _made(value, node, 0)

    made: Any = operation
    made.rule = rule
    made.__signature__ = as_called(signature)
    made.__annotations__ = {
        p.name: p.annotation for p in made.__signature__.parameters.values()
    } | {"return": made.__signature__.return_annotation}
    REGISTRY[name] = made
    return made


def _made(value: Array, node: Node, index: int) -> Tensor:
    """Make a Tensor that an operation wrote on the tape; what `Tensor(value)` checks is known."""
    out = _new(Tensor)
    out._data = value if type(value) is Array else Tensor(value)._data
    out.grad = None
    out.requires_grad = True
    out.node = node
    out.index = index
    return out


_new = object.__new__


def _as_arrays(name: str, parameters: Any, inputs: tuple) -> list:
    """Give Python numbers and lists the dtype of the tensors; refuse two floating-point dtypes.

    Arrays in another order of bytes than this machine's are turned.
    """
    arrays = [x._data if isinstance(x, Tensor) else x for x in inputs]
    for i, x in enumerate(arrays):
        if isinstance(x, (Array, np.generic)) and not x.dtype.isnative:
            arrays[i] = x.astype(x.dtype.type)
    first = [x.dtype for x in inputs if isinstance(x, Tensor)]
    first += [x.dtype for x in arrays if isinstance(x, (Array, np.generic))]
    dtype = first[0] if first else np.dtype(np.float32)
    for i, x in enumerate(arrays):
        if x is None:
            continue
        if not isinstance(x, (Array, np.generic)):
            try:
                arrays[i] = np.asarray(x, dtype)
            except (TypeError, ValueError):  # words, or a list of tensors
                raise _wrong_dtype(name, "arrays and numbers", parameters, inputs, "") from None
            if dtype.kind != "f" and not np.array_equal(arrays[i], x):  # 0.5 would become 0
                raise _wrong_dtype(name, "inputs of one dtype", parameters, inputs)
        elif x.dtype != dtype:
            raise _wrong_dtype(name, "inputs of one dtype", parameters, inputs)
        else:
            arrays[i] = np.asarray(x)
    return arrays


def _wrong_dtype(
    name: str,
    expected: str,
    parameters: Any,
    inputs: tuple,
    advice: str = "; convert with .astype(...)",
) -> TypeError:
    names = list(parameters)
    if parameters[names[0]].kind is inspect.Parameter.VAR_POSITIONAL:
        names = [f"{names[0]}[{i}]" for i in range(len(inputs))]
    had = ", ".join(
        f"{p} {getattr(x, 'dtype', type(x).__name__)}"
        for p, x in zip(names, inputs)
        if x is not None
    )
    return TypeError(f"{name} expected {expected}, got {had}{advice}")
