"""Each optimizer against its plain twin, which reads as the paper's equation does."""

import inspect
import math
from functools import partial

import numpy as np
import pytest

from nnbook import Parameter, optim
from nnbook.optim import adaptive_plain, sgd_plain
from nnbook.optim.optimizer import BLOCK

#: Each optimizer with settings, and its plain twin, which takes the same.
TWINS = [
    (optim.SGD, sgd_plain.sgd, {}),
    (optim.SGD, sgd_plain.sgd, {"decay": 0.3}),
    (optim.Momentum, sgd_plain.momentum, {}),
    (optim.Momentum, sgd_plain.momentum, {"momentum": 0.5, "decay": 0.3}),
    (optim.Nesterov, sgd_plain.nesterov, {}),
    (optim.Nesterov, sgd_plain.nesterov, {"momentum": 0.5, "decay": 0.3}),
    (optim.Momentum, sgd_plain.momentum, {"decay": 0.3, "rate_inside": True}),
    (optim.Nesterov, sgd_plain.nesterov, {"decay": 0.3, "rate_inside": True}),
    (optim.AdaGrad, adaptive_plain.adagrad, {}),
    (optim.AdaGrad, adaptive_plain.adagrad, {"decay": 0.3}),
    (optim.RMSProp, adaptive_plain.rmsprop, {"decay": 0.3}),
    (optim.Adam, adaptive_plain.adam, {"decay": 0.3}),
    (optim.AdaGrad, adaptive_plain.adagrad, {"eps": 0.1}),
    (optim.RMSProp, adaptive_plain.rmsprop, {}),
    (optim.RMSProp, adaptive_plain.rmsprop, {"rho": 0.5, "eps": 0.1}),
    (optim.Adam, adaptive_plain.adam, {}),
    (optim.Adam, adaptive_plain.adam, {"betas": (0.5, 0.7), "eps": 0.1}),
    (optim.AdamW, adaptive_plain.adamw, {}),
    (optim.AdamW, adaptive_plain.adamw, {"betas": (0.5, 0.7), "eps": 0.1, "decay": 0.3}),
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


@pytest.mark.parametrize(("kind", "plain", "options"), TWINS)
def test_seven_steps_are_those_of_the_plain_twin(kind, plain, options, rng):
    theta = rng.standard_normal(11)
    p = Parameter(theta)
    optimizer = kind([p], 0.1, **options)
    state = [np.zeros(11) for _ in kind.slots]
    for t in range(1, 8):
        # some entries small enough for ε to count, one zero
        g = rng.standard_normal(11) * 10.0 ** np.arange(-9, 2)
        g[3] = 0.0
        p.grad = g.copy()
        optimizer.step()
        counted = {"t": t} if "t" in inspect.signature(plain).parameters else {}
        theta, *state = plain(theta, g, *state, lr=0.1, **counted, **options)
        np.testing.assert_allclose(p.data, theta, rtol=1e-12, atol=1e-14)
        np.testing.assert_array_equal(p.grad, g, err_msg="a step must not change the gradient")


@pytest.mark.parametrize(
    ("plain", "by_hand"),
    [
        # from θ = 1 with g = 2, then g = 1, at the rate 1/2
        (sgd_plain.sgd, [0, -1 / 2]),
        (partial(sgd_plain.sgd, decay=0.5), [-1 / 4, -11 / 16]),
        (partial(sgd_plain.momentum, momentum=0.5), [0, -1]),
        (partial(sgd_plain.nesterov, momentum=0.5), [-1 / 2, -3 / 2]),
        (partial(adaptive_plain.adagrad, eps=0.0), [1 / 2, 1 / 2 - 0.5 / math.sqrt(5)]),
        (partial(adaptive_plain.rmsprop, rho=0.75, eps=1.0), [1 / 2, 1 / 2 - 1 / 4]),
        # m̂ = 2, v̂ = 4; then m̂ = (2/4 + 1/2) / (3/4), v̂ = (4 · 3/16 + 1/4) / (7/16)
        (
            partial(adaptive_plain.adam, betas=(0.5, 0.75), eps=2.0),
            [3 / 4, 3 / 4 - 0.5 * (4 / 3) / (4 / math.sqrt(7) + 2)],
        ),
        (
            partial(adaptive_plain.adamw, betas=(0.5, 0.75), eps=2.0, decay=0.5),
            [1 / 2, 1 / 2 - 1 / 8 - 0.5 * (4 / 3) / (4 / math.sqrt(7) + 2)],
        ),
    ],
)
def test_two_steps_of_a_plain_twin_by_hand(plain, by_hand):
    rule = getattr(plain, "func", plain)
    names = list(inspect.signature(rule).parameters)
    after = [np.array(1.0), *(np.array(0.0) for name in names if name in ("s", "m", "v"))]
    for t, (g, expected) in enumerate(zip((2.0, 1.0), by_hand), start=1):
        counted = {"t": t} if "t" in names else {}
        before = [np.copy(a) for a in after]
        result = plain(after[0], np.array(g), *after[1:], lr=0.5, **counted)
        np.testing.assert_array_equal(after, before)
        after = result
        assert after[0] == pytest.approx(expected, rel=1e-14)


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


@pytest.mark.parametrize("kind", [optim.Momentum, optim.Nesterov])
def test_the_rate_inside_the_velocity_differs_only_when_it_changes(kind, rng):
    def path(schedule, rate_inside):
        p = Parameter(np.ones(3))
        optimizer, rows = kind([p], schedule, rate_inside=rate_inside), []
        for g in gradients:
            p.grad = g.copy()
            optimizer.step()
            rows.append(p.data.copy())
        return np.array(rows)

    gradients = rng.standard_normal((6, 3))
    np.testing.assert_allclose(path(0.1, True), path(0.1, False), rtol=1e-12)
    falling = optim.schedules.inverse_time_decay(0.1, decay=1.0)
    assert np.abs(path(falling, True) - path(falling, False)).max() > 0.01


def test_momentum_of_neural_networks_from_scratch_by_hand():
    # weight_updates = momentum * weight_momentums - rate * gradient, rate = 1 / (1 + 0.5 t)
    p = Parameter(np.array([1.0]))
    rate = optim.schedules.inverse_time_decay(1.0, decay=0.5)
    optimizer = optim.Momentum([p], rate, momentum=0.5, rate_inside=True)
    for expected in (1 - 2, -1 + (-1 - 2 / 1.5), -1 - 1 - 2 / 1.5 + (-0.5 - 1 / 1.5 - 2 / 2)):
        p.grad = np.array([2.0])
        optimizer.step()
        assert p.data[0] == pytest.approx(expected, rel=1e-12)


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
