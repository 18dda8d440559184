"""Dropout: what is kept, its mean, and masks and rates that are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from tests.ops.arrays import check_all, seeds, shapes


@given(shapes, st.floats(0, 0.95), seeds)
def test_drawn_shapes_and_rates(shape, rate, seed):
    rng = np.random.default_rng(seed)
    x = np.asarray(rng.standard_normal(shape))
    mask = np.asarray(rng.random(shape) >= rate)
    y = ops.dropout(x, mask=mask, rate=rate).data
    np.testing.assert_allclose(y, np.where(mask, x / (1 - rate), 0), rtol=1e-12)
    check_all("dropout", ops.dropout.rule, [x], mask=mask, rate=rate)


def test_the_mean_stays(rng):
    mask = rng.random((400, 500)) >= 0.3
    y = ops.dropout(np.ones((400, 500)), mask=mask, rate=0.3).data
    assert y.mean() == pytest.approx(1, abs=5 * np.sqrt(0.3 / 0.7 / mask.size))


@pytest.mark.parametrize("rate", [-0.1, 1.0, 1.5, float("nan")])
def test_a_rate_outside_is_refused(rate):
    with pytest.raises(ValueError, match=r"rate in \[0, 1\), got"):
        ops.dropout(np.ones(3), mask=np.ones(3, bool), rate=rate)


def test_a_wrong_mask_is_refused():
    with pytest.raises(ValueError, match=r"mask of shape \(5, 3\), got \(3,\)"):
        ops.dropout(np.ones((5, 3)), mask=np.ones(3, bool), rate=0.5)
    with pytest.raises(TypeError, match="boolean mask, got dtype float64"):
        ops.dropout(np.ones((5, 3)), mask=np.ones((5, 3)), rate=0.5)
