"""Counting right answers, beside scikit-learn."""

import numpy as np
import pytest

from nnbook import metrics

sklearn = pytest.importorskip("sklearn.metrics")


def draw(rng, classes=5, n=83):
    true = rng.integers(classes, size=n)
    return np.where(rng.random(n) < 0.6, true, rng.integers(classes, size=n)), true


@pytest.mark.parametrize("missing", ["none", "from the target", "from the answers", "from both"])
def test_scores_are_those_of_scikit_learn(rng, missing):
    predicted, true = draw(rng)
    if missing in ("from the target", "from both"):
        true[true == 2] = 3
    if missing in ("from the answers", "from both"):
        predicted[predicted == 2] = 4
    for name in ("precision", "recall", "f1"):
        ours, theirs = getattr(metrics, name), getattr(sklearn, f"{name}_score")
        expected = theirs(true, predicted, average=None, zero_division=0)
        each = ours(predicted, target=true, average=None)
        np.testing.assert_allclose(each[np.isfinite(each)], expected, atol=1e-15)
        assert np.isnan(each[2]) == (missing == "from both")
        assert ours(predicted, target=true) == pytest.approx(np.mean(expected), abs=1e-15)
    assert metrics.accuracy(predicted, target=true) == sklearn.accuracy_score(true, predicted)
    expected = sklearn.confusion_matrix(true, predicted, labels=range(5))
    np.testing.assert_array_equal(metrics.confusion_matrix(predicted, target=true), expected)


def test_scores_and_the_classes_they_choose_count_the_same(rng):
    scores, true = rng.standard_normal((7, 11, 3)), rng.integers(3, size=(7, 11))
    for f in (metrics.accuracy, metrics.confusion_matrix, metrics.f1):
        np.testing.assert_array_equal(
            f(scores, target=true), f(scores.argmax(axis=-1), target=true)
        )


def test_the_size_of_the_matrix():
    scores = np.eye(4)[[0, 1]]
    assert metrics.confusion_matrix(scores, target=[0, 1]).shape == (4, 4)
    assert metrics.confusion_matrix([0, 1], target=[1, 1]).shape == (2, 2)
    M = metrics.confusion_matrix([0, 2], target=[1, 2], classes=3)
    np.testing.assert_array_equal(M, [[0, 0, 0], [1, 0, 0], [0, 0, 1]])
    with pytest.raises(ValueError, match="from 0 to 1, got 2"):
        metrics.confusion_matrix([0, 2], target=[1, 2], classes=2)


def test_answers_of_yes_and_no():
    assert metrics.accuracy(np.array([[True], [False]]), target=np.array([[1], [1]])) == 0.5


@pytest.mark.parametrize(
    ("outputs", "target", "message"),
    [
        ([[0, 1]], [0, 1], r"got \(1,\) for a target \(2,\)"),
        (np.zeros((2, 2, 3)), [0, 1], r"got \(2, 2, 3\) for a target \(2,\)"),
        ([], [], "at least one example"),
        ([0.0, 1.0], [0, 1], "predicted class numbers"),
        ([0, 1], [0.0, 1.0], "target class numbers"),
        ([0, 1], [-1, 1], "from 0, got int64 from -1"),
        ([[0.5, np.nan], [1, 0]], [0, 1], r"scores \(2, 2\) that are numbers, got NaN among them"),
    ],
)
def test_bad_input_is_refused(outputs, target, message):
    with pytest.raises(ValueError, match=message):
        metrics.accuracy(np.array(outputs), target=np.array(target))


def test_an_unknown_average_is_refused():
    with pytest.raises(ValueError, match="got 'micro'"):
        metrics.f1([0, 1], target=[0, 1], average="micro")
