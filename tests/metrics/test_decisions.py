"""Costs of actions: the threshold, the cheapest action, the bill."""

import numpy as np
import pytest

from nnbook import metrics

COSTS = np.array([[0.0, 150], [30, 30]])


def expected(p, C):
    """Return the mean cost of each action, added up case by case."""
    P = np.array([[1 - q, q] for q in p]) if np.ndim(p) == 1 else p
    return np.array(
        [
            [sum(P[n, k] * C[a, k] for k in range(C.shape[1])) for a in range(len(C))]
            for n in range(len(P))
        ]
    )


def test_at_the_threshold_both_actions_cost_the_same():
    rng = np.random.default_rng(0)
    for _ in range(20):
        C = np.sort(rng.uniform(0, 9, (2, 2)), axis=0)
        C[:, 1] = C[::-1, 1]
        wait, act = expected([metrics.cost_threshold(C)], C)[0]
        assert wait == pytest.approx(act, rel=1e-12)


def test_the_threshold_by_hand():
    assert metrics.cost_threshold([[0, 1], [1, 0]]) == 0.5
    assert metrics.cost_threshold([[0, 1000], [80, 200]]) == pytest.approx(80 / 880)
    # a bank that lends: a loan paid back earns 40, one that is not loses 400
    assert metrics.cost_threshold([[0, 0], [400, -40]]) == pytest.approx(400 / 440)


def test_a_constant_added_to_a_column_changes_nothing():
    shifted = COSTS + np.array([7, -3])
    assert metrics.cost_threshold(shifted) == pytest.approx(metrics.cost_threshold(COSTS))


@pytest.mark.parametrize(
    ("costs", "says"),
    [
        ([[0, 20], [30, 30]], "never the dearer one"),
        ([[30, 150], [30, 30]], "never the dearer one"),
        ([[0, 1, 2], [1, 0, 2]], r"\(2, 2\)"),
        ([0, 1], "actions, classes"),
        ([[0, np.inf], [1, 0]], "finite"),
    ],
)
def test_costs_without_a_threshold(costs, says):
    with pytest.raises(ValueError, match=says):
        metrics.cost_threshold(costs)


def test_the_cheapest_action_has_the_lowest_expected_cost():
    rng = np.random.default_rng(1)
    P, C = rng.dirichlet(np.ones(5), 30), rng.uniform(0, 9, (3, 5))
    assert metrics.cheapest_action(P, C).tolist() == expected(P, C).argmin(axis=1).tolist()


def test_two_classes_act_above_the_threshold():
    p = np.linspace(0, 1, 101)
    acted = metrics.cheapest_action(p, COSTS)
    assert acted.tolist() == (p > metrics.cost_threshold(COSTS) + 1e-9).astype(int).tolist()


@pytest.mark.parametrize(
    ("p", "costs", "says"),
    [
        ([1.7, -0.3], COSTS, "sigmoid"),
        ([[0.5, 0.2]], COSTS, "sum to 1"),
        ([[0.5, 0.2, 0.3]], COSTS, "costs of 3 classes"),
        ([], COSTS, "probabilities"),
        ([0.3, np.nan], COSTS, "finite"),
        (0.3, COSTS, "probabilities"),
        ([0.3], [[1, 2], [np.nan, 0]], "finite"),
    ],
)
def test_what_has_no_cheapest_action(p, costs, says):
    with pytest.raises(ValueError, match=says):
        metrics.cheapest_action(p, costs)


def test_the_bill():
    actions, target = [0, 0, 1, 1, 0], [0, 1, 1, 0, 1]
    assert metrics.mean_cost(actions, target=target, costs=COSTS) == (0 + 150 + 30 + 30 + 150) / 5
    assert metrics.mean_cost(np.array([True, False]), target=[0, 1], costs=COSTS) == 90
    three = [[0, 1, 2], [5, 6, 7]]
    assert metrics.mean_cost([1, 0], target=[2, 1], costs=three) == 4


@pytest.mark.parametrize(
    ("actions", "target", "says"),
    [
        ([0, 2], [0, 1], "actions expected .* from 0 to 1"),
        ([0, 1], [0, -1], "target expected"),
        ([0.5, 1], [0, 1], "whole numbers"),
        ([0, 1, 1], [0, 1], r"\(3,\) and \(2,\)"),
        ([], [], "as many"),
        ([[0, 1]], [[0, 1]], "a vector"),
        ([0, np.nan], [0, 1], "whole numbers"),
    ],
)
def test_what_has_no_bill(actions, target, says):
    with pytest.raises(ValueError, match=says):
        metrics.mean_cost(actions, target=target, costs=COSTS)
