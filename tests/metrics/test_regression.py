"""The coefficient of determination, beside scikit-learn."""

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


@pytest.mark.parametrize(
    ("outputs", "target", "message"),
    [
        ([1.0, 2.0], [3.0, 3.0], "constant"),
        ([[1.0], [2.0]], [1.0, 2.0], r"got \(2, 1\) and \(2,\)"),
        ([], [], r"got \(0,\)"),
    ],
)
def test_r2_refuses(outputs, target, message):
    with pytest.raises(ValueError, match=message):
        metrics.r2(np.array(outputs), target=np.array(target))
