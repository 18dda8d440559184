"""Moving entries without changing them: the pullback moves the cotangents back.

Shapes and axes that do not fit raise a ValueError, an index that leads nowhere an IndexError.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.ops._shapes import check_axis, sum_to
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive(integers=True)
def reshape(x: Input, *, shape: tuple[int, ...]) -> tuple[Array, Pullback]:
    """Give the entries another shape; one length may be -1. The cotangent gets the old shape."""
    try:
        y = x.reshape(shape)
    except (TypeError, ValueError):
        raise ValueError(
            f"reshape expected integers, at most one of them -1, that make the {x.size} entries "
            f"of {x.shape}, got {shape!r}"
        ) from None
    return y, lambda g: (g.reshape(x.shape),)


@primitive(integers=True)
def transpose(x: Input, *, axes: tuple[int, ...] | None = None) -> tuple[Array, Pullback]:
    """Reorder the axes (reverse them by default). The cotangent's are put back."""
    axes = tuple(range(x.ndim))[::-1] if axes is None else tuple(axes)
    check_axis("transpose", x, axes)
    axes = tuple(a % x.ndim for a in axes)
    if sorted(axes) != list(range(x.ndim)):
        raise ValueError(
            f"transpose expected each of the {x.ndim} axes of {x.shape} once, got {axes}"
        )
    back = tuple(int(i) for i in np.argsort(axes))
    return x.transpose(axes), lambda g: (g.transpose(back),)


@primitive(integers=True)
def broadcast_to(x: Input, *, shape: tuple[int, ...]) -> tuple[Array, Pullback]:
    """Repeat along axes of length 1 and new leading axes. The cotangents of the copies add up.

    Book: :eq:`eq-broadcast`.
    """
    lengths = zip(x.shape[::-1], shape[::-1])
    if x.ndim > len(shape) or not all(n in (1, length) for n, length in lengths):
        raise ValueError(f"broadcast_to cannot repeat an array of shape {x.shape} to {shape}")
    return np.broadcast_to(x, shape), lambda g: (sum_to(g, x.shape),)


@primitive(integers=True)
def getitem(x: Input, *, index: Any) -> tuple[Array, Pullback]:
    """Pick entries: y = x[index], any shape. An entry gets the sum of its picks' cotangents."""
    try:
        y = np.asarray(x[index])
    except IndexError as error:  # an IndexError again: it is what ends a loop over a tensor
        raise IndexError(f"getitem on the shape {x.shape}: {error}") from None
    parts = index if isinstance(index, tuple) else (index,)
    basic = all(isinstance(p, (int, slice, np.integer, type(None), type(...))) for p in parts)

    def pullback(g: Array) -> tuple:
        dx = np.zeros_like(x)
        if basic:
            dx[index] = g
        else:
            np.add.at(dx, index, g)
        return (dx,)

    return y, pullback


@primitive(integers=True)
def concatenate(*xs: Input, axis: int = 0) -> tuple[Array, Pullback]:
    """Join arrays along an existing axis. Each gets its own stretch of the cotangent."""
    for x in xs:
        check_axis("concatenate", x, (axis,))
    try:
        y = np.concatenate(xs, axis)
    except ValueError:
        raise ValueError(
            f"concatenate expected arrays whose shapes agree but for axis {axis}, got {_shapes(xs)}"
        ) from None
    ends = np.cumsum([x.shape[axis] for x in xs])[:-1]
    return y, lambda g: tuple(np.split(g, ends, axis))


@primitive(integers=True)
def stack(*xs: Input, axis: int = 0) -> tuple[Array, Pullback]:
    """Join arrays of one shape along a new axis. Each gets its own slice of the cotangent."""
    try:
        y = np.stack(xs, axis)
    except np.exceptions.AxisError:
        raise ValueError(
            f"stack: axis {axis} is not one of the {xs[0].ndim + 1} axes of "
            f"stacked arrays {xs[0].shape}"
        ) from None
    except ValueError:
        raise ValueError(f"stack expected arrays of one shape, got {_shapes(xs)}") from None

    def pullback(g: Array) -> tuple:
        return tuple(np.moveaxis(g, axis, 0))

    return y, pullback


def _shapes(xs: tuple) -> str:
    return ", ".join(str(x.shape) for x in xs) or "no array"
