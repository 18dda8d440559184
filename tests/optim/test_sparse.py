"""The proximal step of the L1 penalty."""

import numpy as np
import pytest

from nnbook import nn, optim
from nnbook.optim import shrink, soft_threshold


@pytest.mark.parametrize("a", [0.0, 0.3, 2.0])
def test_it_is_the_minimum_of_its_problem(rng, a):
    x = rng.standard_normal(31)
    w = np.linspace(-5, 5, 100_001)
    best = w[(0.5 * (w - x[:, None]) ** 2 + a * np.abs(w)).argmin(axis=1)]
    np.testing.assert_allclose(soft_threshold(x, a), best, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_small_values_become_exactly_zero_and_the_dtype_stays(dtype):
    y = soft_threshold(np.array([-0.5, -0.2, 0.0, 0.2, 0.5], dtype), 0.2)
    assert y.dtype == dtype
    assert (y[1:4] == 0).all()
    assert y[0] < 0 < y[4]


def test_shrink_leaves_out_biases_and_the_optimizer_goes_on(rng):
    layer = nn.Linear(5, 3, rng=rng)
    layer.b.data = np.ones(3, np.float32)
    optimizer = optim.SGD(layer.named_parameters(), lr=0.1)
    W, b = layer.W.data.copy(), layer.b.data.copy()
    shrink(layer, 0.1, decays=optim.matrices)
    np.testing.assert_array_equal(layer.b.data, b)
    np.testing.assert_allclose(layer.W.data, soft_threshold(W, 0.1))
    for p in layer.parameters():
        p.grad = np.ones(p.shape, np.float32)
    optimizer.step()
    np.testing.assert_allclose(layer.W.data, soft_threshold(W, 0.1) - 0.1, rtol=1e-5)


@pytest.mark.parametrize("amount", [-0.1, np.inf, np.nan])
def test_an_amount_that_is_none_is_refused(amount):
    with pytest.raises(ValueError, match="an amount of 0 or more"):
        soft_threshold(np.zeros(3), amount)
