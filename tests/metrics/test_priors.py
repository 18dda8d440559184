"""Another mix of the classes: probabilities for it, and its shares without labels."""

import numpy as np
import pytest

from nnbook import metrics


def bayes(x, shares, centres):
    """Return the exact probabilities of classes that are normal with deviation 1."""
    likely = shares * np.exp(-0.5 * (x[:, None] - centres) ** 2)
    return likely / likely.sum(axis=1, keepdims=True)


def draw(rng, n, shares, centres):
    return rng.standard_normal(n) + centres[rng.choice(len(shares), n, p=shares)]


OLD, NEW, CENTRES = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.2, 0.7]), np.array([-2.0, 0, 1.5])


def test_the_changed_probabilities_are_those_of_bayes():
    x = np.linspace(-4, 4, 31)
    changed = metrics.change_prior(bayes(x, OLD, CENTRES), OLD, NEW)
    np.testing.assert_allclose(changed, bayes(x, NEW, CENTRES), rtol=1e-12)


def test_two_classes_are_a_number_each():
    x = np.linspace(-4, 4, 31)
    old, new = np.array([0.8, 0.2]), np.array([0.4, 0.6])
    p = bayes(x, old, CENTRES[:2])[:, 1]
    changed = metrics.change_prior(p, 0.2, 0.6)
    np.testing.assert_allclose(changed, bayes(x, new, CENTRES[:2])[:, 1], rtol=1e-12)
    np.testing.assert_allclose(metrics.change_prior(p, old, new), changed, rtol=1e-12)


def test_there_and_back():
    p = np.linspace(0.01, 0.99, 50)
    there = metrics.change_prior(p, 0.2, 0.6)
    np.testing.assert_allclose(metrics.change_prior(there, 0.6, 0.2), p, rtol=1e-10)
    np.testing.assert_allclose(metrics.change_prior(p, 0.3, 0.3), p, rtol=1e-12)


def test_a_class_that_is_gone_gets_nothing():
    changed = metrics.change_prior([[0.2, 0.5, 0.3]], OLD, [0.5, 0.5, 0.0])
    assert changed[0, 2] == 0
    assert changed.sum() == pytest.approx(1)


def test_the_shares_of_new_examples_are_found():
    x = draw(np.random.default_rng(0), 40_000, NEW, CENTRES)
    P = bayes(x, OLD, CENTRES)
    found = metrics.estimate_prior(P, OLD)
    assert np.abs(found - NEW).max() < 0.03
    assert found.sum() == pytest.approx(1)


def test_each_round_makes_the_examples_more_likely():
    x = draw(np.random.default_rng(1), 500, NEW, CENTRES)
    P = bayes(x, OLD, CENTRES)
    shares = [metrics.estimate_prior(P, OLD, limit=n, tolerance=0) for n in range(1, 30)]
    likely = [np.log(P @ (s / OLD)).mean() for s in [OLD, *shares]]
    assert (np.diff(likely) > -1e-12).all()
    assert likely[-1] > likely[0] + 0.1


def test_it_stops_where_nothing_moves():
    p = np.repeat([0.9, 0.1], [20, 80])
    exact = metrics.estimate_prior(p, 0.5)
    assert exact == pytest.approx(1 / 8, abs=1e-4)
    assert metrics.change_prior(p, 0.5, exact).mean() == pytest.approx(exact, abs=1e-5)


def test_without_a_change_it_finds_none():
    p = np.repeat([0.9, 0.1], [50, 50])  # calibrated for one half
    assert metrics.estimate_prior(p, 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("p", "old", "new", "says"),
    [
        ([0.3], 0.0, 0.2, "old shares .* above 0"),
        ([0.3], 0.2, 1.2, "new shares"),
        ([[0.2, 0.5, 0.3]], OLD, [0.5, 0.5], "shares of 3 classes"),
        ([[0.2, 0.5, 0.3]], [0.5, 0.3, 0.3], NEW, "add up to 1"),
        ([1.2], 0.2, 0.3, "sigmoid"),
        ([[0.0, 0.0, 1.0]], OLD, [0.5, 0.5, 0.0], "surely of a class"),
        ([0.3], np.nan, 0.2, "finite"),
        ([[0.2, 0.5, 0.3]], 0.2, 0.3, "shares of 3 classes"),
    ],
)
def test_what_has_no_other_mix(p, old, new, says):
    with pytest.raises(ValueError, match=says):
        metrics.change_prior(p, old, new)


def test_what_has_no_estimate():
    with pytest.raises(ValueError, match="above 0"):
        metrics.estimate_prior([0.3], 1.0)
    with pytest.raises(ValueError, match="sum to 1"):
        metrics.estimate_prior([[0.3, 0.3]], 0.5)
