"""Each optimizer against its paper's equations, written out step by step with plain numbers."""

import math

import numpy as np
import pytest

from nnbook import Parameter, optim
from nnbook.optim.optimizer import BLOCK

GRADIENTS = [0.5, -1.5, 2.0, 0.25, -0.75]


def sgd(theta, g, state, t, lr, decay=0.0):
    return theta - lr * (g + decay * theta)


def momentum(theta, g, state, t, lr, mu=0.9, decay=0.0):
    v = state["v"] = mu * state.get("v", 0.0) + g + decay * theta
    return theta - lr * v


def nesterov(theta, g, state, t, lr, mu=0.9, decay=0.0):
    g = g + decay * theta
    v = state["v"] = mu * state.get("v", 0.0) + g
    return theta - lr * (g + mu * v)


def adagrad(theta, g, state, t, lr, eps=1e-10):
    s = state["s"] = state.get("s", 0.0) + g * g
    return theta - lr * g / (math.sqrt(s) + eps)


def rmsprop(theta, g, state, t, lr, rho=0.9, eps=1e-8):
    s = state["s"] = rho * state.get("s", 0.0) + (1 - rho) * g * g
    return theta - lr * g / (math.sqrt(s) + eps)


def adam(theta, g, state, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    v = state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * g * g
    return theta - lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)


def adamw(theta, g, state, t, lr, decay=0.01, **more):
    return adam(theta - lr * decay * theta, g, state, t, lr, **more)


EQUATIONS = [
    (optim.SGD, {}, sgd, {}),
    (optim.SGD, {"decay": 0.3}, sgd, {"decay": 0.3}),
    (optim.Momentum, {}, momentum, {}),
    (optim.Momentum, {"momentum": 0.5, "decay": 0.3}, momentum, {"mu": 0.5, "decay": 0.3}),
    (optim.Momentum, {"momentum": 0.0}, sgd, {}),
    (optim.Nesterov, {}, nesterov, {}),
    (optim.Nesterov, {"momentum": 0.5, "decay": 0.3}, nesterov, {"mu": 0.5, "decay": 0.3}),
    (optim.AdaGrad, {}, adagrad, {}),
    (optim.AdaGrad, {"eps": 0.1}, adagrad, {"eps": 0.1}),
    (optim.RMSProp, {}, rmsprop, {}),
    (optim.RMSProp, {"rho": 0.5, "eps": 0.1}, rmsprop, {"rho": 0.5, "eps": 0.1}),
    (optim.Adam, {}, adam, {}),
    (optim.Adam, {"betas": (0.5, 0.7), "eps": 0.1}, adam, {"beta1": 0.5, "beta2": 0.7, "eps": 0.1}),
    (optim.AdamW, {}, adamw, {}),
    (optim.AdamW, {"decay": 0.3}, adamw, {"decay": 0.3}),
]
KINDS = [
    optim.SGD,
    optim.Momentum,
    optim.Nesterov,
    optim.AdaGrad,
    optim.RMSProp,
    optim.Adam,
    optim.AdamW,
]


@pytest.mark.parametrize(("kind", "options", "equation", "same"), EQUATIONS)
def test_five_steps_of_the_paper_by_hand(kind, options, equation, same):
    p = Parameter(np.array([0.8]))
    optimizer = kind([p], 0.1, **options)
    theta, state = 0.8, {}
    for t, g in enumerate(GRADIENTS, start=1):
        p.grad = np.array([g])
        optimizer.step()
        theta = equation(theta, g, state, t, 0.1, **same)
        assert p.data[0] == pytest.approx(theta, rel=1e-12)
        assert p.grad[0] == g, "a step must not change the gradient"


@pytest.mark.parametrize("kind", KINDS)
def test_one_flat_vector_is_the_same_as_one_array_at_a_time(kind, rng):
    """Also across the border of the blocks in which a step goes through a long vector."""
    shapes = [(7, 5), (), (3,), (BLOCK + 11,), (1, 9)]
    start = [np.asarray(rng.standard_normal(s)) for s in shapes]
    together = [Parameter(x) for x in start]
    alone = [Parameter(x) for x in start]
    one = kind(together, 0.1)
    many = [kind([p], 0.1) for p in alone]
    for _ in range(3):
        for p, q in zip(together, alone):
            p.grad = np.asarray(rng.standard_normal(p.shape))
            q.grad = p.grad.copy()
        one.step()
        for optimizer in many:
            optimizer.step()
    for p, q in zip(together, alone):
        assert p.data.tobytes() == q.data.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32_also_with_numpy_rates(kind):
    p = Parameter(np.ones(3, np.float32))
    optimizer = kind([p], np.float64(0.1))
    p.grad = np.ones(3, np.float32)
    optimizer.step()
    assert p.dtype == p.grad.dtype == np.float32
    arrays = [value for name, value in optimizer.state_dict().items() if name != "steps"]
    assert all(value.dtype == np.float32 for value in arrays)


@pytest.mark.parametrize("kind", KINDS)
def test_it_finds_the_lowest_point_of_a_bowl(kind):
    p = Parameter(np.array([3.0, -2.0]))
    options = {"decay": 0.0} if kind is optim.AdamW else {}
    optimizer = kind([p], 0.5 if kind is optim.AdaGrad else 0.02, **options)
    for _ in range(1000):
        optimizer.zero_grad()
        ((p - np.array([1.0, 2.0])) ** 2).sum().backward()
        optimizer.step()
    np.testing.assert_allclose(p.data, [1, 2], atol=0.03)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: optim.Momentum(p, 0.1, momentum=1.0), r"momentum must be in \[0, 1\), got 1.0"),
        (
            lambda p: optim.Nesterov(p, 0.1, momentum=-0.1),
            r"momentum must be in \[0, 1\), got -0.1",
        ),
        (lambda p: optim.Adam(p, betas=(0.9, 1.0)), r"betas must be in \[0, 1\), got \(0.9, 1.0\)"),
        (lambda p: optim.RMSProp(p, rho=1.0), r"rho must be in \[0, 1\), got 1.0"),
        (lambda p: optim.SGD(p, 0), "learning rate must be positive and finite, got 0"),
        (lambda p: optim.SGD(p, float("nan")), "learning rate must be .* finite, got nan"),
        (lambda p: optim.SGD(p, float("inf")), "learning rate must be .* finite, got inf"),
        (lambda p: optim.SGD(p, 0.1, decay=-1.0), "decay must be 0 or more and finite, got -1.0"),
        (lambda p: optim.Momentum(p, 0.1, decay=float("nan")), "decay must be .*, got nan"),
        (lambda p: optim.AdamW(p, decay=float("inf")), "decay must be .*, got inf"),
        (lambda p: optim.Adam(p, eps=-1), "eps must be 0 or more and finite, got -1"),
        (lambda p: optim.AdaGrad(p, eps=float("nan")), "eps must be .*, got nan"),
        (lambda p: optim.RMSProp(p, eps=float("inf")), "eps must be .*, got inf"),
    ],
)
def test_constants_outside_their_range_are_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make([Parameter([1.0])])
