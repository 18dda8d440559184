"""ROC curve, calibration and perplexity, beside scikit-learn and beside counting by hand."""

import math

import numpy as np
import pytest

from nnbook import Tensor, metrics

sklearn = pytest.importorskip("sklearn.metrics")


@pytest.mark.parametrize("levels", [3, 10, 1000], ids=["many ties", "some ties", "few ties"])
def test_roc_curve_is_scikit_learns(rng, levels):
    target = rng.integers(2, size=101)
    scores = rng.integers(levels, size=101) / levels + 0.3 * target
    expected = sklearn.roc_curve(target, scores, drop_intermediate=False)
    for ours, theirs in zip(metrics.roc_curve(scores, target=target), expected):
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)
    assert metrics.auc(scores, target=target) == pytest.approx(
        sklearn.roc_auc_score(target, scores), abs=1e-14
    )


SCORES = [np.uint8([0, 10, 200, 255]), np.int8([-128, -1, 5, 127]), np.array([0, 0, 1, 1], bool)]
SCORES += [np.uint64([0, 1, 2**63, 2**64 - 1]), np.float16([-1, 0, 2, 3])]


@pytest.mark.parametrize("scores", SCORES, ids=lambda scores: str(scores.dtype))
def test_only_the_order_of_the_scores_counts_in_every_dtype(scores):
    target = [0, 0, 1, 1]
    assert metrics.auc(scores, target=target) == 1.0
    assert metrics.average_precision(scores, target=target) == 1.0
    assert metrics.auc(scores, target=target[::-1]) == 0.0
    _, _, thresholds = metrics.roc_curve(scores, target=target)
    np.testing.assert_array_equal(thresholds[1:], np.unique(scores)[::-1])


@pytest.mark.parametrize("levels", [3, 10, 1000], ids=["many ties", "some ties", "few ties"])
def test_precision_and_recall_are_scikit_learns(rng, levels):
    target = rng.integers(2, size=101)
    scores = rng.integers(levels, size=101) / levels + 0.3 * target
    expected = sklearn.precision_recall_curve(target, scores)
    ours = metrics.precision_recall_curve(scores, target=target)
    for mine, theirs in zip(ours, (expected[0][:-1], expected[1][:-1], expected[2])):
        np.testing.assert_allclose(mine[::-1], theirs, rtol=1e-15)
    expected = sklearn.average_precision_score(target, scores)
    assert metrics.average_precision(scores, target=target) == pytest.approx(expected, abs=1e-14)


def test_auc_is_the_chance_that_a_positive_scores_higher(rng):
    target, scores = np.arange(31) % 2, rng.integers(5, size=31)
    above = scores[target == 1][:, None] - scores[target == 0]
    by_hand = np.mean((above > 0) + 0.5 * (above == 0))
    assert metrics.auc(scores[:, None], target=target[:, None]) == pytest.approx(by_hand, abs=1e-14)
    assert metrics.auc(np.ones(31), target=target) == 0.5


@pytest.mark.parametrize(
    ("scores", "target", "message"),
    [
        ([0.1, 0.2], [1, 1], r"both 0 and 1, got the values \[1\]"),
        ([0.1, 0.2], [1, 2], "both 0 and 1"),
        ([0.1, np.nan], [0, 1], "finite"),
        ([0.1], [0, 1], "got 1 and 2"),
        ([], [], "both 0 and 1"),
    ],
)
def test_roc_curve_refuses_what_has_none(scores, target, message):
    with pytest.raises(ValueError, match=message):
        metrics.roc_curve(np.array(scores), target=np.array(target))


def test_calibration_of_two_classes_is_scikit_learns(rng):
    from sklearn.calibration import calibration_curve

    p = np.append(np.round(rng.random(97) ** 2, 1), [0.0, 1.0])  # many on the edges of bins
    target = (rng.random(99) < p).astype(int)
    share, mean = calibration_curve(target, p, n_bins=10)
    ours = metrics.calibration(p, target=target)
    np.testing.assert_allclose(ours.accuracy[ours.count > 0], share)
    np.testing.assert_allclose(ours.confidence[ours.count > 0], mean)
    assert ours.count.sum() == 99


def test_expected_calibration_error_by_hand():
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.55, 0.45], [0.4, 0.6]])
    ours = metrics.calibration(p, target=np.array([0, 0, 1, 1]), bins=2)
    np.testing.assert_array_equal(ours.count, [0, 4])
    assert math.isnan(ours.accuracy[0])
    assert ours.ece == pytest.approx(abs(2 / 4 - (0.9 + 0.8 + 0.55 + 0.6) / 4))


def test_perfectly_calibrated_guesses_have_a_small_error(rng):
    p = rng.random(100_000)
    honest = metrics.calibration(p, target=(rng.random(100_000) < p).astype(int)).ece
    bold = metrics.calibration(p, target=(rng.random(100_000) < p**2).astype(int)).ece
    assert honest < 0.01
    assert bold == pytest.approx(1 / 6, abs=0.01)  # ∫ p - p² dp


@pytest.mark.parametrize(
    ("p", "target", "bins", "message"),
    [
        ([[2.0, -1.0]], [0], 10, "from 0 to 1; apply softmax"),
        ([[0.5, 0.9]], [0], 10, "sum to 1; apply softmax"),
        ([np.nan], [0], 10, "from 0 to 1"),
        ([0.5], [2], 10, "a target of 0 and 1"),
        ([0.5], [1], 0, "at least 1 bin"),
        ([], [], 10, "from 0 to 1"),
    ],
)
def test_calibration_refuses(p, target, bins, message):
    with pytest.raises(ValueError, match=message):
        metrics.calibration(np.array(p), target=np.array(target), bins=bins)


def test_a_uniform_guess_over_64_characters_is_64_fold_and_6_bits():
    assert metrics.perplexity(math.log(64)) == pytest.approx(64)
    assert metrics.perplexity(709.0) == math.exp(709)
    assert metrics.perplexity(1000.0) == math.inf
    assert metrics.bits_per_character(math.log(64)) == pytest.approx(6)


@pytest.mark.parametrize("name", ["perplexity", "bits_per_character"])
def test_a_loss_is_a_number(name):
    for loss, told in [(Tensor(2.0), "got a Tensor; use its .data"), ("2", "real numbers, got")]:
        with pytest.raises(TypeError, match=f"{name} expected .*{told}"):
            getattr(metrics, name)(loss)
