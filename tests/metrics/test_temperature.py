"""Temperature scaling, beside SciPy's search and by cases done by hand."""

import math

import numpy as np
import pytest

from nnbook import metrics, ops
from nnbook.tensor import Tensor


def loss(z, t, tau):
    return float(ops.softmax_cross_entropy.rule(z / tau, target=t)[0])


def drawn(rng, true_tau, n=4000, classes=5):
    """Logits, and targets drawn from their softmax at another temperature."""
    z = 3 * rng.standard_normal((n, classes))
    p = np.cumsum(ops.softmax.rule(z / true_tau)[0], axis=1)
    return z, np.minimum((rng.random((n, 1)) > p).sum(axis=1), classes - 1)


@pytest.mark.parametrize("true_tau", [0.3, 1.0, 2.5, 7.0])
def test_it_is_where_scipy_finds_the_smallest_loss(rng, true_tau):
    optimize = pytest.importorskip("scipy.optimize")
    z, t = drawn(rng, true_tau)
    found = optimize.minimize_scalar(
        lambda a: loss(z, t, 1 / a), bounds=(0.01, 20), method="bounded", options={"xatol": 1e-9}
    )
    tau = metrics.fit_temperature(z, target=t)
    assert tau == pytest.approx(1 / found.x, rel=1e-5)
    assert tau == pytest.approx(true_tau, rel=0.1)


def test_a_shift_of_a_row_and_the_scale_of_all(rng):
    z, t = drawn(rng, 2.0, n=300)
    tau = metrics.fit_temperature(z, target=t)
    assert metrics.fit_temperature(z + rng.standard_normal((300, 1)), target=t) == pytest.approx(
        tau
    )
    assert metrics.fit_temperature(1e3 * z, target=t) == pytest.approx(1e3 * tau)
    assert metrics.fit_temperature(1e-3 * z, target=t) == pytest.approx(1e-3 * tau)


def test_two_classes_by_hand():
    z = np.log([[0.8, 0.2]] * 10).astype(np.float32)  # odds 4, right 7 times of 10
    tau = metrics.fit_temperature(z, target=[0] * 7 + [1] * 3)
    assert tau == pytest.approx(math.log(4) / math.log(7 / 3), rel=1e-6)


def test_more_axes_and_the_input_is_not_changed(rng):
    z, t = drawn(rng, 2.0, n=300)
    kept = z.copy()
    flat = metrics.fit_temperature(z, target=t)
    assert metrics.fit_temperature(z.reshape(30, 10, 5), target=t.reshape(30, 10)) == flat
    np.testing.assert_array_equal(z, kept)


@pytest.mark.parametrize(
    ("logits", "target", "message"),
    [
        ([[2.0, 1.0], [0.0, 1.0]], [0, 1], "all 2 answers are right"),
        ([[1.0, 1.0], [0.0, 0.0]], [0, 1], "all 2 answers are right"),
        ([[2.0, 1.0], [0.0, 1.0]], [1, 0], "no better than equal ones"),
        ([[np.nan, 1.0]], [0], "finite"),
        ([0.3, 0.4], [0, 1], r"\(2,\), \(2,\)"),
        ([[1.0], [2.0]], [0, 0], "two classes or more"),
        ([[1.0, 2.0]], [2], "from 0 to 1, got 2"),
        (np.zeros((0, 3)), np.zeros(0, int), "expected logits"),
    ],
)
def test_it_refuses(logits, target, message):
    with pytest.raises(ValueError, match=message):
        metrics.fit_temperature(np.array(logits), target=np.array(target))


def test_a_tensor_is_refused():
    with pytest.raises(TypeError, match=r"use its \.data"):
        metrics.fit_temperature(Tensor(np.zeros((1, 2))), target=[0])
