"""Wrong answers that readers give, written as they would write them, and the words they are told.

The mistakes that an exercise lists are tested with the exercises. Here are answers that are told
apart without being listed, by another wording of a listed one, or by the exercise's own words.
"""

import math
import struct
from itertools import pairwise

import numpy as np
import pytest

from nnbook import nn
from nnbook.teaching import judge


class Instance(nn.Module):
    def __init__(self, features):
        self.b = nn.Parameter(np.zeros(features, np.float32))
        self.c = nn.Parameter(np.ones(features, np.float32))

    def forward(self, x):
        return x * self.c + self.b


class NoModule:
    def __init__(self, features):
        self.b = np.zeros(features)

    def __call__(self, x):
        return x + self.b


def wrong(name, *pairs):
    return [pytest.param(name, a, told, id=f"{name}-{told[:30]}") for a, told in pairs]


START = [
    *wrong("start.parameter-count", (266_611, "not right"), (-266_610, "wrong sign")),
    *wrong("start.slope-of-a-cubic", ((4.75,), "wrong shape"), (-4.75, "wrong sign")),
    *wrong(
        "start.shift-layer",
        (Instance(3), "expected the class itself"),
        (Instance, "expected one parameter, got 2"),
        (NoModule, "not a Module"),
    ),
    *wrong(
        "components.what-upside-down",
        (lambda x: np.abs(x - np.rot90(x, 2)).mean(axis=(1, 2)), "the batch turned"),
        (lambda x: np.abs(x - x[:, ::-1, ::-1]), "missing mean: take the mean over axes 1 and 2"),
        (lambda x: np.abs(x - x[:, ::-1, ::-1]).sum(axis=(1, 2)), "a sum and a mean"),
    ),
    *wrong(
        "components.what-accuracy",
        (lambda s, t: (s.argmax(axis=0) == t).mean(), "wrong axis"),
        (lambda s, t: s.argmax(axis=1) == t, "missing mean"),
    ),
    *wrong(
        "components.what-constant",
        (lambda t: np.unique(t, return_counts=True)[1].max(), "a count"),
        (lambda t: 1 - np.bincount(t).max() / t.size, "complement"),
    ),
    *wrong("components.what-leak", (3, "should be a string"), (np.zeros(2), "should be a string")),
]


def no_bias_in_the_sum(w, b, x, t):
    return (w + t * x, b + t) if t * np.dot(w, x) <= 0 else (w, b)


def update_nothing_when_right(w, b, x, t):
    if t * (w @ x + b) <= 0:
        return w + t * x, b + t


def sign_in_place_of_target(X, t, w, b):
    wrong_ones = np.sign(X @ w + b) != t
    return w - (t[:, None] * X)[wrong_ones].sum(axis=0), b - t[wrong_ones].sum()


def in_turn(X, t, w, b):
    w = w.copy()
    for i in range(len(X)):
        if t[i] * (X[i] @ w + b) <= 0:
            w += t[i] * X[i]
            b += t[i]
    return w, b


NEURON = [
    *wrong(
        "components.border-distance",
        (lambda X, w, b: -(X @ w + b) / np.sqrt(w @ w), "wrong sign"),
        (lambda X, w, b: ((X @ w + b) / np.sqrt(w @ w))[:, None], "wrong shape"),
        (lambda X, w, b: (X @ w / np.sqrt(w @ w)) + b, "bias not divided"),
    ),
    *wrong(
        "components.perceptron-step",
        (no_bias_in_the_sum, "bias not in the sum"),
        (update_nothing_when_right, "nothing returned"),
        (lambda w, b, x, t: (w + t * x, b + t), "always updated"),
    ),
    *wrong(
        "components.batch-perceptron",
        (sign_in_place_of_target, "wrong sign: the wrong examples are added"),
        (in_turn, "one after the other"),
        (lambda X, t, w, b: (w, b)[::-1], "value 1 of 2"),
    ),
    *wrong("components.layer-shapes", (((784, 10), (10,), (10, 32), 7850), "outputs transposed")),
    *wrong(
        "components.stack-count",
        (lambda s: sum(a * b + 1 for a, b in pairwise(s)), "one bias for a layer"),
    ),
    *wrong(
        "components.stack-collapse",
        (lambda p: (p[2][0] @ p[1][0] @ p[0][0], p[2][1]), "wrong order"),
        (lambda p: (p[0][0] @ p[1][0] @ p[2][0], p[2][1]), "biases of the lower layers lost"),
    ),
]


