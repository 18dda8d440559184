"""Wrong activation functions, and wrong dropout."""

import math

import numpy as np

from nnbook.ops.activation import logistic
from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, stale, usual


def sigmoid_of_the_input(x):
    return logistic(x), lambda g: (g * x * (1 - x),)


def sigmoid_once(x):
    y = logistic(x)
    return y, lambda g: (g * y,)


def tanh_without_square(x):
    y = np.tanh(x)
    return y, lambda g: (g * (1 - y),)


def tanh_of_the_input(x):
    return np.tanh(x), lambda g: (g * (1 - x * x),)


def relu_by_the_cotangent(x):
    return np.maximum(x, 0), lambda g: (np.maximum(g, 0),)


def relu_lets_all_through(x):
    return np.maximum(x, 0), lambda g: (g,)


def relu_in_place(x):
    y = np.maximum(x, 0)

    def pullback(g):
        g[y <= 0] = 0
        return (g.copy(),)

    return y, pullback


def leaky_relu_is_not_leaky(x, *, slope=0.01):
    return np.where(x > 0, x, slope * x), lambda g: (g * (x > 0),)


def leaky_relu_of_the_default(x, *, slope=0.01):
    y = np.where(x > 0, x, slope * x)
    return y, lambda g: (np.where(x > 0, g, g.dtype.type(0.01) * g),)


def elu_without_alpha(x, *, alpha=1.0):
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return y, lambda g: (np.where(x > 0, g, g * (y + 1)),)


def elu_of_the_value(x, *, alpha=1.0):
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return y, lambda g: (np.where(x > 0, g, g * y),)


def _gelu(x, inner):
    c, a = math.sqrt(2 / math.pi), 0.044715
    t = np.tanh(c * (x + a * x * x * x))
    return 0.5 * x * (1 + t), lambda g: (
        g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner(x, c, a)),
    )


def gelu_without_inner_derivative(x):
    return _gelu(x, lambda x, c, a: c)


def gelu_with_one_a(x):
    return _gelu(x, lambda x, c, a: c * (1 + a * x * x))


def silu_is_sigmoid(x):
    s = logistic(x)
    return x * s, lambda g: (g * s,)


def silu_product_rule_half(x):
    s = logistic(x)
    return x * s, lambda g: (g * x * s * (1 - s),)


def softplus_is_relu(x):
    y = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y, lambda g: (g * (x > 0),)


def softplus_of_the_value(x):
    y = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y, lambda g: (g * logistic(y),)


def dropout_not_scaled_back(x, *, mask, rate):
    return x * mask / (1 - x.dtype.type(rate)), lambda g: (g * mask,)


def dropout_of_everything(x, *, mask, rate):
    scale = x.dtype.type(1 / (1 - rate))
    return x * mask * scale, lambda g: (g * scale,)


def dropout_eats_its_mask(x, *, mask, rate):
    scale = x.dtype.type(1 / (1 - rate))

    def pullback(g):
        dx = g * mask * scale
        mask[...] = False
        return (dx,)

    return x * mask * scale, pullback


def gelu_exact_is_the_normal(x):
    y, _ = REGISTRY["gelu_exact"].rule(x)
    return y, lambda g: (g * (y / x),)


def gelu_exact_of_another_density(x):
    y, _ = REGISTRY["gelu_exact"].rule(x)
    return y, lambda g: (g * (y / x + x * np.exp(-x * x) / math.sqrt(2 * math.pi)),)


FAULTS = [
    *usual("sigmoid"),
    Fault("sigmoid", "x in place of y", sigmoid_of_the_input),
    Fault("sigmoid", "1 - y forgotten", sigmoid_once),
    *usual("tanh"),
    Fault("tanh", "y not squared", tanh_without_square),
    Fault("tanh", "x in place of y", tanh_of_the_input),
    *usual("relu"),
    Fault("relu", "the cotangent cut at 0", relu_by_the_cotangent),
    Fault("relu", "everything let through", relu_lets_all_through),
    Fault("relu", "the cotangent used as scratch", relu_in_place),
    Fault("relu", "the memory of the last call", stale("relu")),
    *usual("leaky_relu"),
    Fault("leaky_relu", "nothing below zero", leaky_relu_is_not_leaky),
    Fault("leaky_relu", "always the default slope", leaky_relu_of_the_default),
    *usual("elu"),
    Fault("elu", "1 in place of alpha", elu_without_alpha),
    Fault("elu", "alpha not added", elu_of_the_value),
    *usual("gelu"),
    Fault("gelu", "the inner derivative without its square", gelu_without_inner_derivative),
    Fault("gelu", "a in place of 3a", gelu_with_one_a),
    *usual("silu"),
    *usual("gelu_exact"),
    Fault("gelu_exact", "only the first half of the product rule", gelu_exact_is_the_normal),
    Fault("gelu_exact", "the density of another scale", gelu_exact_of_another_density),
    Fault("silu", "only the first half of the product rule", silu_is_sigmoid),
    Fault("silu", "only the second half of the product rule", silu_product_rule_half),
    *usual("softplus"),
    Fault("softplus", "the derivative of ReLU", softplus_is_relu),
    Fault("softplus", "σ of the value", softplus_of_the_value),
    *usual("dropout"),
    Fault("dropout", "the cotangent not scaled", dropout_not_scaled_back),
    Fault("dropout", "the mask forgotten", dropout_of_everything),
    Fault("dropout", "the mask overwritten", dropout_eats_its_mask),
]
