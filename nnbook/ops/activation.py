"""Activation functions: the nonlinear step of a neuron, with its derivative."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.tensor import Array, Input, Pullback, primitive


def logistic(x: Array) -> Array:
    """Compute σ(x) = 1 / (1 + e⁻ˣ) as (1 + tanh(x/2)) / 2, which cannot overflow.

    Fast, and right to a rounding of 1, which is what a gate needs. `sigmoid` is right to a rounding
    of its value, however small that is.
    """
    y = np.tanh(0.5 * x)
    y *= 0.5
    y += 0.5
    return y


def exact_logistic(x: Array) -> tuple[Array, Array]:
    """Return σ(x) and σ(-x), each to a rounding of itself: the smaller is e^-|x| / (1 + e^-|x|)."""
    e = np.exp(-np.abs(x))
    return logistic_of(x, e), logistic_of(-x, e)


def logistic_of(x: Array, e: Array) -> Array:
    """Compute σ(x) from e^-|x|, to a rounding of itself: 1 / (1 + e), or e / (1 + e) below 0."""
    y = np.maximum(np.sign(x), e)  # e is at most 1, and 1 at 0; np.where takes five times as long
    y /= 1 + e
    return y


@primitive
def sigmoid(x: Input) -> tuple[Array, Pullback]:
    """Logistic sigmoid: y = 1 / (1 + e⁻ˣ). dy/dx = y (1 - y). Any shape, to the same shape.

    Book: :eq:`eq-sigmoid`.
    """
    y, rest = exact_logistic(x)
    return y, lambda g: (g * y * rest,)


@primitive
def tanh(x: Input) -> tuple[Array, Pullback]:
    """Hyperbolic tangent: y = tanh x. dy/dx = 1 - y². Any shape, to the same shape.

    Book: :eq:`eq-tanh`.
    """
    y = np.tanh(x)
    return y, lambda g: (g * (1 - y * y),)


@primitive
def relu(x: Input) -> tuple[Array, Pullback]:
    """Rectified linear unit: y = max(0, x). dy/dx = 1 where x > 0, else 0. Any shape.

    At 0 the slope is 0, by convention.

    Book: :eq:`eq-relu`. Source: Nair and Hinton (2010).
    """
    y = x.clip(0, math.inf)  # five times as fast as np.maximum(x, 0)
    return y, lambda g: (np.multiply(g, y > 0),)


@primitive
def leaky_relu(x: Input, *, slope: float = 0.01) -> tuple[Array, Pullback]:
    """Leaky ReLU: y = x where x > 0, else `slope` · x. dy/dx = 1 or `slope`. Any shape.

    Book: :eq:`eq-leaky-relu`. Source: Maas, Hannun and Ng (2013).
    """
    factor = (x > 0).astype(x.dtype)
    factor *= 1 - slope
    factor += slope
    return x * factor, lambda g: (g * factor,)


@primitive
def elu(x: Input, *, alpha: float = 1.0) -> tuple[Array, Pullback]:
    """Exponential linear unit: y = x where x > 0, else α (eˣ - 1). dy/dx = 1, or α eˣ = y + α.

    Any shape.

    Book: :eq:`eq-elu`. Source: Clevert, Unterthiner and Hochreiter (2016).
    """
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    # y + α is α eˣ, of which it has lost the digits far below zero
    return y, lambda g: (np.where(x > 0, g, g * alpha * np.exp(np.minimum(x, 0))),)


@primitive
def gelu(x: Input) -> tuple[Array, Pullback]:
    """Gaussian error linear unit, in its tanh form: y = x/2 · (1 + t), t = tanh(c (x + a x³)).

    c = √(2/π), a = 0.044715. dy/dx = (1 + t)/2 + x/2 · (1 - t²) · c (1 + 3a x²).
    Any shape. The form with tanh is the paper's approximation of x Φ(x); they differ by less than
    0.001. It is PyTorch's `approximate="tanh"`, not its default, which is `gelu_exact`.

    Book: :eq:`eq-gelu`. Source: Hendrycks and Gimpel (2016).
    """
    c, a = math.sqrt(2 / math.pi), 0.044715
    t, y = np.empty_like(x), np.empty_like(x)
    with _blocks(x, out=(t, y)) as blocks:
        for x_, t_, y_ in blocks:
            np.multiply(x_, x_, out=t_)
            t_ *= c * a
            t_ += c
            t_ *= x_
            np.tanh(t_, out=t_)
            np.add(t_, 1, out=y_)
            y_ *= x_
            y_ *= 0.5

    def pullback(g: Array) -> tuple:
        slope = np.empty_like(x)
        with _blocks(x, t, g, out=(slope,)) as blocks:
            for x_, t_, g_, slope_ in blocks:
                inner = x_ * x_
                inner *= 1.5 * c * a
                inner += 0.5 * c
                inner *= x_  # x/2 · c (1 + 3a x²)
                np.multiply(t_, t_, out=slope_)
                np.subtract(1, slope_, out=slope_)
                slope_ *= inner
                slope_ += np.multiply(t_, 0.5, out=inner)
                slope_ += 0.5
                slope_ *= g_
        return (slope,)

    return y, pullback


@primitive
def gelu_exact(x: Input) -> tuple[Array, Pullback]:
    """Gaussian error linear unit: y = x Φ(x), Φ the normal distribution. dy/dx = Φ(x) + x φ(x).

    φ(x) = e^(-x²/2) / √(2π). Any shape. The form with tanh, `gelu`, is some thirty times faster,
    because NumPy has no Φ and Python's error function takes one number at a time.
    Source: Hendrycks and Gimpel (2016).
    """
    # Φ(x) = erfc(-x/√2) / 2, which keeps its digits far below zero too
    cdf = 0.5 * np.asarray(_erfc(x * -math.sqrt(0.5)), np.float64).astype(x.dtype)

    def pullback(g: Array) -> tuple:
        density = np.exp(-0.5 * x * x) * (1 / math.sqrt(2 * math.pi))
        return (g * (cdf + x * density),)

    return x * cdf, pullback


_erfc = np.frompyfunc(math.erfc, 1, 1)


def _blocks(*arrays: Array, out: tuple[Array, ...]) -> np.nditer:
    """Walk through arrays of one shape, and those to write to, some thousand entries at a time.

    A formula of many steps then has its entries in the processor's cache from the first step to the
    last. On long arrays that is half as fast again as each step over all of them.
    """
    uses: Any = [["readonly"]] * len(arrays) + [["writeonly"]] * len(out)
    return np.nditer(
        [*arrays, *out],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=uses,
        buffersize=32768,
    )


@primitive
def silu(x: Input) -> tuple[Array, Pullback]:
    """Sigmoid linear unit (swish): y = x σ(x). dy/dx = σ + y (1 - σ). Any shape.

    Book: :eq:`eq-silu`. Source: Elfwing, Uchibe and Doya (2018).
    """
    s, rest = exact_logistic(x)
    return x * s, lambda g: (g * (s * (1 + x * rest)),)


@primitive
def softplus(x: Input) -> tuple[Array, Pullback]:
    """Softplus: y = ln(1 + eˣ) = max(x, 0) + ln(1 + e^-|x|). dy/dx = σ(x). Any shape.

    Book: :eq:`eq-softplus`.
    """
    e = np.exp(-np.abs(x))
    return np.maximum(x, 0) + np.log1p(e), lambda g: (g * logistic_of(x, e),)
