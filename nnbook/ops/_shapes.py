"""What several rules need to know about shapes: undoing a broadcast, naming a wrong axis."""

from __future__ import annotations

from nnbook.tensor import Array


def sum_to(g: Array, shape: tuple[int, ...]) -> Array:
    """Sum `g` over the axes along which an array of `shape` was broadcast.

    An input that was used several times gets the sum of the cotangents of all its uses.
    """
    if g.shape == shape:
        return g
    extra = g.ndim - len(shape)
    stretched = tuple(i + extra for i, n in enumerate(shape) if n == 1 and g.shape[i + extra] != 1)
    return g.sum(axis=(*range(extra), *stretched)).reshape(shape)


def check_axis(name: str, x: Array, axis: int | tuple[int, ...] | None) -> None:
    """Refuse an axis that `x` does not have."""
    for a in () if axis is None else (axis if isinstance(axis, tuple) else (axis,)):
        if not -x.ndim <= a < x.ndim:
            raise ValueError(f"{name}: axis {a} is not one of the {x.ndim} axes of {x.shape}")
