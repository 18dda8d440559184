"""McNemar's test, against the binomial distribution of SciPy and against simulation."""

import numpy as np
import pytest
from scipy.stats import binomtest

from nnbook import metrics


@pytest.mark.parametrize(("a", "b"), [(5, 0), (3, 7), (40, 21), (6, 6), (1, 2)])
def test_it_is_the_binomial_test(a, b):
    target = np.ones(a + b + 10, int)
    first, second = target.copy(), target.copy()
    first[:b], second[b : a + b] = 0, 0
    found = metrics.mcnemar(first, second, target=target)
    assert (found.first, found.second) == (a, b)
    assert found.p == pytest.approx(binomtest(a, a + b).pvalue)


def test_which_is_first_does_not_matter_to_p():
    target, first = np.array([0, 1, 2, 1, 0, 2]), np.array([0, 1, 2, 1, 1, 1])
    second = np.array([1, 0, 2, 0, 0, 2])
    there = metrics.mcnemar(first, second, target=target)
    back = metrics.mcnemar(second, first, target=target)
    assert there.p == back.p
    assert (there.first, there.second) == (back.second, back.first)


def test_equal_answers_differ_nowhere():
    assert metrics.mcnemar([0, 1], [0, 1], target=[1, 1]) == (0, 0, 1.0)


def test_scores_and_thresholds_as_in_accuracy():
    scores = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert metrics.mcnemar(scores, [1, 1], target=[0, 1]).first == 1
    found = metrics.mcnemar([0.9, 0.2], [0.9, 0.7], target=[1, 0], threshold=0.5)
    assert found == (1, 0, 1.0)


def test_it_rarely_speaks_where_there_is_nothing(rng):
    target = np.ones(200, int)
    spoke = 0
    for _ in range(300):
        first, second = (rng.random((2, 200)) < 0.8).astype(int)
        spoke += metrics.mcnemar(first, second, target=target).p < 0.05
    assert spoke / 300 < 0.08


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match="target's shape"):
        metrics.mcnemar([0, 1], [0, 1, 1], target=[0, 1, 1])
