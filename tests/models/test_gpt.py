"""GPT: causal, its cache equal to the plain pass, tied weights counted once, bad input refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import no_grad, ops
from nnbook.models import GPT
from nnbook.nn import KeyValueCache
from tests.references.record_attention import randomize

V, CONTEXT = 11, 9
VARIANTS = [{}, {"tied": True}, {"rotary": True}, {"tied": True, "rotary": True}]


def gpt(dtype=np.float64, seed=0, **options):
    rng = np.random.default_rng(seed)
    network = GPT(V, CONTEXT, width=8, heads=2, layers=2, rng=rng, dtype=dtype, **options)
    randomize(network, rng)
    return network


@pytest.mark.parametrize("options", VARIANTS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
def test_the_cache_gives_the_plain_pass(options, dtype, tolerance, rng):
    network = gpt(dtype, **options)
    tokens = rng.integers(0, V, (3, CONTEXT))
    caches = [KeyValueCache() for _ in network.blocks]
    with no_grad():
        plain = network(tokens).data
        steps = [network(tokens[:, t : t + 1], caches=caches).data for t in range(CONTEXT)]
    stepped = np.concatenate(steps, axis=1)
    assert stepped.dtype == dtype
    np.testing.assert_allclose(stepped, plain, rtol=tolerance, atol=tolerance)


@given(
    variant=st.sampled_from(VARIANTS),
    length=st.integers(1, CONTEXT + 3),
    steps=st.integers(0, CONTEXT + 2),
    seed=st.integers(0, 20),
)
def test_generating_with_and_without_cache_is_the_same(variant, length, steps, seed):
    network = gpt(seed=seed, **variant)
    prompt = np.random.default_rng(seed).integers(0, V, (2, length))
    text = network.generate(prompt, steps)
    assert text.shape == (2, steps)
    np.testing.assert_array_equal(text, network.generate(prompt, steps, cached=False))


def test_generating_is_choosing_from_the_last_scores(rng):
    network = gpt()
    prompt = rng.integers(0, V, (2, 3))
    text = network.generate(prompt, 2)
    first = network(prompt).data[:, -1].argmax(axis=-1)
    second = network(np.c_[prompt, first]).data[:, -1].argmax(axis=-1)
    np.testing.assert_array_equal(text, np.c_[first, second])


def test_drawing_repeats_with_its_seed_and_takes_the_options_of_sampling(rng):
    network = gpt()
    prompt = rng.integers(0, V, (40, 3))
    drawn = [network.generate(prompt, 2, rng=np.random.default_rng(s)) for s in (0, 0, 1)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()
    likeliest = network.generate(prompt, 2, rng=np.random.default_rng(0), top_k=1)
    np.testing.assert_array_equal(likeliest, network.generate(prompt, 2))


def test_generating_is_without_dropout_and_leaves_the_mode_alone(rng):
    network = gpt(dropout=0.5)
    prompt = rng.integers(0, V, (2, 3))
    texts = [network.generate(prompt, 5) for _ in range(2)]
    np.testing.assert_array_equal(texts[0], texts[1])
    assert all(module.training for _, module in network.modules())
    assert not any(module.training for _, module in network.eval().modules())
    network.generate(prompt, 1)
    assert not network.training


@pytest.mark.parametrize(
    ("prompt", "options", "error", "message"),
    [
        ([[V]], {}, ValueError, "tokens from 0 to 10"),
        ([[1]], {"rng": np.random.default_rng(0), "temperature": -1}, ValueError, "got -1"),
        ([[1]], {"top_k": 3, "temperature": 2}, TypeError, "top_k, temperature with rng=: without"),
        ([[1]], {"temprature": 2}, TypeError, "temprature with rng="),
        ([[1]], {"rng": np.random.default_rng(0), "temprature": 2}, TypeError, "temprature"),
        ([[1]], {"rng": 0}, TypeError, "rng to be a numpy Generator, got int"),
        ([[1]], {"steps": -2}, ValueError, r"steps of at least 0, got \(1, 1\) and -2"),
    ],
)
def test_generating_that_fails_leaves_the_mode_alone(prompt, options, error, message):
    network = gpt(dropout=0.5)
    network.norm.eval()
    with pytest.raises(error, match=message):
        network.generate(np.array(prompt), **{"steps": 2, **options})
    assert [name for name, module in network.modules() if not module.training] == ["norm"]


def test_scores_that_are_not_numbers_give_no_text():
    network = gpt()
    network.norm.beta.data = np.full(8, np.nan)
    with pytest.raises(ValueError, match=r"finite scores, got NaN or infinity in \(1, 11\)"):
        network.generate(np.array([[1]]), 2)


@pytest.mark.parametrize("options", VARIANTS)
def test_changing_the_future_changes_nothing_before_it(options, rng):
    network = gpt(**options)
    tokens = rng.integers(0, V, (3, CONTEXT))
    scores = network(tokens).data
    for t in range(CONTEXT):
        other = tokens.copy()
        other[:, t + 1 :] = (other[:, t + 1 :] + 1) % V
        np.testing.assert_array_equal(network(other).data[:, : t + 1], scores[:, : t + 1])


def test_a_tied_table_is_counted_once_and_gets_both_gradients(rng):
    tied, untied = gpt(tied=True), gpt()
    assert untied.count() - tied.count() == V * 8
    untied.head.W.data = untied.tokens.table.data.T
    shared = {name: p for name, p in untied.named_parameters() if name != "head.W"}
    for name, p in tied.named_parameters():
        shared[name].data = p.data
    untied.head.W.data = tied.tokens.table.data.T
    tokens, target = rng.integers(0, V, (2, 3, CONTEXT))
    for network in (tied, untied):
        ops.softmax_cross_entropy(network(tokens), target=target).backward()
    both = untied.tokens.table.grad + untied.head.W.grad.T
    np.testing.assert_allclose(tied.tokens.table.grad, both, rtol=1e-12)


def test_the_start_is_that_of_gpt2():
    network = GPT(500, 64, width=96, heads=4, layers=3, rng=np.random.default_rng(0))
    assert network.tokens.table.data.std() == pytest.approx(0.02, rel=0.02)
    assert network.head.W.data.std() == pytest.approx(0.02, rel=0.02)
    last = network.blocks[1].feed_forward.outer.W.data
    assert last.std() == pytest.approx(0.02 / 6**0.5, rel=0.02)
    loss = ops.softmax_cross_entropy(network(np.zeros((1, 64), int)), target=np.ones((1, 64), int))
    assert loss.item() == pytest.approx(np.log(500), rel=0.05)  # every token is as likely


@pytest.mark.parametrize(
    ("tokens", "error", "message"),
    [
        (np.zeros((2, CONTEXT + 1), int), ValueError, r"at most 9 steps, got \(2, 10\)"),
        (np.zeros(5, int), ValueError, r"tokens \(B, T\).*got \(5,\)"),
        (np.full((2, 3), V), ValueError, "tokens from 0 to 10"),
        (np.zeros((2, 3)), TypeError, "integer tokens"),
    ],
)
def test_what_does_not_fit_is_refused(tokens, error, message):
    with pytest.raises(error, match=message):
        gpt()(tokens)


def test_a_cache_that_is_full_is_refused(rng):
    network = gpt()
    caches = [KeyValueCache() for _ in network.blocks]
    with no_grad():
        network(np.zeros((2, 7), int), caches=caches)
        with pytest.raises(ValueError, match=r"at most 9 steps, got \(2, 3\) after 7"):
            network(np.zeros((2, 3), int), caches=caches)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_there_is_a_cache_for_each_block(count):
    caches = [KeyValueCache() for _ in range(count)]
    message = f"a cache for each of its 2 blocks, got {count} caches"
    with no_grad(), pytest.raises(ValueError, match=message):
        gpt()(np.zeros((2, 3), int), caches=caches)
    assert all(cache.length == 0 for cache in caches)


@pytest.mark.parametrize("prompt", [np.zeros((2, 0), int), np.zeros(3, int)])
def test_a_prompt_of_nothing_is_refused(prompt):
    with pytest.raises(ValueError, match="prompt"):
        gpt().generate(prompt, 1)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"width": 9}, "got 9 / 2"),
        ({"layers": 0}, "context and layers of at least 1, got 9 and 0"),
        ({"context": 0}, "context and layers of at least 1, got 0 and 1"),
        ({"hidden": 0}, "at least 1 input and 1 output, got 8, 0"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes, message, rng):
    sizes = {"context": CONTEXT, "width": 8, "heads": 2, "layers": 1, **sizes}
    with pytest.raises(ValueError, match=message):
        GPT(V, **sizes, rng=rng)


def test_the_width_of_the_feed_forward_networks():
    assert gpt().blocks[0].feed_forward.inner.W.shape == (8, 32)
    assert gpt(hidden=5).blocks[0].feed_forward.inner.W.shape == (8, 5)
