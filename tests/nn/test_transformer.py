"""The blocks: where the norm stands, dropout, what they keep. Their values: `test_attention`."""

import numpy as np
import pytest

from nnbook import Tensor, nn, no_grad, ops

D, HEADS, H = 8, 2, 12


def blocks(rng, **options):
    options = {"rng": rng, "dtype": np.float64, **options}
    return nn.EncoderBlock(D, HEADS, H, **options), nn.DecoderBlock(D, HEADS, H, **options)


def test_feed_forward_is_two_layers_at_every_step(rng):
    layer = nn.FeedForward(D, H, rng=rng, dtype=np.float64)
    x = rng.standard_normal((3, 5, D))
    inner = ops.gelu(Tensor(x[1, 2] @ layer.inner.W.data + layer.inner.b.data)).data
    expected = inner @ layer.outer.W.data + layer.outer.b.data
    np.testing.assert_allclose(layer(x).data[1, 2], expected, rtol=1e-12)


def test_post_norm_leaves_every_step_normalized_and_pre_norm_does_not(rng):
    x = 3 * rng.standard_normal((3, 5, D))
    for pre_norm in (False, True):
        encoder, decoder = blocks(rng, pre_norm=pre_norm)
        for y in (encoder(x).data, decoder(x, x).data):
            normalized = np.allclose(y.mean(axis=-1), 0) and np.allclose(
                y.var(axis=-1), 1, atol=0.01
            )
            assert normalized == (not pre_norm)


def test_post_norm_normalizes_the_sum_of_the_input_and_the_sublayer(rng):
    encoder, _ = blocks(rng, pre_norm=False)
    x = Tensor(rng.standard_normal((3, 5, D)))
    y = encoder.attention_norm(x + encoder.attention(x))
    expected = encoder.feed_forward_norm(y + encoder.feed_forward(y))
    np.testing.assert_allclose(encoder(x).data, expected.data, rtol=1e-12)


def test_pre_norm_has_a_way_around_everything(rng):
    encoder, decoder = blocks(rng)
    for block in (encoder, decoder):
        lasts = [block.attention.out, block.feed_forward.outer]
        for last in lasts + ([block.cross.out] if block is decoder else []):
            last.W.data = np.zeros_like(last.W.data)
    x = rng.standard_normal((3, 5, D))
    np.testing.assert_array_equal(encoder(x).data, x)
    np.testing.assert_array_equal(decoder(x, x).data, x)


def test_dropout_acts_in_training_only_and_repeats_with_its_seed():
    x = np.random.default_rng(3).standard_normal((3, 5, D))
    drawn = []
    for seed in (0, 0, 1):
        encoder, _ = blocks(np.random.default_rng(seed), dropout=0.5)
        still, _ = blocks(np.random.default_rng(seed))
        drawn.append(encoder(x).data)
        assert np.abs(drawn[-1] - still(x).data).max() > 1e-3
        np.testing.assert_array_equal(encoder.eval()(x).data, still(x).data)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.abs(drawn[0] - drawn[2]).max() > 1e-3


def test_any_norm_can_be_used(rng):
    encoder, decoder = blocks(rng, norm=nn.RMSNorm)
    assert isinstance(encoder.attention_norm, nn.RMSNorm)
    assert isinstance(decoder.cross_norm, nn.RMSNorm)


def test_a_decoder_block_does_not_look_ahead_but_at_all_of_the_context(rng):
    _, decoder = blocks(rng)
    x, context = rng.standard_normal((3, 5, D)), rng.standard_normal((3, 7, D))
    y = decoder(x, context).data
    later, elsewhere = x.copy(), context.copy()
    later[:, 3:] = 5.0
    elsewhere[:, 6] = 5.0
    np.testing.assert_array_equal(decoder(later, context).data[:, :3], y[:, :3])
    assert (np.abs(decoder(x, elsewhere).data - y).max(axis=-1) > 1e-6).all()


def test_a_decoder_block_decodes_step_by_step_as_at_once(rng):
    _, decoder = blocks(rng)
    x, context = rng.standard_normal((3, 5, D)), rng.standard_normal((3, 7, D))
    mask = np.arange(7) < np.array([7, 4, 1])[:, None, None]
    caches = nn.KeyValueCache(), nn.KeyValueCache()
    with no_grad():
        steps = [
            decoder(x[:, t : t + 1], context, context_mask=mask, caches=caches).data
            for t in range(5)
        ]
        whole = decoder(x, context, context_mask=mask).data
    np.testing.assert_allclose(np.concatenate(steps, axis=1), whole, rtol=1e-12, atol=1e-13)


def test_an_error_names_the_layers_it_passed(rng):
    encoder, _ = blocks(rng)
    with pytest.raises(ValueError, match="MultiHeadAttention expected x") as caught:
        encoder.attention(np.zeros((3, 5, D + 1)))
    assert any("MultiHeadAttention" in note for note in caught.value.__notes__)
