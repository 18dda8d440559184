"""Counting right answers, beside scikit-learn."""

import numpy as np
import pytest

from nnbook import Tensor, metrics

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


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", "binary", None])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_averages_are_scikit_learns(rng, name, average):
    predicted, true = draw(rng, classes=2 if average == "binary" else 5)
    ours = getattr(metrics, name)(predicted, target=true, average=average)
    theirs = getattr(sklearn, f"{name}_score")(true, predicted, average=average, zero_division=0)
    np.testing.assert_allclose(ours, theirs, atol=1e-15)


def test_an_average_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="'binary' or None, got 'mean'"):
        metrics.f1([0, 1], target=[0, 1], average="mean")
    with pytest.raises(ValueError, match="expected classes 0 and 1, got 3 classes"):
        metrics.recall([0, 2], target=[0, 1], average="binary")


def test_binary_averages_of_rows_that_are_all_zero():
    assert metrics.f1([0, 0], target=[0, 0], average="binary") == 0.0


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_score_each_needs_a_threshold(shape):
    scores, target = np.array([0.9, 0.8, 0.1]).reshape(shape), [1, 1, 0]
    for f in (metrics.accuracy, metrics.f1, metrics.confusion_matrix):
        with pytest.raises(ValueError, match="threshold="):
            f(scores, target=target)
        answers = (scores.ravel() > 0.5).astype(int)
        np.testing.assert_array_equal(
            f(scores, target=target, threshold=0.5), f(answers, target=target)
        )
    assert metrics.binary_accuracy(scores, target=target) == 1.0
    assert metrics.binary_accuracy(scores, target=target, threshold=0.85) == pytest.approx(2 / 3)
    logits = np.log(scores / (1 - scores))
    assert metrics.binary_accuracy(logits, target=target, threshold=0) == 1.0


def test_a_threshold_and_scores_of_other_shapes():
    with pytest.raises(ValueError, match=r"one score for each target, got \(3, 2\) for a target"):
        metrics.binary_accuracy(np.zeros((3, 2)), target=[0, 1, 0])
    with pytest.raises(ValueError, match="from 0 to 1, got 2"):
        metrics.binary_accuracy([0.1, 0.2], target=[0, 2])


def test_a_target_beyond_the_scores_is_refused():
    with pytest.raises(ValueError, match="from 0 to 1, got 5"):
        metrics.confusion_matrix(np.eye(2), target=[5, 1])


def test_a_million_classes_need_no_matrix():
    assert metrics.f1([3, 10**6], target=[3, 10**6]) == 1.0
    with pytest.raises(ValueError, match=r"at most 20,000 classes, got 1,000,001"):
        metrics.confusion_matrix([3, 10**6], target=[3, 10**6])


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_class_numbers_of_any_size_count_as_those_of_the_classes_that_occur(name, average):
    numbers = np.array([3, 10**6, 10**12, 7 * 10**15])
    answers, true = [0, 1, 1, 2, 3, 3], [0, 1, 2, 2, 3, 1]
    score = getattr(metrics, name)
    far = score(numbers[answers], target=numbers[true], average=average)
    assert far == score(answers, target=true, average=average)
    with pytest.raises(ValueError, match=r"at most 10,000,000 classes, got 7,000,000,000,000,001"):
        score(numbers[answers], target=numbers[true], average=None)


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_top_k_is_scikit_learns(rng, k):
    scores, true = rng.standard_normal((41, 7)), rng.integers(7, size=41)
    theirs = sklearn.top_k_accuracy_score(true, scores, k=k, labels=range(7))
    assert metrics.top_k_accuracy(scores, target=true, k=k) == pytest.approx(theirs)


def test_top_k_of_all_classes_is_1(rng):
    assert metrics.top_k_accuracy(np.zeros((5, 7)), target=rng.integers(7, size=5), k=7) == 1.0


def test_top_1_is_accuracy_with_ties_too(rng):
    scores, true = rng.integers(2, size=(50, 3)), rng.integers(3, size=50)
    ours = metrics.top_k_accuracy(scores, target=true, k=1)
    assert ours == metrics.accuracy(scores, target=true)


@pytest.mark.parametrize("k", [0, 4])
def test_top_k_refuses_a_k_out_of_range(k):
    with pytest.raises(ValueError, match=f"k from 1 to V, .* k = {k}"):
        metrics.top_k_accuracy(np.eye(3), target=[0, 1, 2], k=k)


METRICS = ["accuracy", "f1", "precision", "recall", "confusion_matrix", "binary_accuracy", "auc"]
METRICS += ["top_k_accuracy", "roc_curve", "calibration", "average_precision", "r2"]
METRICS += ["precision_recall_curve", "mean_absolute_error", "root_mean_squared_error"]


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    ("outputs", "told"),
    [
        (Tensor([0.1, 0.9]), "got a Tensor; use its .data"),
        (["a", "b"], "real numbers, got dtype"),
        (np.array([1j, 2]), "real numbers, got dtype complex128"),
        ([[1, 2], [3]], "rows of unequal lengths"),
    ],
)
def test_every_metric_says_what_it_cannot_read(name, outputs, told):
    with pytest.raises(TypeError, match=told):
        getattr(metrics, name)(outputs, target=[0, 1])
