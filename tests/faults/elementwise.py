"""Wrong arithmetic and elementary functions."""

import numpy as np

from nnbook.ops._shapes import sum_to
from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, drop_sum, flipped_sign, stale, swapped, usual


def add_without_sum(a, b):
    return a + b, lambda g: (g, g)


def add_means_what_it_should_sum(a, b):
    def back(g, x):
        return sum_to(g, x.shape) / g.dtype.type(max(1, g.size // max(1, x.size)))

    return a + b, lambda g: (back(g, a), back(g, b))


def subtract_adds(a, b):
    return a - b, lambda g: (sum_to(g, a.shape), sum_to(g, b.shape))


def multiply_sums_before_the_product(a, b):
    def pullback(g):
        return sum_to(g, a.shape) * sum_to(b, a.shape), sum_to(g * a, b.shape)

    return a * b, pullback


def multiply_in_place(a, b):
    def pullback(g):
        db = sum_to(g * a, b.shape)
        g *= b
        return sum_to(g, a.shape), db

    return a * b, pullback


def divide_forgets_a_factor(a, b):
    return a / b, lambda g: (sum_to(g / b, a.shape), sum_to(-g * a / b, b.shape))


def power_keeps_the_exponent(x, *, exponent):
    return x**exponent, lambda g: (g * (exponent * x**exponent),)


def power_forgets_the_factor(x, *, exponent):
    return x**exponent, lambda g: (g * x ** (exponent - 1),)


def exp_of_the_value(x):
    y = np.exp(x)
    return y, lambda g: (g * np.exp(y),)


def exp_writes_to_its_value(x):
    y = np.asarray(np.exp(x))

    def pullback(g):
        np.multiply(y, g, out=y)
        return (y.copy(),)

    return y, pullback


def log_of_the_value(x):
    y = np.log(x)
    return y, lambda g: (g / y,)


def sqrt_without_the_two(x):
    y = np.sqrt(x)
    return y, lambda g: (g / y,)


def sqrt_with_a_float64_two(x):
    y = np.sqrt(x)
    return y, lambda g: (g / (np.float64(2) * y),)


def absolute_without_sign(x):
    return np.abs(x), lambda g: (g,)


def sin_without_cos(x):
    return np.sin(x), lambda g: (g * np.sin(x),)


def cos_with_a_sign(x):
    return np.sin(x), lambda g: (-g * np.cos(x),)


def maximum_gives_to_both(a, b):
    return np.maximum(a, b), lambda g: (sum_to(g, a.shape), sum_to(g, b.shape))


def maximum_of_the_sum(a, b):
    def pullback(g):
        to_a = (a > b).astype(g.dtype)
        return sum_to(g, a.shape) * sum_to(to_a, a.shape), sum_to(g * (1 - to_a), b.shape)

    return np.maximum(a, b), pullback


def maximum_gives_to_each_winner(a, b):
    def pullback(g):
        return sum_to(g * (a >= b), a.shape), sum_to(g * (b >= a), b.shape)

    return np.maximum(a, b), pullback


def where_ignores_the_mask(a, b, *, mask):
    return np.where(mask, a, b), lambda g: (sum_to(g, a.shape), sum_to(g, b.shape))


def cos_without_sin(x):
    return np.cos(x), lambda g: (-g * np.cos(x),)


def clip_lets_all_through(x, **limits):
    return REGISTRY["clip"].rule(x, **limits)[0], lambda g: (g,)


def clip_ignores_the_upper_limit(x, *, low=None, high=None):
    lowest = -np.inf if low is None else low
    return REGISTRY["clip"].rule(x, low=low, high=high)[0], lambda g: (g * (x >= lowest),)


def minimum_gives_to_both(a, b):
    return np.minimum(a, b), lambda g: (sum_to(g, a.shape), sum_to(g, b.shape))


FAULTS = [
    *usual("add", 2),
    Fault("add", "not summed over what was broadcast", add_without_sum),
    Fault("add", "a mean in place of the sum", add_means_what_it_should_sum),
    *usual("subtract", 2),
    Fault("subtract", "the sign of b forgotten", subtract_adds),
    Fault("subtract", "a and b exchanged", swapped("subtract")),
    *usual("multiply", 2),
    Fault("multiply", "a and b exchanged", swapped("multiply")),
    Fault("multiply", "summed before the product", multiply_sums_before_the_product),
    Fault("multiply", "the cotangent used as scratch", multiply_in_place),
    Fault("multiply", "the memory of the last call", stale("multiply")),
    *usual("divide", 2),
    Fault("divide", "b in place of b²", divide_forgets_a_factor),
    Fault("divide", "db from the first use only", drop_sum("divide", 1)),
    *usual("negative"),
    *usual("power"),
    Fault("power", "the exponent not lowered", power_keeps_the_exponent),
    Fault("power", "the factor p forgotten", power_forgets_the_factor),
    *usual("exp"),
    Fault("exp", "the derivative at the value", exp_of_the_value),
    Fault("exp", "the value overwritten", exp_writes_to_its_value),
    Fault("exp", "the memory of the last call", stale("exp")),
    *usual("log"),
    Fault("log", "divided by the value", log_of_the_value),
    *usual("sqrt"),
    Fault("sqrt", "the 2 forgotten", sqrt_without_the_two),
    Fault("sqrt", "a 2 in float64", sqrt_with_a_float64_two),
    *usual("absolute"),
    Fault("absolute", "the sign forgotten", absolute_without_sign),
    *usual("sin"),
    Fault("sin", "sine in place of cosine", sin_without_cos),
    Fault("sin", "minus the cosine", cos_with_a_sign),
    *usual("cos"),
    Fault("cos", "the sign forgotten", flipped_sign("cos", 0)),
    Fault("cos", "cosine in place of sine", cos_without_sin),
    *usual("clip"),
    Fault("clip", "all let through", clip_lets_all_through),
    Fault("clip", "the upper limit ignored", clip_ignores_the_upper_limit),
    *usual("minimum", 2),
    Fault("minimum", "both get the cotangent", minimum_gives_to_both),
    Fault("minimum", "the loser gets it", swapped("minimum")),
    *usual("maximum", 2),
    Fault("maximum", "both get the cotangent", maximum_gives_to_both),
    Fault("maximum", "the loser gets it", swapped("maximum")),
    Fault("maximum", "ties counted for both", maximum_gives_to_each_winner),
    Fault("maximum", "summed before it is shared out", maximum_of_the_sum),
    *usual("where", 2),
    Fault("where", "the mask ignored", where_ignores_the_mask),
    Fault("where", "the mask turned around", swapped("where")),
]
