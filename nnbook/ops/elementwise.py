"""Arithmetic and elementary functions, entry by entry."""

from __future__ import annotations

import numpy as np

from nnbook.ops._shapes import cannot_broadcast, sum_to
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive(integers=True)
def add(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Add: y = a + b, with broadcasting. dy/da = 1, dy/db = 1.

    Shapes that do not broadcast raise a ValueError. Book: :eq:`eq-broadcast`.
    """

    try:
        y = a + b
    except ValueError:
        raise cannot_broadcast("add", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        return sum_to(g, a.shape), sum_to(g, b.shape)

    return y, pullback


@primitive(integers=True)
def subtract(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Subtract: y = a - b, with broadcasting. dy/da = 1, dy/db = -1.

    Shapes that do not broadcast raise a ValueError. Book: :eq:`eq-broadcast`.
    """

    try:
        y = a - b
    except ValueError:
        raise cannot_broadcast("subtract", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        return sum_to(g, a.shape), sum_to(-g, b.shape)

    return y, pullback


@primitive(integers=True)
def multiply(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Multiply: y = a b, with broadcasting. dy/da = b, dy/db = a.

    Shapes that do not broadcast raise a ValueError. Book: :eq:`eq-broadcast`.
    """

    try:
        y = a * b
    except ValueError:
        raise cannot_broadcast("multiply", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        return sum_to(g * b, a.shape), sum_to(g * a, b.shape)

    return y, pullback


@primitive
def divide(a: Input, b: Input) -> tuple[Array, Pullback]:
    """Divide: y = a / b, with broadcasting. dy/da = 1 / b, dy/db = -a / b² = -y / b.

    Shapes that do not broadcast raise a ValueError. Book: :eq:`eq-broadcast`.
    """
    try:
        y = a / b
    except ValueError:
        raise cannot_broadcast("divide", a=a, b=b) from None

    def pullback(g: Array) -> tuple:
        ga = g / b
        return sum_to(ga, a.shape), sum_to(-ga * y, b.shape)

    return y, pullback


@primitive(integers=True)
def negative(x: Input) -> tuple[Array, Pullback]:
    """Change the sign: y = -x. dy/dx = -1. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    return -x, lambda g: (-g,)


@primitive
def power(x: Input, *, exponent: float) -> tuple[Array, Pullback]:
    """Raise to a constant power: y = xᵖ. dy/dx = p xᵖ⁻¹, and 0 everywhere for p = 0. Any shape.

    Squares are written as products, which NumPy computes many times faster than powers. An exponent
    that is not one real number raises a TypeError.
    Book: :eq:`eq-entrywise`.
    """
    if not isinstance(exponent, (int, float, np.integer)):
        raise TypeError(f"power expected a real number as exponent, got {exponent!r}")
    if exponent == 2:
        return x * x, lambda g: (2 * g * x,)
    if exponent == 0:  # where x is 0 too, 0 · x⁻¹ would be NaN
        return np.ones_like(x), lambda g: (np.zeros_like(g),)

    def pullback(g: Array) -> tuple:
        return (g * (exponent * x ** (exponent - 1)),)

    return x**exponent, pullback


@primitive
def exp(x: Input) -> tuple[Array, Pullback]:
    """Exponential: y = eˣ. dy/dx = y. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    y = np.exp(x)
    return y, lambda g: (g * y,)


@primitive
def log(x: Input) -> tuple[Array, Pullback]:
    """Natural logarithm: y = ln x. dy/dx = 1 / x. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    return np.log(x), lambda g: (g / x,)


@primitive
def sqrt(x: Input) -> tuple[Array, Pullback]:
    """Square root: y = √x. dy/dx = 1 / (2y). Any shape.

    Book: :eq:`eq-entrywise`.
    """
    y = np.sqrt(x)
    return y, lambda g: (g / (2 * y),)


@primitive(integers=True)
def absolute(x: Input) -> tuple[Array, Pullback]:
    """Absolute value: y = |x|. dy/dx = sign x, and 0 at 0. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    return np.abs(x), lambda g: (g * np.sign(x),)


@primitive
def sin(x: Input) -> tuple[Array, Pullback]:
    """Sine: y = sin x, x in radians. dy/dx = cos x. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    return np.sin(x), lambda g: (g * np.cos(x),)


@primitive
def cos(x: Input) -> tuple[Array, Pullback]:
    """Cosine: y = cos x, x in radians. dy/dx = -sin x. Any shape.

    Book: :eq:`eq-entrywise`.
    """
    return np.cos(x), lambda g: (-g * np.sin(x),)
