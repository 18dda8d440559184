"""Python's operators for tensors: `a + b`, `a @ b`, `t[i]`, `t.sum()` call the primitives."""

from __future__ import annotations

from typing import Any

from nnbook.ops import elementwise, linalg, reduction, shape
from nnbook.tensor import Tensor


def _reflected(operation: Any) -> Any:
    return lambda self, other: operation(other, self)


def _power(self: Tensor, exponent: float) -> Tensor:
    if isinstance(exponent, Tensor):
        raise TypeError(
            "the exponent must be a number; write exp(log(x) * y) for a tensor exponent"
        )
    return elementwise.power(self, exponent=exponent)


def _reduction(operation: Any) -> Any:
    def method(self: Tensor, *axes: int, **options: Any) -> Tensor:
        if axes:
            options["axis"] = axes[0] if len(axes) == 1 else axes
        return operation(self, **options)

    return method


def _transpose(self: Tensor, *axes: int) -> Tensor:
    return shape.transpose(self, axes=axes or None)


def _reshape(self: Tensor, *lengths: int) -> Tensor:
    one_shape = len(lengths) == 1 and isinstance(lengths[0], (tuple, list))
    return shape.reshape(self, shape=tuple(lengths[0]) if one_shape else lengths)


def install() -> None:
    """Give `Tensor` its operators. The tape knows no operation, so they are added here."""
    pairs = {
        "add": elementwise.add,
        "sub": elementwise.subtract,
        "mul": elementwise.multiply,
        "truediv": elementwise.divide,
        "matmul": linalg.matmul,
    }
    for name, operation in pairs.items():
        setattr(Tensor, f"__{name}__", lambda self, other, op=operation: op(self, other))
        setattr(Tensor, f"__r{name}__", _reflected(operation))
    Tensor.__neg__ = lambda self: elementwise.negative(self)
    Tensor.__pow__ = _power
    Tensor.__getitem__ = lambda self, index: shape.getitem(self, index=index)
    Tensor.sum = _reduction(reduction.sum)
    Tensor.mean = _reduction(reduction.mean)
    Tensor.max = _reduction(reduction.max)
    Tensor.reshape = _reshape
    Tensor.transpose = _transpose
    Tensor.T = property(_transpose, doc="The tensor with its axes reversed.")
