"""Right answers computed in another way: pullbacks by the tape, complex steps, Jacobians, loops."""

import math

import numpy as np
import pytest

from nnbook import ops
from nnbook.nn import Parameter
from nnbook.teaching import judge


def taped(f, given=1):
    """Return an operation whose first `given` inputs get their cotangents from the tape."""

    def operation(*inputs):
        def pullback(G):
            leaves = [Parameter(np.array(x)) for x in inputs[:given]]
            ops.sum(f(*leaves, *inputs[given:]) * G).backward()
            return tuple(leaf.grad for leaf in leaves)

        return f(*map(Parameter, inputs[:given]), *inputs[given:]).data, pullback

    return operation


def stepped(f):
    """Return an operation, entry by entry, whose slope is found by a complex step."""
    return lambda x: (f(x), lambda G: (G * np.imag(f(x + 1e-30j)) / 1e-30,))


def in_loops(f, slope):
    """Return an operation that takes one number after the other."""
    return lambda x, *rest: (
        np.vectorize(lambda v: f(v, *rest), otypes=[float])(x),
        lambda G: (G * np.vectorize(lambda v: slope(v, *rest), otypes=[float])(x),),
    )


def by_jacobians(f, jacobian):
    """Return an operation on rows whose pullback is a product with each row's Jacobian."""
    return lambda X: (
        np.array([f(x) for x in X]),
        lambda G: (np.array([g @ jacobian(x) for x, g in zip(X, G)]),),
    )


def softmax(z):
    e = np.exp(z - max(z))
    return e / sum(e)


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def normalize_by_jacobian(x):
    r = math.hypot(*x)
    return x / r, lambda g: ((np.eye(len(x)) / r - np.outer(x, x) / r**3) @ g,)


def huber_by_its_clip(Y, T, delta):
    C = np.clip(Y - T, -delta, delta)
    return np.mean(C * (Y - T - C / 2)), lambda g: (g * C / C.size,)


def mean_in_loops(loss, slope):
    """Return a mean loss of outputs and targets, one pair after the other."""

    def operation(Y, T, *rest):
        pairs = list(zip(Y.ravel(), T.ravel()))
        slopes = np.reshape([slope(y, t, *rest) for y, t in pairs], Y.shape)
        return sum(loss(y, t, *rest) for y, t in pairs) / Y.size, lambda g: (g * slopes / Y.size,)

    return operation


def residual_by_einsum(X, W):
    Z = np.einsum("bi,io->bo", X, W)

    def pullback(G):
        H = np.where(Z > 0, G, 0)
        return G + np.einsum("bo,io->bi", H, W), np.einsum("bi,bo->io", X, H)

    return X + Z.clip(min=0), pullback


def softplus_by_cases(z):
    return z if z > 40 else math.log1p(math.exp(z))


