"""Confidence intervals, beside SciPy and by how often they hold the truth."""

import numpy as np
import pytest

from nnbook import Tensor, metrics

stats = pytest.importorskip("scipy.stats")


@pytest.mark.parametrize(("k", "n"), [(0, 7), (7, 7), (1, 1), (13, 41), (9_800, 10_000)])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_wilsons_interval_is_scipys(k, n, confidence):
    expected = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
    ours = metrics.wilson_interval(k, n, confidence=confidence)
    assert ours == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_bootstrap_of_a_mean_is_near_its_normal_interval(rng):
    x = rng.standard_normal(400)
    low, high = metrics.bootstrap_interval(np.mean, x, rng=rng, resamples=4000)
    half = 1.96 * x.std() / 20
    assert (low, high) == pytest.approx((x.mean() - half, x.mean() + half), abs=0.1 * half)


def test_bootstrap_draws_the_same_rows_of_every_sample(rng):
    def accuracy(predicted, target):
        return metrics.accuracy(predicted, target=target)

    y = rng.integers(10, size=50)
    assert metrics.bootstrap_interval(accuracy, y, y, rng=rng, resamples=20) == (1, 1)


def test_a_draw_that_the_statistic_refuses_is_drawn_again(rng):
    target = np.arange(20) % 10 == 0  # two positives: one draw in eight has none
    scores = np.where(target, 5, np.arange(20)) % 13  # some negatives score higher

    def area(s, t):
        return metrics.auc(s, target=t)

    low, high = metrics.bootstrap_interval(area, scores, target, rng=rng, resamples=300)
    assert 0 <= low < area(scores, target) < high <= 1


def test_a_statistic_that_mostly_refuses_is_an_error(rng):
    def only_once(x):
        if len(np.unique(x)) < len(x):
            raise ValueError("expected all different")
        return x.mean()

    with pytest.raises(ValueError, match=r"refused 11 of 11 draws .* expected all different"):
        metrics.bootstrap_interval(only_once, np.arange(50), rng=rng, resamples=10)
    with pytest.raises(ValueError, match="expected all different"):  # the samples themselves
        metrics.bootstrap_interval(only_once, np.zeros(50), rng=rng)
    with pytest.raises(ValueError, match="gave NaN"):
        metrics.bootstrap_interval(lambda x: np.nan, np.zeros(50), rng=rng)


def test_bad_input_is_refused(rng):
    with pytest.raises(ValueError, match="at least 1 resample, got 0"):
        metrics.bootstrap_interval(np.mean, [1.0], rng=rng, resamples=0)
    with pytest.raises(ValueError, match="got 3, 2"):
        metrics.wilson_interval(3, 2)
    with pytest.raises(ValueError, match=r"expected two numbers, got \[3, 4\]"):
        metrics.wilson_interval([3, 4], [5, 6])
    with pytest.raises(TypeError, match="wilson_interval expected an array, got a Tensor"):
        metrics.wilson_interval(Tensor(3.0), 5)
    with pytest.raises(ValueError, match="got 0, 0"):
        metrics.wilson_interval(0, 0)
    with pytest.raises(ValueError, match="between 0 and 1, got 95"):
        metrics.wilson_interval(1, 2, confidence=95)
    with pytest.raises(ValueError, match="between 0 and 1, got 1"):
        metrics.bootstrap_interval(np.mean, [1.0], rng=rng, confidence=1)
    with pytest.raises(ValueError, match="lengths"):
        metrics.bootstrap_interval(np.mean, [1.0], [1.0, 2.0], rng=rng)
    with pytest.raises(ValueError, match="lengths"):
        metrics.bootstrap_interval(np.mean, [], rng=rng)
