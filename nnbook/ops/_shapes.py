"""What several rules need to know about shapes: undoing a broadcast, naming what is wrong."""

from __future__ import annotations

import numpy as np

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
        try:
            there = -x.ndim <= a < x.ndim
        except TypeError:  # a list, say, or a name
            there = False
        if not there:
            raise ValueError(f"{name}: axis {a!r} is not one of the {x.ndim} axes of {x.shape}")


def cannot_broadcast(name: str, **arrays: Array) -> ValueError:
    """Make the error for arrays that do not broadcast; it names the last axis that differs.

    A rule lets NumPy find out and says it in these words: what fits is not looked at twice.
    """
    got = ", ".join(f"{letter} {x.shape}" for letter, x in arrays.items())
    for axis in range(-1, -1 - max(x.ndim for x in arrays.values()), -1):
        lengths = [x.shape[axis] for x in arrays.values() if x.ndim >= -axis]
        if len({*lengths} - {1}) > 1:
            got += f": axis {axis} has the lengths {' and '.join(map(str, lengths))}"
            break
    return ValueError(f"{name} expected shapes that broadcast, got {got}")


def number(name: str, what: str, value: int, *, least: int) -> int:
    """Return an integer; refuse what is none, or below `least`."""
    if not is_integer(value, least):
        raise ValueError(
            f"{name} expected {what} to be an integer of at least {least}, got {value!r}"
        )
    return int(value)


def is_integer(value: object, least: int) -> bool:
    """Whether the value is an integer, of Python or of NumPy, of at least `least`."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        return False
    return bool(value >= least)
