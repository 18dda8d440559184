"""Tensor: an array on the tape."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.tensor.tape import Array, Node, blame, walk_back


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
    version = 0  # how often the values changed; a Parameter's can
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


def real_numbers(name: str, values: Any) -> Array:
    """Return the values as an array; refuse a Tensor, and what is no real number."""
    if isinstance(values, Tensor):
        raise TypeError(f"{name} expected an array, got a Tensor; use its .data")
    values = np.asarray(values)
    if values.dtype.kind not in "biuf":  # a complex number would lose its imaginary part
        raise TypeError(f"{name} expected real numbers, got dtype {values.dtype}")
    return values
