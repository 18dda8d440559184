"""The loss that asks for quantiles."""

import numpy as np
import pytest

from nnbook import ops


def test_each_side_costs_what_it_should():
    y, target = np.array([[1.0, 1.0], [5.0, 5.0]]), np.array([3.0, 3.0])
    loss, pullback = ops.quantile_loss.rule(
        y, target=target, quantiles=[0.1, 0.5], reduction="none"
    )
    np.testing.assert_allclose(loss, [[0.2, 1.0], [1.8, 1.0]])
    slopes = pullback(np.ones((2, 2)))[0]
    np.testing.assert_allclose(slopes, [[-0.1, -0.5], [0.9, 0.5]])


def test_the_best_constant_is_the_quantile(rng):
    target = rng.standard_normal(1001)
    for tau in (0.1, 0.5, 0.9):
        values = np.sort(target)
        losses = [
            ops.quantile_loss.rule(np.full((1001, 1), c), target=target, quantiles=[tau])[0]
            for c in values
        ]
        assert values[np.argmin(losses)] == pytest.approx(np.quantile(target, tau), abs=0.01)


def test_half_is_half_the_absolute_error(rng):
    y, target = rng.standard_normal((7, 1)), rng.standard_normal(7)
    half = ops.quantile_loss.rule(y, target=target, quantiles=[0.5])[0]
    whole = ops.mean_absolute_error.rule(y, target=target[:, None])[0]
    assert half == pytest.approx(whole / 2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"target": np.zeros((5, 1)), "quantiles": [0.1, 0.9]}, r"expected a target \(5,\)"),
        ({"target": np.zeros(5), "quantiles": [0.1]}, r"Q quantiles, got \(5, 2\), \(1,\)"),
        ({"target": np.zeros(5), "quantiles": [0.0, 0.9]}, "between 0 and 1"),
        ({"target": np.zeros(5), "quantiles": [10, 90]}, "between 0 and 1"),
        ({"target": np.zeros(5), "quantiles": [0.1, np.nan]}, "between 0 and 1"),
    ],
)
def test_what_it_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        ops.quantile_loss.rule(np.zeros((5, 2)), **options)


def test_equal_is_no_pull():
    _, pullback = ops.quantile_loss.rule(np.zeros((3, 1)), target=np.zeros(3), quantiles=[0.9])
    assert not pullback(1.0)[0].any()
