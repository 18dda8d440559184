"""What Python's operators on tensors call.

The tape knows no operation, so there are only names here. `nnbook.ops` says which operation each
of them means, in `nnbook/ops/operators.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnbook.tensor.tensor import Tensor


class Operators:
    """The operations behind `a + b`, `a @ b`, `t[i]`, `t.sum()` and the like, by their names."""

    add: Callable[[Any, Any], Tensor]
    subtract: Callable[[Any, Any], Tensor]
    multiply: Callable[[Any, Any], Tensor]
    divide: Callable[[Any, Any], Tensor]
    matmul: Callable[[Any, Any], Tensor]
    negative: Callable[[Any], Tensor]
    power: Callable[..., Tensor]
    getitem: Callable[..., Tensor]
    sum: Callable[..., Tensor]
    mean: Callable[..., Tensor]
    max: Callable[..., Tensor]
    reshape: Callable[..., Tensor]
    transpose: Callable[..., Tensor]
