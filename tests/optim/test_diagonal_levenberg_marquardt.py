"""A rate for each parameter: the rule, the curvatures that are refused, the state that is saved."""

import numpy as np
import pytest

from nnbook import Parameter, optim
from nnbook.optim.diagonal_levenberg_marquardt import DiagonalLevenbergMarquardt


def two(dtype=np.float64, **options):
    w, b = Parameter(np.ones((2, 3), dtype)), Parameter(np.zeros(3, dtype))
    optimizer = DiagonalLevenbergMarquardt([("w", w), ("b", b)], lr=0.5, **options)
    return w, b, optimizer


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_is_the_formula_and_keeps_the_dtype(rng, dtype):
    w, b, optimizer = two(dtype, mu=0.3)
    h = {"w": rng.uniform(0, 9, (2, 3)), "b": rng.uniform(0, 9, 3)}
    optimizer.set_curvatures(h)
    w.grad, b.grad = rng.standard_normal((2, 3)).astype(dtype), np.ones(3, dtype)
    expected = 1 - 0.5 * w.grad / (0.3 + h["w"])
    optimizer.step()
    assert w.dtype == b.dtype == dtype
    np.testing.assert_allclose(w.data, expected, rtol=1e-5)
    np.testing.assert_allclose(b.data, -0.5 / (0.3 + h["b"]), rtol=1e-5)


def test_a_quadratic_with_its_curvatures_is_solved_in_one_step(rng):
    """With η = 1 and hardly any μ the step is Newton's, and the ravine is one step long."""
    h, goal = np.array([1.0, 25.0, 1e4]), rng.standard_normal(3)
    w = Parameter(rng.standard_normal(3))
    optimizer = DiagonalLevenbergMarquardt([("w", w)], lr=1.0, mu=1e-12)
    optimizer.set_curvatures({"w": h})
    w.grad = h * (w.data - goal)
    optimizer.step()
    np.testing.assert_allclose(w.data, goal, rtol=1e-9)


def test_without_curvatures_it_is_gradient_descent_with_the_rate_over_mu():
    w, b, optimizer = two(mu=0.2)
    w.grad, b.grad = np.full((2, 3), 2.0), np.full(3, -1.0)
    optimizer.step()
    np.testing.assert_allclose(w.data, 1 - 0.5 / 0.2 * 2.0)
    np.testing.assert_allclose(b.data, 0.5 / 0.2)


def test_rates_are_those_of_the_next_step():
    _, _, optimizer = two(mu=0.5)
    optimizer.set_curvatures({"w": np.full((2, 3), 2.0), "b": np.zeros(3)})
    optimizer.lr = 0.25
    rates = optimizer.rates()
    assert {name: r.shape for name, r in rates.items()} == {"w": (2, 3), "b": (3,)}
    np.testing.assert_allclose(rates["w"], 0.1)
    np.testing.assert_allclose(rates["b"], 0.5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"w": np.ones((2, 3))}, "missing: b"),
        ({"w": np.ones((2, 3)), "b": np.ones(3), "c": np.ones(1)}, "unknown: c"),
        ({"w": np.ones((3, 2)), "b": np.ones(3)}, r"w: expected shape \(2, 3\), got \(3, 2\)"),
        ({"w": np.ones((2, 3)), "b": np.array([1, -1e-9, 1])}, "b: expected numbers of 0 or more"),
        ({"w": np.ones((2, 3)), "b": np.array([1, np.nan, 1])}, "b: expected numbers of 0 or more"),
        ({"w": np.ones((2, 3)), "b": np.array([1, np.inf, 1])}, "all finite"),
    ],
)
def test_curvatures_that_do_not_fit_are_refused_and_nothing_changes(given, said):
    _, _, optimizer = two()
    optimizer.set_curvatures({"w": np.full((2, 3), 3.0), "b": np.full(3, 4.0)})
    with pytest.raises(ValueError, match=said):
        optimizer.set_curvatures(given)
    assert optimizer.state_dict()["h.w"].tolist() == [[3.0] * 3] * 2
    assert optimizer.state_dict()["h.b"].tolist() == [4.0] * 3


@pytest.mark.parametrize("mu", [0, -0.1, np.nan, np.inf])
def test_mu_has_to_be_positive(mu):
    with pytest.raises(ValueError, match="mu must be positive and finite"):
        two(mu=mu)


def test_the_curvatures_are_saved_and_loaded():
    w, b, optimizer = two()
    optimizer.set_curvatures({"w": np.full((2, 3), 3.0), "b": np.full(3, 4.0)})
    w.grad, b.grad = np.ones((2, 3)), np.ones(3)
    optimizer.step()
    _, _, other = two()
    other.load_state_dict(optimizer.state_dict())
    assert other.steps == 1
    assert isinstance(other, optim.Optimizer)
    np.testing.assert_allclose(other.rates()["w"], 0.5 / 3.02)
