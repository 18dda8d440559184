"""Attention to another sequence: its maps, and what does not fit."""

import numpy as np
import pytest

from nnbook import Tensor
from nnbook.nn import CrossAttention


def test_the_maps_are_distributions_over_the_context(rng):
    x, context = rng.standard_normal((3, 5, 8)), rng.standard_normal((3, 7, 8))
    mask = np.arange(7) < np.array([7, 3, 1])[:, None, None]
    P = CrossAttention(8, 2, rng=rng, dtype=np.float64).weights(x, context, mask=mask)
    assert P.shape == (3, 2, 5, 7)
    np.testing.assert_allclose(P[2, :, :, 0], 1, rtol=1e-12)
    np.testing.assert_allclose(P.sum(axis=-1), 1, rtol=1e-12)
    assert (P[1, :, :, 3:] == 0).all()


def test_each_step_gets_the_mean_of_the_values_under_its_map(rng):
    layer = CrossAttention(8, 2, rng=rng, dtype=np.float64)
    for b in (layer.q.b, layer.kv.b, layer.out.b):
        b.data = rng.standard_normal(b.shape)
    x, context = rng.standard_normal((3, 5, 8)), rng.standard_normal((3, 7, 8))
    V = (context @ layer.kv.W.data + layer.kv.b.data)[..., 8:]  # (B, S, D)
    P = layer.weights(x, context)  # (B, heads, T, S)
    heads = [P[:, i] @ V[..., 4 * i : 4 * i + 4] for i in range(2)]
    expected = np.concatenate(heads, axis=-1) @ layer.out.W.data + layer.out.b.data
    np.testing.assert_allclose(layer(x, context).data, expected, rtol=1e-12, atol=1e-14)


def test_cross_attention_refuses_heads_that_do_not_divide(rng):
    with pytest.raises(ValueError, match="got 9 / 2"):
        CrossAttention(9, 2, rng=rng)


@pytest.mark.parametrize(
    ("x", "context", "mask", "message"),
    [
        ((3, 5, 7), (3, 9, 8), None, r"x \(B, T, 8\) of at least one step, got \(3, 5, 7\)"),
        ((3, 5, 8), (3, 9, 7), None, r"context \(B, S, 8\) .* got \(3, 9, 7\)"),
        ((3, 5, 8), (3, 0, 8), None, r"context \(B, S, 8\) of at least one step, got \(3, 0, 8\)"),
        (
            (3, 5, 8),
            (2, 9, 8),
            None,
            r"same leading axes, .* keys \(2, 2, 9, 4\)",
        ),
        ((3, 5, 8), (3, 9, 8), (3, 5, 5), r"\(B, T, S\) = \(3, 5, 9\), got \(3, 5, 5\)"),
    ],
)
def test_what_does_not_fit_the_context_is_refused(x, context, mask, message, rng):
    layer = CrossAttention(8, 2, rng=rng, dtype=np.float64)
    mask = None if mask is None else np.ones(mask, bool)
    for call in (layer, layer.weights):
        with pytest.raises(ValueError, match=f"^CrossAttention.*{message}"):
            call(Tensor(np.zeros(x)), Tensor(np.zeros(context)), mask=mask)
