"""What a module keeps: parameters, which training changes, and buffers, which it does not."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.tensor.tape import Array
from nnbook.tensor.tensor import Tensor, real_numbers


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
        if self._data.dtype.char not in "fd":
            expected = "float32 or float64" if self.dtype.kind == "f" else "floating-point data"
            raise TypeError(f"a Parameter expected {expected}, got dtype {self.dtype}")
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
        values = real_numbers("Parameter.data", values)
        if values.shape != self.shape:
            raise ValueError(f"this parameter has shape {self.shape}, got values of {values.shape}")
        self._values[...] = values
        self.version += 1

    def accumulate(self, gradient: Array) -> None:
        """Add to the gradient, which lies in `gradient_view` if there is one."""
        view = self.gradient_view
        if view is None:
            super().accumulate(gradient)
            return
        if self.grad is None:
            view[...] = gradient
        else:  # which is the view itself, or what somebody assigned
            np.add(self.grad, gradient, out=view)
        self.grad = view

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
