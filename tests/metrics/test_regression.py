"""R², absolute and squared errors, beside scikit-learn."""

import numpy as np
import pytest

from nnbook import metrics

sklearn = pytest.importorskip("sklearn.metrics")


@pytest.mark.parametrize("shape", [(37,), (37, 3)])
def test_r2_is_scikit_learns(rng, shape):
    target = rng.standard_normal(shape)
    outputs = target + rng.standard_normal(shape)
    expected = sklearn.r2_score(target, outputs)
    assert metrics.r2(outputs, target=target) == pytest.approx(expected, abs=1e-14)
    assert metrics.r2(target, target=target) == 1
    mean = np.broadcast_to(target.mean(axis=0), shape)
    assert metrics.r2(mean, target=target) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("shape", [(37,), (37, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_errors_are_scikit_learns(rng, shape, dtype):
    target, outputs = (rng.uniform(0, 200, shape).astype(dtype) for _ in range(2))
    for name in ("mean_absolute_error", "root_mean_squared_error"):
        exact = [a.astype(np.float64).ravel() for a in (target, outputs)]
        expected = getattr(sklearn, name)(*exact)
        assert getattr(metrics, name)(outputs, target=target) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("outputs", "target", "message"),
    [
        ([1.0, 2.0], [3.0, 3.0], "constant"),
        ([[1.0], [2.0]], [1.0, 2.0], r"got \(2, 1\) and \(2,\)"),
        ([], [], r"got \(0,\)"),
        ([1.0, 2.0], [1.0, np.nan], "target expected finite numbers, got NaN"),
        ([1.0, np.inf], [1.0, 2.0], "outputs expected finite numbers"),
    ],
)
def test_r2_refuses(outputs, target, message):
    with pytest.raises(ValueError, match=message):
        metrics.r2(np.array(outputs), target=np.array(target))
