"""The dropout layer draws masks in training and does nothing in evaluation."""

import numpy as np
import pytest

from nnbook import nn


def test_training_drops_and_scales(rng):
    layer = nn.Dropout(0.25, rng=rng)
    y = layer(np.ones((200, 300), np.float32)).data
    assert y.dtype == np.float32
    assert set(np.unique(y)) == {np.float32(0), np.float32(1 / 0.75)}
    assert (y == 0).mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / y.size))


def test_every_call_draws_another_mask_and_the_same_seed_the_same_masks():
    x = np.ones((50, 50), np.float32)

    def two(seed):
        layer = nn.Dropout(0.5, rng=np.random.default_rng(seed))
        return layer(x).data, layer(x).data

    first, second = two(1)
    again, _ = two(1)
    assert (first != second).any()
    np.testing.assert_array_equal(first, again)


def test_evaluation_and_a_rate_of_zero_change_nothing_and_draw_nothing(rng):
    x = np.ones((5, 3), np.float32)
    before = rng.bit_generator.state
    assert nn.Dropout(0.5, rng=rng).eval()(x) is x
    assert nn.Dropout(0.0, rng=rng)(x) is x
    assert rng.bit_generator.state == before


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_a_rate_outside_is_refused(rate, rng):
    with pytest.raises(ValueError, match=r"rate in \[0, 1\), got"):
        nn.Dropout(rate, rng=rng)
