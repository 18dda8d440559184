"""The embedding layer and its operation: the sum over a token's uses, the padding, bad tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import nn, ops
from nnbook.tensor import Tensor


@given(V=st.sampled_from([1, 5, 256, 257, 999]), N=st.integers(0, 40), seed=st.integers(0, 99))
def test_gradient_is_the_plain_sum(V, N, seed):
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, V, (N, 2))
    table = Tensor(rng.standard_normal((V, 3)), requires_grad=True)
    g = rng.standard_normal((N, 2, 3))
    ops.embedding(table, tokens=tokens).backward(g)
    expected = np.zeros((V, 3))
    np.add.at(expected, tokens, g)  # the plain form
    np.testing.assert_allclose(table.grad, expected, atol=1e-13)


def test_the_padding_has_a_row_of_zeros_that_stays(rng):
    layer = nn.Embedding(5, 3, rng=rng, padding=2)
    y = layer(np.array([[2, 1], [2, 2]]))
    assert not y.data[y.data.shape[0] - 1].any()
    y.sum().backward()
    np.testing.assert_array_equal(layer.table.grad, [[0] * 3, [1] * 3, [0] * 3, [0] * 3, [0] * 3])


def test_starts_from_the_standard_deviation_asked_for(rng):
    table = nn.Embedding(400, 300, rng=rng, std=0.02).table
    assert table.dtype == np.float32
    assert table.data.std() == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize(
    ("tokens", "error", "words"),
    [
        (np.array([[0, 5]]), ValueError, r"tokens from 0 to 4 for a table \(5, 3\), got 0 to 5"),
        (np.array([-1]), ValueError, "got -1 to -1"),
        (np.array([1.0]), TypeError, "integer tokens, got dtype float64"),
        (np.array([True]), TypeError, "integer tokens, got dtype bool"),
    ],
)
def test_refuses_tokens(tokens, error, words, rng):
    with pytest.raises(error, match=words):
        nn.Embedding(5, 3, rng=rng)(tokens)


def test_refuses_impossible_sizes(rng):
    with pytest.raises(ValueError, match="at least 1 token and 1 feature, got 0, 3"):
        nn.Embedding(0, 3, rng=rng)
    for build in (
        lambda: nn.Embedding(5, 3, rng=rng, padding=5),
        lambda: ops.embedding(np.zeros((5, 3)), tokens=np.array([1]), padding=5),
    ):
        with pytest.raises(ValueError, match="padding from 0 to 4, got 5"):
            build()
    with pytest.raises(ValueError, match=r"padding from 0 to 4, got 1\.5"):
        ops.embedding(np.zeros((5, 3)), tokens=np.array([1]), padding=1.5)
    with pytest.raises(ValueError, match=r"a table \(V, D\), got \(5,\)"):
        ops.embedding(np.zeros(5), tokens=np.array([1]))
