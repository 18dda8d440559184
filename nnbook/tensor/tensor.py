"""Tensor: an array on the tape."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from nnbook.tensor.operators import Operators
from nnbook.tensor.tape import Array, Node, blame, walk_back

#: What an operation accepts beside tensors: arrays, numbers, and lists of numbers.
TensorLike: TypeAlias = "Tensor | Array | np.generic | float | list | tuple"
Axis = int | tuple[int, ...] | None


class Tensor:
    """An array on the tape.

    Parameters
    ----------
    data : array_like
        The values. Python numbers and lists become float32; an array keeps its dtype, in this
        machine's order of bytes.
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
    version = 0  # how often the values changed; a Parameter's can
    __array_ufunc__ = None  # so that `ndarray @ Tensor` asks the Tensor, not NumPy

    def __init__(self, data: Any, *, requires_grad: bool = False) -> None:
        if isinstance(data, Tensor):
            raise TypeError(
                "Tensor(data) expected an array, got a Tensor; use t.detach() for a copy"
            )
        if not isinstance(data, (Array, np.generic)):
            data = np.asarray(data, np.float32)
        if requires_grad and data.dtype.char not in "fd":
            expected = "float32 or float64" if data.dtype.kind == "f" else "floating-point data"
            raise TypeError(f"only {expected} can have a gradient, got dtype {data.dtype}")
        if not data.dtype.isnative:  # read from a file, say; results would have another dtype
            data = data.astype(data.dtype.type)
        self._data: Array = np.asarray(data)
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.node: Node | None = None
        self.index = 0

    @property
    def data(self) -> Array:
        """The values, an array."""
        return self._data

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of values."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype:
        """The type of the values."""
        return self._data.dtype

    def __len__(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(f"a Tensor of shape {self.shape} is neither true nor false")
        return bool(self._data.item())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        raise TypeError(
            f"expected an array or number, got a Tensor of shape {self.shape}, whose tape would "
            "end here unseen; use its .data or .item()"
        )

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
        TypeError, ValueError
            If this tensor is not a scalar and no cotangent is given, or its shape is wrong, or it
            is no array of real numbers.
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
            if self._data.size != 1:
                raise ValueError(
                    f"backward() without a cotangent expects a scalar, got {self.shape}"
                )
            value = self._data.item()
            if not math.isfinite(value):
                raise FloatingPointError(f"the loss is {value}: {blame(self)}")
            cotangent = np.array(1, self._data.dtype).reshape(self._data.shape)
        else:
            cotangent = real_numbers("backward(cotangent)", cotangent)
            if cotangent.shape != self.shape:
                raise ValueError(
                    f"expected a cotangent of shape {self.shape}, got {cotangent.shape}"
                )
            cotangent = cotangent.astype(self.dtype, copy=False)
        walk_back(self, cotangent, retain_graph)

    def accumulate(self, gradient: Array) -> None:
        """Add to the gradient."""
        # Always an array of its own: one cotangent array may belong to several tensors.
        self.grad = np.array(gradient) if self.grad is None else self.grad + gradient

    # Python's operators. Each calls an operation, which writes the tape.

    def __add__(self, other: TensorLike) -> Tensor:
        return Operators.add(self, other)

    def __radd__(self, other: TensorLike) -> Tensor:
        return Operators.add(other, self)

    def __sub__(self, other: TensorLike) -> Tensor:
        return Operators.subtract(self, other)

    def __rsub__(self, other: TensorLike) -> Tensor:
        return Operators.subtract(other, self)

    def __mul__(self, other: TensorLike) -> Tensor:
        return Operators.multiply(self, other)

    def __rmul__(self, other: TensorLike) -> Tensor:
        return Operators.multiply(other, self)

    def __truediv__(self, other: TensorLike) -> Tensor:
        return Operators.divide(self, other)

    def __rtruediv__(self, other: TensorLike) -> Tensor:
        return Operators.divide(other, self)

    def __matmul__(self, other: TensorLike) -> Tensor:
        return Operators.matmul(self, other)

    def __rmatmul__(self, other: TensorLike) -> Tensor:
        return Operators.matmul(other, self)

    def __neg__(self) -> Tensor:
        return Operators.negative(self)

    def __pow__(self, exponent: float) -> Tensor:
        if isinstance(exponent, Tensor):
            raise TypeError(
                "the exponent must be a number; write exp(log(x) * y) for a tensor exponent"
            )
        return Operators.power(self, exponent=exponent)

    def __getitem__(self, index: Any) -> Tensor:
        return Operators.getitem(self, index=index)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def sum(self, *axes: Axis, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Add up along axes, `t.sum(0, 1)` or `t.sum(axis=(0, 1))`; all of them by default."""
        along: Any = axes[0] if len(axes) == 1 else axes or axis
        return Operators.sum(self, axis=along, keepdims=keepdims)

    def mean(self, *axes: Axis, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Take the mean along axes; all of them by default."""
        along: Any = axes[0] if len(axes) == 1 else axes or axis
        return Operators.mean(self, axis=along, keepdims=keepdims)

    def max(self, *axes: Axis, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Take the largest along axes; all of them by default."""
        along: Any = axes[0] if len(axes) == 1 else axes or axis
        return Operators.max(self, axis=along, keepdims=keepdims)

    def reshape(self, *lengths: int | Sequence[int]) -> Tensor:
        """Give the values another shape, `t.reshape(5, -1)` or `t.reshape((5, -1))`."""
        one: Any = lengths[0] if len(lengths) == 1 else None
        shape = tuple(one) if isinstance(one, (tuple, list)) else lengths
        return Operators.reshape(self, shape=shape)

    def transpose(self, *axes: int) -> Tensor:
        """Put the axes into this order; reverse them by default."""
        return Operators.transpose(self, axes=axes or None)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes reversed."""
        return Operators.transpose(self)


def real_numbers(name: str, values: Any) -> Array:
    """Return the values as an array; refuse a Tensor, and what is no real number."""
    if isinstance(values, Tensor):
        raise TypeError(f"{name} expected an array, got a Tensor; use its .data")
    values = np.asarray(values)
    if values.dtype.kind not in "biuf":  # a complex number would lose its imaginary part
        raise TypeError(f"{name} expected real numbers, got dtype {values.dtype}")
    return values
