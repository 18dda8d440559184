"""The cache of keys and values: step by step as in one piece, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import models, no_grad
from nnbook.nn import CrossAttention, KeyValueCache, MultiHeadAttention


@given(
    T=st.integers(1, 8),
    cuts=st.sets(st.integers(1, 7)),
    rotary=st.booleans(),
    seed=st.integers(0, 50),
)
def test_a_cache_filled_in_any_portions_gives_the_plain_pass(T, cuts, rotary, seed):
    rng = np.random.default_rng(seed)
    layer = MultiHeadAttention(8, 2, rotary=rotary, rng=rng, dtype=np.float64)
    x = rng.standard_normal((3, T, 8))
    cache = KeyValueCache()
    assert cache.length == 0
    with no_grad():
        portions = np.split(x, sorted(c for c in cuts if c < T), axis=1)
        pieces = [layer(part, causal=True, cache=cache).data for part in portions]
        whole = layer(x, causal=True).data
    assert cache.length == T
    np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, rtol=1e-12, atol=1e-13)


def test_a_cache_one_step_off_would_be_noticed(attend, rng):
    x = rng.standard_normal((3, 5, 8))
    layer = MultiHeadAttention(8, 2, rotary=True, rng=rng, dtype=np.float64)
    cache = KeyValueCache()
    with no_grad():
        layer(x[:, :4], causal=True, cache=cache)
        cache.k, cache.v = cache.k[:, :, 1:], cache.v[:, :, 1:]  # the first step is lost
        last = layer(x[:, 4:], causal=True, cache=cache).data
        assert np.abs(last - layer(x, causal=True).data[:, 4:]).max() > 1e-3


def test_a_cache_of_selected_sequences_goes_on_from_them(attend, rng):
    x, rows = rng.standard_normal((3, 5, 8)), np.array([2, 0, 0, 1])
    cache = KeyValueCache()
    assert cache.select(rows).length == 0
    with no_grad():
        attend(x[:, :4], causal=True, cache=cache)
        last = attend(x[rows, 4:], causal=True, cache=cache.select(rows)).data
        whole = attend(x[rows], causal=True).data
    np.testing.assert_allclose(last, whole[:, 4:], rtol=1e-12, atol=1e-13)
    assert cache.k.shape == (3, 2, 4, 4)  # as it was


def test_a_cache_refuses_to_cut_gradients(attend, rng):
    with pytest.raises(RuntimeError, match="no_grad"):
        attend(rng.standard_normal((3, 5, 8)), cache=KeyValueCache())


def test_cross_attention_reads_the_context_once(rng):
    layer = CrossAttention(8, 2, rng=rng, dtype=np.float64)
    x, context = rng.standard_normal((3, 5, 8)), rng.standard_normal((3, 7, 8))
    cache = KeyValueCache()
    with no_grad():
        plain = layer(x, context).data
        first = layer(x[:, :2], context, cache=cache).data
        rest = layer(x[:, 2:], None, cache=cache).data  # the context is not looked at again
    np.testing.assert_allclose(np.concatenate([first, rest], axis=1), plain, rtol=1e-12)


def test_a_mask_covers_what_is_in_the_cache_too(attend, rng):
    x, cache = rng.standard_normal((3, 5, 8)), KeyValueCache()
    with no_grad():
        attend(x[:, :3], cache=cache)
        with pytest.raises(ValueError, match=r"\(B, T, S\) = \(3, 2, 5\), got \(3, 2, 2\)"):
            attend(x[:, 3:], mask=np.ones((3, 2, 2), bool), cache=cache)
        assert cache.length == 3  # what is refused leaves no trace
        with pytest.raises(TypeError, match="expected a boolean mask"):
            attend(x[:, 3:], mask=np.ones((3, 1, 5)), cache=cache)
        assert cache.length == 3
        seen = np.ones((3, 1, 5), bool)
        assert attend(x[:, 3:], mask=seen, cache=cache).shape == (3, 2, 8)


def test_a_cache_of_other_sequences_is_refused(attend, rng):
    x, cache = rng.standard_normal((3, 5, 8)), KeyValueCache()
    with no_grad():
        attend(x, cache=cache)
        with pytest.raises(ValueError, match=r"\(3, 2, 5, 4\) .* same B.* got \(2, 2, 5, 4\)"):
            attend(x[:2], cache=cache)
        across, read = CrossAttention(8, 2, rng=rng, dtype=np.float64), KeyValueCache()
        across(x, x, cache=read)
        with pytest.raises(ValueError, match=r"got x \(2, 5, 8\) and 3 contexts"):
            across(x[:2], None, cache=read)


def broken(*_, **options):
    """Stand for whatever may go wrong: a wrong input, too little memory, an impatient reader."""
    raise KeyboardInterrupt


DECODERS = {
    "GPT": lambda rng: models.GPT(9, context=6, width=8, heads=2, layers=2, rng=rng),
    "Transformer": lambda rng: models.Transformer(
        9, 9, limit=6, width=8, heads=2, layers=2, hidden=12, rng=rng
    ),
}


@pytest.mark.parametrize("kind", DECODERS)
def test_a_step_that_fails_anywhere_leaves_no_trace_in_any_cache(kind, rng, monkeypatch):
    network = DECODERS[kind](rng).eval()
    tokens = rng.integers(1, 9, (3, 5))
    with no_grad():
        if kind == "GPT":
            caches = held = [KeyValueCache() for _ in network.blocks]
            last = network.blocks[-1]

            def step(part, caches):
                return network(part, caches=caches).data
        else:
            caches = [(KeyValueCache(), KeyValueCache()) for _ in network.decoder]
            held, last = [c for pair in caches for c in pair], network.decoder[-1]
            source, context = tokens, network.encode(tokens)

            def step(part, caches):
                return network.decode(part, context, source, caches=caches).data

        whole = step(tokens, None)
        for t in range(4):
            with monkeypatch.context() as patch:
                patch.setattr(last, "feed_forward", broken)
                with pytest.raises(KeyboardInterrupt):
                    step(tokens[:, t : t + 1], caches)
            assert caches[0] is held[0] or caches[0][0].length == t
            now = step(tokens[:, t : t + 1], caches)
            np.testing.assert_allclose(now[:, 0], whole[:, t], rtol=1e-4, atol=1e-5)


def test_contexts_that_are_refused_are_not_remembered(rng):
    layer, cache = CrossAttention(8, 2, rng=rng, dtype=np.float64), KeyValueCache()
    x, other = rng.standard_normal((3, 5, 8)), rng.standard_normal((2, 7, 8))
    context = rng.standard_normal((3, 7, 8))
    with no_grad():
        with pytest.raises(ValueError, match="same leading axes"):
            layer(x, other, cache=cache)
        assert cache.length == 0
        np.testing.assert_array_equal(layer(x, context, cache=cache).data, layer(x, context).data)
