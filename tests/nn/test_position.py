"""Positions: added where they belong, refused where there are none."""

import numpy as np
import pytest

from nnbook import Tensor, ops
from nnbook.nn import LearnedPositions, SinusoidalPositions


def test_sinusoids_are_added_from_the_start_given():
    layer = SinusoidalPositions(9, 4, dtype=np.float64)
    x = np.ones((3, 5, 4))
    P = ops.sinusoids(9, 4, dtype=np.float64)
    np.testing.assert_array_equal(layer(Tensor(x)).data, x + P[:5])
    np.testing.assert_array_equal(layer(Tensor(x), start=4).data, x + P[4:9])
    assert layer.count() == 0
    assert layer.state_dict() == {}


def test_each_learned_position_gets_the_gradient_of_its_step(rng):
    layer = LearnedPositions(9, 4, rng=rng, dtype=np.float64)
    g = rng.standard_normal((3, 5, 4))
    layer(Tensor(np.zeros((3, 5, 4))), start=2).backward(g)
    np.testing.assert_allclose(layer.P.grad[2:7], g.sum(axis=0), rtol=1e-12)
    assert (layer.P.grad[[0, 1, 7, 8]] == 0).all()


@pytest.mark.parametrize("kind", [SinusoidalPositions, LearnedPositions])
@pytest.mark.parametrize(
    ("shape", "start", "message"),
    [
        ((3, 10, 4), 0, r"positions for 9 steps, got a sequence of 10: x \(3, 10, 4\) from step 0"),
        ((3, 5, 4), 5, r"positions for 9 steps, got a sequence of 10: x \(3, 5, 4\) from step 5"),
        ((3, 5, 4), -3, "start to be an integer of at least 0, got -3"),
        ((3, 5, 6), 0, r"expected x \(B, T, 4\), got \(3, 5, 6\)"),
        ((5, 4), 0, r"got \(5, 4\)"),
    ],
)
def test_what_does_not_fit_is_refused(kind, shape, start, message, rng):
    layer = kind(9, 4, **({"rng": rng} if kind is LearnedPositions else {}))
    with pytest.raises(ValueError, match=f"{kind.__name__}.*{message}"):
        layer(Tensor(np.zeros(shape, np.float32)), start=start)