def too_small_a_step(f, x):
    slopes = np.zeros_like(x)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = 1e-11
        step = step.reshape(x.shape)
        slopes.flat[i] = (f(x + step) - f(x - step)) / 2e-11
    return slopes


def leaves_x_changed(f, x):
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += 1e-5
        slopes[i] = f(x)
        x[i] -= 2e-5
        slopes[i] = (slopes[i] - f(x)) / 2e-5
    return slopes


def rows_with_the_wrong_length(rule, x):
    return np.array([rule(x)[1](e)[0] for e in np.eye(x.size)])


SLOPES = [
    *wrong(
        "components.numerical-gradient",
        (too_small_a_step, "nearly right"),
        (leaves_x_changed, "not put back"),
        (lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, "one sum too many"),
    ),
    *wrong(
        "components.second-difference",
        (lambda f, x: (f(x + 1e-4) - f(x) + f(x - 1e-4)) / 1e-8, "f(x) not subtracted twice"),
        (lambda f, x: (f(x + 1e-4) - 2 * f(x) + f(x - 1e-4)) / 4e-8, "divided by (2h)²"),
        (lambda f, x: (2 * f(x) - f(x + 1e-4) - f(x - 1e-4)) / 1e-8, "wrong sign"),
    ),
    *wrong(
        "components.complex-direction", (lambda f, x, v: f(x + 1e-50j * v) / 1e-50, "is complex")
    ),
    *wrong(
        "components.ridge",
        (lambda X, t, p: np.linalg.inv(X.T @ X + len(X) * p) @ X.T @ t, "penalty everywhere"),
        (lambda X, t, p: np.linalg.inv(X @ X.T + p * np.eye(len(X))) @ t, "wrong axis"),
    ),
    *wrong("components.jacobian-by-rows", (rows_with_the_wrong_length, "as many cotangents")),
    *wrong(
        "components.normalize-pullback",
        (
            lambda x: (
                x / np.linalg.norm(x),
                lambda g: (g / np.linalg.norm(x) - x * (x @ g) / np.linalg.norm(x) ** 2,),
            ),
            "value 2 of 2",
        ),
        (lambda x: (x / (x @ x), lambda g: (g,)), "divided by the square"),
    ),
    *wrong(
        "components.steepest-step",
        (lambda g, length: -length * g / np.linalg.norm(g), "zero gradient"),
        (lambda g, length: 0.0 if not g.any() else -length * g / np.linalg.norm(g), "one zero"),
    ),
]


def two_layers(factor=2.0, slope=lambda A, Z: 1 - A**2, bias=lambda g: g.sum(axis=0), turn=False):
    def gradients(X, T, W1, b1, W2, b2):
        Z = X @ W1 + b1
        A = np.tanh(Z)
        dY = factor * (A @ W2 + b2 - T) / T.size
        dZ = dY @ W2.T * slope(A, Z)
        dW2 = A.T @ dY
        return X.T @ dZ, bias(dZ), dW2.T if turn else dW2, bias(dY)

    return gradients


def softmax(axis, sign=-1):
    def forward(Z):
        P = np.exp(Z) / np.exp(Z).sum(axis=axis, keepdims=True)
        return P, lambda G: (P * (G + sign * (G * P).sum(axis=1, keepdims=True)),)

    return forward


