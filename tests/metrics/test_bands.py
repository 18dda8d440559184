"""The share of targets inside their intervals."""

import numpy as np
import pytest

from nnbook import metrics


def test_the_ends_are_inside():
    low, high = np.zeros(5), np.ones(5)
    assert metrics.coverage(low, high, target=[0, 1, 0.5, -0.01, 1.01]) == 0.6


def test_each_interval_has_its_own_target():
    assert metrics.coverage([0, 10], [1, 11], target=[10.5, 0.5]) == 0.0
    assert metrics.coverage([[0], [10]], [[1], [11]], target=[[0.5], [10.5]]) == 1.0


@pytest.mark.parametrize(
    ("low", "high", "target", "says"),
    [
        ([0, 0], [1, 1], [0.5], "one shape"),
        ([[0, 0]], [1, 1], [0.5, 0.5], "one shape"),
        ([], [], [], "one shape"),
        ([0, 2], [1, 1], [0.5, 0.5], "1 intervals that are crossed"),
        ([0, np.nan], [1, 1], [0.5, 0.5], "finite"),
    ],
)
def test_what_it_refuses(low, high, target, says):
    with pytest.raises(ValueError, match=says):
        metrics.coverage(low, high, target=target)
