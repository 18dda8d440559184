"""Scaling is fitted on the training rows, and says when it was not."""

import warnings

import numpy as np
import pytest

from nnbook.data import Standardizer, shared_rows, split, standardized


def table(rng, n=31, dtype=np.float64):
    x = 5 + np.array([0.1, 3.0, 700.0]) * rng.standard_normal((n, 3))
    return x.astype(dtype)


def test_training_rows_come_out_with_mean_zero_and_deviation_one(rng):
    x = table(rng)
    y = Standardizer().fit(x)(x)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-12)


def test_test_rows_are_measured_with_the_ruler_of_the_training_rows(rng):
    x = table(rng)
    train, test = split(len(x), (0.7, 0.3), rng=rng)
    a, b = standardized(x[train], x[test])
    m, s = x[train].mean(axis=0), x[train].std(axis=0)
    np.testing.assert_allclose(a, (x[train] - m) / s, rtol=1e-12)
    np.testing.assert_allclose(b, (x[test] - m) / s, rtol=1e-12)
    assert np.abs(b.mean(axis=0)).max() > 0.01


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_undo_returns_to_the_units_and_keeps_the_dtype(rng, dtype):
    x = table(rng, dtype=dtype)
    ruler = Standardizer().fit(x)
    y = ruler(x)
    assert y.dtype == ruler.undo(y).dtype == dtype
    np.testing.assert_allclose(ruler.undo(y), x, rtol=1e-5)


@pytest.mark.parametrize("value", [0.0, 4.0, 0.1, -1e9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_is_divided_by_one(rng, value, dtype):
    x = table(rng, n=1001, dtype=dtype)
    x[:, 1] = value  # whose deviation, computed, may be what rounding leaves
    ruler = Standardizer().fit(x)
    assert ruler.scale[1] == 1
    assert (ruler(x)[:, 1] == 0).all()


def test_a_second_fit_warns(rng):
    ruler = Standardizer().fit(table(rng))
    with pytest.warns(UserWarning, match="was fitted before .* Fit it on the training rows once"):
        ruler.fit(table(rng, n=7))


def test_a_ruler_of_all_rows_warns(rng):
    x = table(rng)
    with pytest.warns(UserWarning, match="5 of 5 rows of array 3 are training rows too"):
        standardized(x, table(rng), x[3:8])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        standardized(x[8:], x[:8])


def test_shared_rows_need_all_features_equal(rng):
    x = table(rng)
    assert shared_rows(x, x[:, ::-1]) == 0
    assert shared_rows(x, np.concatenate([x[:4], table(rng)])) == 4


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: Standardizer()(np.ones((2, 3))), RuntimeError, r"expected fit\(train\) before"),
        (lambda: Standardizer().fit(np.ones(3)), ValueError, r"rows \(N, D\), .*got shape \(3,\)"),
        (lambda: Standardizer().fit(np.ones((0, 3))), ValueError, r"at least one, got .*\(0, 3\)"),
        (lambda: Standardizer().fit(np.array([["a"]])), ValueError, "expected numbers, got dtype"),
        (
            lambda: Standardizer().fit(np.array([[1.0, 2.0], [3.0, np.nan]])),
            ValueError,
            r"finite numbers, got nan at \[1, 1\]",
        ),
        (
            lambda: standardized(np.ones((4, 3)), np.ones((2, 5))),
            ValueError,
            r"fitted on 3 features, got rows of shape \(2, 5\)",
        ),
    ],
)
def test_what_cannot_be_scaled_is_refused_in_words(call, error, told):
    with pytest.raises(error, match=told):
        call()