BACKWARD = [
    *wrong(
        "components.two-layer-gradients",
        (two_layers(factor=1.0), "a factor of two is missing"),
        (two_layers(factor=-2.0), "wrong sign"),
        (two_layers(bias=lambda g: g), "missing sum over the batch"),
        (two_layers(bias=lambda g: g.sum(axis=1)), "wrong axis"),
        (two_layers(bias=lambda g: g.sum(axis=0, keepdims=True)), "value 2 of 4: wrong shape"),
        (two_layers(slope=lambda A, Z: 1 - Z**2), "slope at the wrong place"),
        (two_layers(turn=True), "value 3 of 4: transposed"),
    ),
    *wrong(
        "components.softmax-pullback",
        (softmax(0), "softmax over the batch"),
        (softmax(1, sign=1), "wrong sign: the mean of G is subtracted"),
    ),
    *wrong(
        "components.scale-pullback",
        (lambda X, s: (X * s, lambda G: (G * s, G * X)), "missing sum over the batch"),
        (lambda X, s: (X * s, lambda G: ((G * X).sum(axis=0), G * s)), "wrong order"),
    ),
    *wrong(
        "components.mse-pullback",
        (lambda Y, T: (((Y - T) ** 2).mean(), lambda g: 2 * (Y - T)), "should return a tuple"),
        (lambda Y, T: (((Y - T) ** 2).mean(), lambda g: (2 * (Y - T) / Y.size,)), "cotangent"),
        (lambda Y, T: (((Y - T) ** 2).sum(), lambda g: (2 * g * (Y - T),)), "a sum and a mean"),
    ),
    *wrong(
        "components.stable-softplus",
        (lambda Z: (np.log(1 + np.exp(Z)), lambda G: (G,)), "overflow"),
        (lambda Z: (np.log1p(np.exp(-np.abs(Z))), lambda G: (G,)), "linear part forgotten"),
    ),
    *wrong(
        "components.softmax-temperature",
        (lambda Z, T: np.exp(Z / T) / np.exp(Z / T).sum(axis=1, keepdims=True), "overflow"),
        (lambda Z, T: np.exp(Z - Z.max(axis=1)), "axis lost"),
    ),
    *wrong(
        "components.bce-logits",
        (lambda z, t: np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))), "missing mean"),
        (lambda z, t: np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))), "z t forgotten"),
    ),
    *wrong(
        "components.filter-normalize",
        (lambda D, W: D / np.sqrt((D**2).sum(axis=0)), "unit length"),
        (lambda D, W: D * np.sqrt((W**2).sum(axis=1)), "wrong axis: a column's length"),
    ),
]


def depth_first(inputs, loss):
    order, stack = [], [loss]
    while stack:
        name = stack.pop()
        if name not in order:
            order.append(name)
            stack.extend(reversed(inputs[name]))
    return order


def nudged_where_it_is(f, theta, nudges):
    best = f(theta)
    for nudge in nudges:
        if f(theta + nudge) < best:
            theta += nudge
            best = f(theta)
    return theta, best


TAPE_AND_STEPS = [
    *wrong("components.topological-order", (depth_first, "depth first")),
    *wrong("components.tape-division", (lambda a, b: (a / b, 1 / b, -a / b**2), "three values")),
    *wrong(
        "components.sum-to-shape",
        (lambda g, shape: g.reshape(shape), "reshaped"),
        (lambda g, shape: g, "value 1 of 5: missing sum: take the sum over axes 0 and 1"),
    ),
    *wrong("components.hessian-vector", (lambda f, w, v: (f(w + v) - f(w)) @ v.T, "wrong axis")),
    *wrong("components.adam-path", (lambda gs, *_: np.zeros((len(gs) + 1, 5)), "has shape")),
    *wrong(
        "components.trapezoid",
        (lambda lr, n, up, down: [lr] * n, "expected a function of t"),
        (lambda lr, n, up, down: lambda t: min(1, (t + 1) / up, (n - t) / down), "η forgotten"),
    ),
    *wrong(
        "components.search-climb",
        (nudged_where_it_is, "nudged in place"),
        (lambda f, theta, nudges: theta, "expected two things, the weights and their loss"),
    ),
    *wrong(
        "components.search-tries",
        (lambda p, q: 1 + math.ceil(math.log(1 - q) / math.log(1 - p)), "one too many"),
    ),
    *wrong(
        "components.search-two-sided",
        (lambda f, x, e: np.array([f(x + e * i) - f(x - e * i) for i in np.eye(5)]), "not divided"),
    ),
]


