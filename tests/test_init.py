"""Starting values: their distribution, dtype and reproducibility."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import init

SHAPE = (300, 500)
STD = {
    "he_normal": math.sqrt(2 / 300),
    "he_uniform": math.sqrt(2 / 300),
    "glorot_normal": math.sqrt(2 / 800),
    "glorot_uniform": math.sqrt(2 / 800),
    "lecun_normal": math.sqrt(1 / 300),
    "normal": 0.01,
}


@pytest.mark.parametrize("name", STD)
def test_mean_and_spread(name, rng):
    values = getattr(init, name)(SHAPE, rng=rng)
    assert values.shape == SHAPE
    assert values.dtype == np.float32
    n = values.size
    assert abs(values.mean()) < 5 * STD[name] / math.sqrt(n)
    assert values.std() == pytest.approx(STD[name], rel=5 / math.sqrt(2 * n))


@pytest.mark.parametrize("name", ["he_uniform", "glorot_uniform"])
def test_uniform_values_stay_within_the_bound(name, rng):
    bound = math.sqrt(3) * STD[name]
    values = getattr(init, name)(SHAPE, rng=rng)
    assert 0.99 * bound < np.abs(values).max() <= bound * (1 + 1e-6)


@pytest.mark.parametrize("name", [*STD, "orthogonal"])
def test_the_same_seed_gives_the_same_bits_and_the_dtype_is_kept(name):
    draw = getattr(init, name)
    one, two = (draw((5, 3), rng=np.random.default_rng(7)) for _ in range(2))
    assert one.tobytes() == two.tobytes()
    exact = draw((5, 3), rng=np.random.default_rng(7), dtype=np.float64)
    assert exact.dtype == np.float64
    np.testing.assert_allclose(one, exact, rtol=1e-6)


@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.1, 3))
def test_orthogonal(rows, columns, gain):
    rng = np.random.default_rng(rows * 10 + columns)
    Q = init.orthogonal((rows, columns), rng=rng, gain=gain, dtype=np.float64)
    gram = Q @ Q.T if rows <= columns else Q.T @ Q
    np.testing.assert_allclose(gram, gain**2 * np.eye(min(rows, columns)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_uniformly(rng):
    """Without the correction of signs the diagonal of Q would be negative more often than not."""
    corners = [init.orthogonal((2, 2), rng=rng)[0, 0] for _ in range(2000)]
    assert abs(np.mean(corners)) < 5 * math.sqrt(0.5 / 2000)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((3, 7), (3, 7)), ((8, 4, 5), (20, 40)), ((8, 4, 5, 3), (60, 120))],
)
def test_fans(shape, expected):
    assert init.fans(shape) == expected


def test_identity():
    values = init.identity((3, 3), scale=0.5)
    np.testing.assert_array_equal(values, 0.5 * np.eye(3))
    assert values.dtype == np.float32
    with pytest.raises(ValueError, match=r"square matrix's shape, got \(2, 3\)"):
        init.identity((2, 3))


@pytest.mark.parametrize("name", ["he_normal", "glorot_uniform", "orthogonal"])
@pytest.mark.parametrize("rng", [0, None, np.random])
def test_a_seed_is_no_generator(name, rng):
    kind = type(rng).__name__
    with pytest.raises(TypeError, match=f"drawn by a numpy Generator, .* got rng of type {kind}"):
        getattr(init, name)((3, 2), rng=rng)


def test_a_vector_has_no_fans_and_a_kernel_is_not_orthogonal(rng):
    with pytest.raises(ValueError, match=r"at least 2 axes, got shape \(3,\)"):
        init.he_normal((3,), rng=rng)
    with pytest.raises(ValueError, match=r"a matrix's shape, got \(3, 3, 3\)"):
        init.orthogonal((3, 3, 3), rng=rng)
