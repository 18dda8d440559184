"""The transformer of 2017: padding, causality, greedy decoding, tied tables, bad input."""

import itertools

import numpy as np
import pytest

from nnbook import no_grad, ops, optim
from nnbook.models import Transformer
from nnbook.nn import KeyValueCache
from tests.references.record_attention import randomize

SOURCE, TARGET, LIMIT = 11, 13, 9


def transformer(seed=0, vocabularies=(SOURCE, TARGET), **options):
    rng = np.random.default_rng(seed)
    options = {"dropout": 0.0, "dtype": np.float64, **options}
    network = Transformer(*vocabularies, LIMIT, width=8, heads=2, layers=2, rng=rng, **options)
    randomize(network, rng)
    return network


def batch(rng):
    """Return source tokens with padding (0), and target tokens."""
    source, target = rng.integers(1, SOURCE, (3, 7)), rng.integers(1, TARGET, (3, 5))
    source[np.arange(7) >= np.array([7, 1, 4])[:, None]] = 0
    return source, target


@pytest.mark.parametrize("pre_norm", [False, True])
def test_a_padded_batch_is_its_sequences_one_by_one(pre_norm, rng):
    network = transformer(pre_norm=pre_norm)
    source, target = batch(rng)
    lengths = [5, 2, 3]
    counts = np.arange(5) < np.array(lengths)[:, None]
    goal = rng.integers(1, TARGET, (3, 5))
    loss = ops.softmax_cross_entropy(
        network(source, np.where(counts, target, 0)), target=goal, mask=counts, smoothing=0.1
    )
    loss.backward()
    together = {name: p.grad for name, p in network.named_parameters()}
    network.zero_grad()
    alone = 0.0
    for i, n in enumerate(lengths):
        row = source[i : i + 1, : (source[i] > 0).sum()]
        scores = network(row, target[i : i + 1, :n])
        part = ops.softmax_cross_entropy(scores, target=goal[i : i + 1, :n], smoothing=0.1)
        part = part * (n / sum(lengths))
        part.backward()
        alone += part.item()
    assert loss.item() == pytest.approx(alone, rel=1e-12)
    for name, p in network.named_parameters():
        np.testing.assert_allclose(p.grad, together[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_changing_the_future_changes_nothing_before_it(rng):
    network = transformer()
    source, target = batch(rng)
    scores = network(source, target).data
    assert scores.shape == (3, 5, TARGET)
    for t in range(5):
        other = target.copy()
        other[:, t + 1 :] = 1 + other[:, t + 1 :] % (TARGET - 1)
        np.testing.assert_array_equal(network(source, other).data[:, : t + 1], scores[:, : t + 1])


@pytest.mark.parametrize("options", [{}, {"pre_norm": True}, {"tied": True}])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
def test_the_cache_gives_the_plain_pass(options, dtype, tolerance, rng):
    vocabularies = (TARGET, TARGET) if "tied" in options else (SOURCE, TARGET)
    network = transformer(0, vocabularies, dtype=dtype, **options)
    source, target = batch(rng)
    caches = [(KeyValueCache(), KeyValueCache()) for _ in network.decoder]
    with no_grad():
        plain = network(source, target).data
        context = network.encode(source)
        steps = [
            network.decode(target[:, t : t + 1], context, source, caches=caches).data
            for t in range(5)
        ]
    stepped = np.concatenate(steps, axis=1)
    assert stepped.dtype == dtype
    np.testing.assert_allclose(stepped, plain, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("seed", range(4))
def test_greedy_writes_the_likeliest_tokens_up_to_the_end(seed, rng):
    network = transformer(seed, dropout=0.5)
    source, _ = batch(rng)
    texts = network.translate(source, start=1, end=2, steps=LIMIT)
    assert network.training
    network.eval()
    for row, text in zip(source, texts):
        given = np.concatenate([[1], text])[:LIMIT]
        likely = network(row[None], given[None]).data[0].argmax(axis=-1)
        np.testing.assert_array_equal(likely[: len(text)], text)
        assert len(text) == LIMIT or likely[len(text)] == 2


def test_a_wide_beam_finds_the_likeliest_translation_of_all(rng):
    V, steps = 5, 3
    network = transformer(1, (SOURCE, V))
    source = rng.integers(1, SOURCE, (3, 5))
    found = network.translate(source, start=1, end=2, steps=steps, width=V**steps)
    every = np.array(list(itertools.product(range(V), repeat=steps)))  # (V³, 3)
    given = np.c_[np.ones(len(every), int), every[:, :-1]]
    ended = np.cumsum(every == 2, axis=1) - (every == 2) > 0  # after the end token: not written
    for row, text in zip(source, found):
        scores = network(np.broadcast_to(row, (len(every), 5)), given)
        log_p = np.take_along_axis(ops.log_softmax(scores).data, every[..., None], axis=-1)[..., 0]
        best = (log_p * ~ended).sum(axis=1).argmax()
        expected = every[best][~ended[best]]
        np.testing.assert_array_equal(text, expected[expected != 2])


def test_it_learns_to_reverse(rng):
    network = Transformer(
        12, 12, 8, width=32, heads=4, layers=1, hidden=64, tied=True, dropout=0.0,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    warm = optim.schedules.inverse_square_root(32, warmup=60, scale=0.5)
    optimizer = optim.Adam(network.named_parameters(), warm, betas=(0.9, 0.98), eps=1e-9)
    for _ in range(300):
        source = rng.integers(2, 12, (32, 4))
        target = np.c_[np.ones(32, int), source[:, ::-1]]
        optimizer.zero_grad()
        scores = network(source, target[:, :-1])
        ops.softmax_cross_entropy(scores, target=target[:, 1:], smoothing=0.1).backward()
        optimizer.step()
    source = rng.integers(2, 12, (100, 4))
    written = network.translate(source, start=1, end=0, steps=4)
    right = [np.array_equal(text, row[::-1]) for text, row in zip(written, source)]
    assert np.mean(right) > 0.9


def test_tied_tables_are_one_parameter():
    tied = transformer(vocabularies=(TARGET, TARGET), tied=True)
    untied = transformer(vocabularies=(TARGET, TARGET))
    assert untied.count() - tied.count() == 2 * TARGET * 8
    assert "target.table" not in tied.state_dict()
    with pytest.raises(ValueError, match="one vocabulary, got 11 source tokens and 13"):
        transformer(tied=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": 0}, "at least 1 layer on either side, got 0"),
        ({"hidden": 0}, "at least 1 input and 1 output, got 8, 0"),
        ({"padding": SOURCE}, "padding among the source tokens, from 0 to 10, got 11"),
        ({"padding": -1}, "padding among the source tokens, from 0 to 10, got -1"),
    ],
)
def test_sizes_that_make_no_network_are_refused(options, message, rng):
    options = {"width": 8, "heads": 2, "layers": 1, "rng": rng, **options}
    with pytest.raises(ValueError, match=message):
        Transformer(SOURCE, TARGET, LIMIT, **options)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_there_is_a_pair_of_caches_for_each_block(count, rng):
    network, (source, target) = transformer(), batch(rng)
    caches = [(KeyValueCache(), KeyValueCache()) for _ in range(count)]
    message = f"caches for each of its 2 decoder blocks, got {count} pairs"
    with no_grad(), pytest.raises(ValueError, match=message):
        network.decode(target, network.encode(source), source, caches=caches)


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (TARGET, 2, "tokens from 0 to 12"),
        (1, TARGET, "the end to be one of the tokens from 0 to 12, got 13"),
        (1, -1, "the end to be one of the tokens from 0 to 12, got -1"),
    ],
)
def test_translating_that_fails_leaves_the_mode_alone(width, start, end, message, rng):
    network = transformer(dropout=0.5)
    network.encoder[0].eval()
    training = [module.training for _, module in network.modules()]
    with pytest.raises(ValueError, match=message):
        network.translate(batch(rng)[0], start=start, end=end, steps=3, width=width)
    assert [module.training for _, module in network.modules()] == training


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ((3, 10), (3, 5), "positions for 9 steps, got a sequence of 10"),
        ((3, 7), (3, 10), "positions for 9 steps, got a sequence of 10"),
        ((3, 7), (5,), r"tokens \(B, T\), got \(5,\)"),
        ((3, 7), (2, 5), "same leading axes"),
        ((7,), (3, 5), r"source tokens \(B, S\), got \(7,\)"),
    ],
)
def test_what_does_not_fit_is_refused(source, target, message):
    with pytest.raises(ValueError, match=message):
        transformer()(np.ones(source, int), np.ones(target, int))