def refuse_without_a_word(raw):
    raise ValueError


def shuffled_in_fixed_batches(n, size, rng):
    return [rng.permutation(part) for part in np.split(np.arange(n), range(size, n, size))]


def with_a_small_number(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0) + 1e-8
    return (train - mean) / deviation, (test - mean) / deviation


def labels_in_a_list(raw):
    if raw[:4] != b"\0\0\x08\x01" or len(raw) != 8 + struct.unpack(">I", raw[4:8])[0]:
        raise ValueError("bad")
    return list(raw[8:])


def labels_with_assert(raw):
    assert raw[:4] == b"\0\0\x08\x01"
    return np.array(list(raw[8:]))


def labels_of_longer_files(raw):
    size = int.from_bytes(raw[4:8], "big")
    if raw[:4] != b"\0\0\x08\x01" or len(raw) < 8 + size:
        raise ValueError("bad")
    return np.frombuffer(raw[8:], np.uint8).astype(np.int64)


def labels_from_the_end(raw):
    if raw[:4] != b"\0\0\x08\x01" or len(raw) != 8 + int.from_bytes(raw[4:8], "little"):
        raise ValueError("bad")
    return np.frombuffer(raw[8:], np.uint8).astype(np.int64)


DENSE = [
    *wrong(
        "dense.init-fans",
        (lambda s: (s[1] * s[2] * s[3], s[0] * s[2] * s[3]), "no case for a dense layer"),
        (lambda s: (math.prod(s[1:]), s[0]) if s[2:] else s, "fan-out without the area"),
    ),
    *wrong("dense.init-repair", (lambda ws, f, X: ws, "nothing changed")),
    *wrong(
        "dense.norm-running",
        (lambda batches, m: (batches[-1].mean(axis=0), batches[-1].var(axis=0)), "the last batch"),
    ),
    *wrong(
        "dense.norm-unit",
        (lambda X: (X / np.linalg.norm(X, axis=1), lambda G: (G,)), "axis lost"),
        (lambda X: (X / np.linalg.norm(X), lambda G: (G,)), "one length for all"),
    ),
    *wrong(
        "dense.read-labels",
        (labels_in_a_list, "expected an array of int64, got 7 values"),
        (labels_with_assert, "for a damaged file expected a ValueError, got AssertionError"),
        (labels_of_longer_files, "longer files accepted"),
        (labels_from_the_end, "a right file is refused: bad"),
        (refuse_without_a_word, "a right file is refused"),
        (lambda raw: np.frombuffer(raw, np.uint8), "head read as labels"),
    ),
    *wrong("dense.make-batches", (shuffled_in_fixed_batches, "shuffle all rows")),
    *wrong(
        "dense.standardize",
        (lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0)), "zero deviation"),
        (lambda a, b: (a - a.mean(axis=0), b - a.mean(axis=0)), "not divided"),
        (with_a_small_number, "a small number added"),
        (lambda a, b: (a - a.mean(axis=1), b), "could not be broadcast"),
    ),
    *wrong(
        "dense.nearest-mean-layer",
        (lambda m: (m, -0.5 * (m * m).sum(axis=1)), "transposed"),
        (
            lambda m: (m.T, -0.5 * (m * m).sum(axis=1, keepdims=True)),
            "expected W (3, 5) and b (5,)",
        ),
        (lambda m: m.T, "expected two arrays, W and b"),
    ),
]


LATER = [
    *wrong(
        "attention.window",
        (
            lambda T, S, r: 1.0 * (np.abs(np.arange(T)[:, None] - np.arange(S)) <= r),
            "should hold True and False, got float64",
        ),
    ),
    *wrong("attention.gpt-mask", (lambda T, S: np.tri(T, S, S - T, dtype=int), "True and False")),
    *wrong(
        "convolution.padding",
        (lambda K: (K // 2, K // 2), "the answer has shape (2,), expected ()"),
    ),
]


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [*START, *NEURON, *SLOPES, *BACKWARD, *TAPE_AND_STEPS, *DENSE, *LATER],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, told):
    passed, message = judge(name, answer)
    assert not passed
    assert told in message
