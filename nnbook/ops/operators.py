"""Python's operators for tensors call the primitives: here stands which calls which."""

from __future__ import annotations

from nnbook.ops import elementwise, linalg, reduction, shape
from nnbook.tensor.operators import Operators


def install() -> None:
    """Give the operators of `Tensor`, which know no operation, what they call."""
    Operators.add = elementwise.add
    Operators.subtract = elementwise.subtract
    Operators.multiply = elementwise.multiply
    Operators.divide = elementwise.divide
    Operators.matmul = linalg.matmul
    Operators.negative = elementwise.negative
    Operators.power = elementwise.power
    Operators.getitem = shape.getitem
    Operators.sum = reduction.sum
    Operators.mean = reduction.mean
    Operators.max = reduction.max
    Operators.reshape = shape.reshape
    Operators.transpose = shape.transpose