def softplus_slope_by_cases(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def two_layers_taped(X, T, *parameters):
    leaves = [Parameter(p) for p in parameters]
    W1, b1, W2, b2 = leaves
    D = ops.tanh(X @ W1 + b1) @ W2 + b2 - T
    ops.mean(D * D).backward()
    return [leaf.grad for leaf in leaves]


def two_layers_row_by_row(X, T, W1, b1, W2, b2):
    found = [np.zeros_like(p) for p in (W1, b1, W2, b2)]
    for x, t in zip(X, T):
        a = np.tanh(x @ W1 + b1)
        g = 2 * (a @ W2 + b2 - t) / T.size
        h = W2 @ g / np.cosh(x @ W1 + b1) ** 2
        for total, part in zip(found, (np.outer(x, h), h, np.outer(a, g), g)):
            total += part
    return tuple(found)


def trapezoid_by_cases(lr, steps, warmup, cooldown):
    def rate(t):
        up, down = (t + 1) / warmup, (steps - t) / cooldown
        if up < 1 and up <= down:
            return lr * up
        return lr * down if down < 1 else lr

    return rate


WAYS = {
    "components.tanh-pullback": (taped(ops.tanh), stepped(np.tanh)),
    "components.gate-pullback": (
        taped(lambda z: z * ops.tanh(z)),
        stepped(lambda z: z * np.tanh(z)),
    ),
    "components.softsign-rule": (
        in_loops(lambda v: v / (1 + abs(v)), lambda v: (1 + abs(v)) ** -2),
        lambda x: ((y := np.sign(x) * (1 - 1 / (1 + abs(x)))), lambda G: (G * (1 - abs(y)) ** 2,)),
    ),
    "components.leaky-pullback": (
        in_loops(lambda v, s: v if v > 0 else s * v, lambda v, s: 1 if v > 0 else s),
        lambda Z, s: (np.maximum(Z, s * Z), lambda G: (np.where(Z > 0, G, s * G),)),
    ),
    "components.softmax-pullback": (taped(ops.softmax), by_jacobians(softmax, softmax_jacobian)),
    "components.stable-softplus": (
        in_loops(softplus_by_cases, softplus_slope_by_cases),
        lambda Z: (np.logaddexp(0, Z), lambda G: (G * np.exp(-np.logaddexp(0, -Z)),)),
    ),
    "components.scale-pullback": (
        taped(lambda X, s: X * s, given=2),
        lambda X, s: (
            np.einsum("bd,d->bd", X, s),
            lambda G: (np.einsum("bd,d->bd", G, s), np.einsum("bd,bd->d", G, X)),
        ),
    ),
    "components.residual-pullback": (
        taped(lambda X, W: X + ops.relu(X @ W), given=2),
        residual_by_einsum,
    ),
    "components.normalize-pullback": (
        taped(lambda x: x / ops.sum(x * x) ** 0.5),
        normalize_by_jacobian,
    ),
    "components.mse-pullback": (
        taped(lambda Y, T: ops.mean((Y - T) * (Y - T))),
        mean_in_loops(lambda y, t: (y - t) ** 2, lambda y, t: 2 * (y - t)),
    ),
    "components.huber-pullback": (
        huber_by_its_clip,
        mean_in_loops(
            lambda y, t, d: (y - t) ** 2 / 2 if abs(y - t) < d else d * abs(y - t) - d * d / 2,
            lambda y, t, d: max(-d, min(d, y - t)),
        ),
    ),
    "components.pinball-loss": (
        mean_in_loops(
            lambda y, t, tau: tau * (t - y) if t > y else (1 - tau) * (y - t),
            lambda y, t, tau: -tau if t > y else 1 - tau,
        ),
        lambda Y, T, tau: (
            np.mean((T - Y) * (tau - (T < Y))),
            lambda g: (g * ((T < Y) - tau) / Y.size,),
        ),
    ),
    "components.poisson-loss": (
        taped(lambda Z, T: ops.mean(ops.exp(Z) - Z * T)),
        mean_in_loops(lambda z, t: math.exp(z) - t * z, lambda z, t: math.exp(z) - t),
    ),
    "components.bce-logits": (
        lambda z, t: np.mean(np.logaddexp(0, z) - z * t),
        lambda z, t: sum(softplus_by_cases(a) - a * b for a, b in zip(z, t)) / len(z),
    ),
    "components.softmax-temperature": (
        lambda Z, T: [softmax(z / T) for z in Z],
        lambda Z, T: np.exp(Z / T - np.logaddexp.reduce(Z / T, axis=1, keepdims=True)),
    ),
    "components.two-layer-gradients": (two_layers_taped, two_layers_row_by_row),
    "components.dual-division": (
        lambda u, v: [u[0] / v[0], u[1] / v[0] - u[0] / v[0] * v[1] / v[0]],
        lambda u, v: ((q := u[0] / v[0]), (u[1] - q * v[1]) / v[0]),
    ),
    "components.trapezoid": (
        trapezoid_by_cases,
        lambda lr, n, up, down: lambda t: lr * np.clip(min((t + 1) / up, (n - t) / down), 0, 1),
    ),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
