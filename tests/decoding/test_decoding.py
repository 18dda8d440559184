"""Sampling draws what it says; greedy is beam search of width 1; a full beam finds the best."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook.decoding import (
    beam_search,
    generate,
    greedy,
    likeliest,
    log_probabilities,
    probabilities,
    sample,
)

LOGITS = np.log(np.array([0.1, 0.4, 0.2, 0.3]))


def table_model(rng, V, depth, scale=2.0):
    """Return a step whose scores depend on the whole past: the state is the tokens so far."""
    tables = [scale * rng.standard_normal((V,) * (n + 1)) for n in range(1, depth + 2)]

    def step(tokens, state):
        state = np.column_stack([state, tokens])  # (N, n)
        return np.stack([tables[state.shape[1] - 1][tuple(row)] for row in state]), state

    return step


def nothing(count):
    return np.zeros((count, 0), int)


def select(state, rows):
    return state[rows]


def log_p(step, tokens, start):
    """Return the log-probability of a whole sequence after the start token."""
    state, last, total = nothing(1), np.array([start]), 0.0
    for token in tokens:
        logits, state = step(last, state)
        total += log_probabilities(logits)[0, token]
        last = np.array([token])
    return total


@pytest.mark.parametrize("temperature", [np.inf, 1e308, 1e-308, 5e-324])
def test_a_forbidden_token_stays_so_at_any_temperature(temperature, rng):
    logits = np.array([-np.inf, 3.0, 1.0, -np.inf, 3.0])
    p = probabilities(logits, temperature=temperature)
    expected = [0, 1, 1, 0, 1] if temperature > 1 else [0, 1, 0, 0, 1]
    np.testing.assert_allclose(p, np.array(expected) / sum(expected), atol=1e-12)
    drawn = sample(np.tile(logits, (200, 1)), rng=rng, temperature=temperature)
    assert set(drawn) == set(np.flatnonzero(expected))


def test_scores_as_large_as_there_are():
    huge = np.array([-1e308, 1e308, 1e308])
    np.testing.assert_allclose(probabilities(huge, temperature=0.5), [0, 0.5, 0.5])


def test_probabilities_by_hand():
    np.testing.assert_allclose(probabilities(LOGITS), [0.1, 0.4, 0.2, 0.3])
    np.testing.assert_allclose(probabilities(LOGITS, temperature=0.5), np.array([1, 16, 4, 9]) / 30)
    np.testing.assert_allclose(probabilities(LOGITS, top_k=2), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(probabilities(LOGITS, top_p=0.5), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(probabilities(LOGITS, top_p=0.71), [0, 4 / 9, 2 / 9, 3 / 9])
    np.testing.assert_allclose(probabilities(LOGITS, top_p=0.01), [0, 1, 0, 0])
    np.testing.assert_allclose(probabilities(LOGITS, top_k=3, top_p=0.5), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(probabilities(np.zeros(4), top_k=2), [0.5, 0.5, 0, 0])


def test_the_nucleus_ends_where_its_sum_is_p_or_misses_it_by_rounding():
    np.testing.assert_allclose(probabilities(np.log([2, 1, 1]), top_p=0.5), [1, 0, 0])
    np.testing.assert_allclose(probabilities(LOGITS, top_p=0.7), [0, 4 / 7, 0, 3 / 7])
    for V in (3, 10, 49, 1000):
        for k in range(1, V):  # the sum of k rounded 1 / V may be above k / V, or below
            kept = (probabilities(np.zeros(V), top_p=k / V) > 0).sum()
            assert kept == k, f"{kept} of {V} tokens are kept with p = {k} / {V}"
    assert (probabilities(np.array([0.0, -30.0]), top_p=1) > 0).all()
    np.testing.assert_array_equal(probabilities(np.array([0.0, -50.0]), top_p=1), [1, 0])
    np.testing.assert_array_equal(probabilities(np.array([40.0, 0.0, 5.0]), top_p=1e-15), [1, 0, 0])


@given(
    logits=st.lists(st.floats(-50, 50), min_size=1, max_size=8),
    k=st.integers(1, 9),
    p=st.floats(0.01, 1),
    temperature=st.floats(0.1, 10),
)
def test_cuts_keep_the_likeliest_and_no_more(logits, k, p, temperature):
    full = probabilities(np.array(logits), temperature=temperature)
    for cut in (
        probabilities(np.array(logits), temperature=temperature, top_k=k),
        probabilities(np.array(logits), temperature=temperature, top_p=p),
    ):
        assert cut.sum() == pytest.approx(1)
        kept = cut > 0
        assert full[kept].min() >= full[~kept].max(initial=0)
    assert (probabilities(np.array(logits), top_k=k) > 0).sum() <= k
    assert full[kept].sum() >= p - 1e-9
    assert full[kept].sum() - full[kept].min() < p + 1e-9


def test_sample_has_the_frequencies_of_the_probabilities(rng):
    drawn = sample(np.broadcast_to(LOGITS, (20_000, 4)), rng=rng, top_k=3)
    share = np.bincount(drawn, minlength=4) / len(drawn)
    np.testing.assert_allclose(share, [0, 4 / 9, 2 / 9, 3 / 9], atol=0.015)
    assert drawn.shape == (20_000,)
    assert sample(LOGITS, rng=rng).shape == ()


class Highest(np.random.Generator):
    """Draws the largest number below 1."""

    def random(self, shape):
        return np.full(shape, 1 - 2**-53)


def test_the_highest_draw_is_the_last_token_that_was_not_cut(rng):
    highest = Highest(np.random.PCG64())
    logits = np.sort(rng.standard_normal((500, 40)))[:, ::-1]  # the cut ones at the end
    for options in ({"top_k": 9}, {"top_p": 0.8}, {}):
        p = probabilities(logits, **options)
        assert (np.cumsum(p, axis=-1)[:, -1] <= 1 - 2**-53).any()  # some sums are too small
        last = 39 - (p[:, ::-1] > 0).argmax(axis=-1)
        np.testing.assert_array_equal(sample(logits, rng=highest, **options), last)


def test_sample_is_its_seeds():
    rows = np.broadcast_to(LOGITS, (5, 7, 4))
    first, again, other = (sample(rows, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_low_temperature_is_greedy(rng):
    logits = rng.standard_normal((50, 9))
    np.testing.assert_array_equal(sample(logits, rng=rng, temperature=1e-3), logits.argmax(axis=1))


@given(seed=st.integers(0, 200), V=st.integers(2, 5), steps=st.integers(1, 4))
def test_beam_of_width_1_is_greedy(seed, V, steps):
    step = table_model(np.random.default_rng(seed), V, steps)
    best = greedy(step, nothing(1), start=np.array([1]), end=0, steps=steps)[0]
    found = beam_search(step, nothing(1), start=1, end=0, steps=steps, width=1, select=select)
    assert len(found) == 1
    np.testing.assert_array_equal(found[0].tokens, best)


@given(seed=st.integers(0, 60), alpha=st.sampled_from([0.0, 0.7]))
def test_an_exhaustive_beam_finds_the_best_sequence(seed, alpha):
    V, steps, start, end = 3, 4, 1, 0
    step = table_model(np.random.default_rng(seed), V, steps)
    found = beam_search(
        step, nothing(1), start=start, end=end, steps=steps, width=V**steps, select=select,
        length_penalty=alpha,
    )  # fmt: skip
    scores = {}
    for n in range(1, steps + 1):
        for tokens in product(range(V), repeat=n):
            if end not in tokens[:-1] and (tokens[-1] == end or n == steps):
                scores[tokens] = log_p(step, tokens, start) / ((5 + n) / 6) ** alpha
    best = max(scores, key=scores.get)
    assert found[0].score == pytest.approx(scores[best])
    assert found[0].tokens.tolist() == [t for t in best if t != end]
    assert len(found) == len(scores)
    assert sorted((h.score for h in found), reverse=True) == pytest.approx(
        sorted(scores.values(), reverse=True)
    )


def test_a_wider_beam_can_find_what_greedy_misses():
    # greedy takes 1 (0.6), after which everything is equal; 2 (0.4) would have led to 3 for sure
    def step(tokens, state):
        table = {0: [1e-9, 0.6, 0.4, 1e-9], 1: [0.25] * 4, 2: [1e-9, 1e-9, 1e-9, 1.0]}
        return np.log([table.get(t, [1.0, 1e-9, 1e-9, 1e-9]) for t in tokens]), state

    options = {"start": 0, "end": 3, "steps": 3, "select": lambda state, rows: state}
    assert beam_search(step, None, width=1, **options)[0].tokens[0] == 1
    assert beam_search(step, None, width=2, **options)[0].tokens.tolist() == [2]


def test_a_length_penalty_favours_longer_sequences():
    def step(tokens, state):  # ends with probability 0.45 at every step
        return np.log(np.broadcast_to([0.45, 0.55], (len(tokens), 2))), state

    options = {"start": 1, "end": 0, "steps": 6, "width": 6, "select": lambda state, rows: state}
    plain = beam_search(step, None, **options)[0]
    longer = beam_search(step, None, length_penalty=3.0, **options)[0]
    assert len(plain.tokens) == 0
    assert len(longer.tokens) > 2


def test_greedy_decodes_a_batch_and_stops_each_at_its_end():
    def step(tokens, state):  # counts down to 0, the end
        return -np.abs(np.arange(9) - (tokens[:, None] - 1)), state

    found = greedy(step, None, start=np.array([4, 1, 3]), end=0, steps=10)
    assert [f.tolist() for f in found] == [[3, 2, 1], [], [2, 1]]
    found = greedy(step, None, start=np.array([4, 3]), end=0, steps=2)
    assert [f.tolist() for f in found] == [[3, 2], [2, 1]]
    found = greedy(step, None, start=np.array([4]), end=None, steps=4)
    assert [f.tolist() for f in found] == [[3, 2, 1, 0]]
    assert [f.tolist() for f in greedy(step, None, start=np.array([4]), end=0, steps=0)] == [[]]


def test_the_likeliest_of_equals_is_the_first():
    assert likeliest([[0.0, 2.0, 2.0], [-np.inf, -np.inf, -5.0]]).tolist() == [1, 2]


def test_what_is_forbidden_takes_no_place_in_the_beam():
    def step(tokens, state):  # 2 follows every token, and after 2 may come the end, 0
        row = {1: [0, 0, 1, 0], 2: [0.1, 0, 0.9, 0]}
        with np.errstate(divide="ignore"):
            return np.log([row[t] for t in tokens]), state

    options = {"start": 1, "end": 0, "steps": 4, "select": lambda state, rows: state}
    found = beam_search(step, None, width=3, **options)
    assert [h.tokens.tolist() for h in found] == [[2, 2, 2, 2], [2], [2, 2]]
    assert [h.score for h in found] == pytest.approx(np.log([0.9**3, 0.1, 0.09]))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_say_nothing_are_refused(bad, rng):
    def step(tokens, state):
        return np.array([[0.0, 1.0, 2.0], [bad, bad, bad if bad < 0 else 0.0]])[tokens], state

    options = {"end": 0, "steps": 3}
    message = r"finite scores, got NaN or infinity in \(\d, 3\)"
    with pytest.raises(ValueError, match=message):
        greedy(step, None, start=np.array([0, 1]), **options)
    with pytest.raises(ValueError, match=message):
        generate(step, None, start=np.array([0, 1]), rng=rng, **options)
    with pytest.raises(ValueError, match=message):
        beam_search(step, None, start=1, width=2, select=select, **options)


@pytest.mark.parametrize("end", [-1, 3])
def test_an_end_that_is_no_token_is_refused(end):
    def step(tokens, state):
        return np.zeros((len(tokens), 3)), state

    message = f"the end to be one of the tokens from 0 to 2, got {end}"
    with pytest.raises(ValueError, match=message):
        greedy(step, None, start=np.array([1]), end=end, steps=2)
    with pytest.raises(ValueError, match=message):
        beam_search(step, None, start=1, end=end, steps=2, width=2, select=lambda s, rows: s)


def test_what_comes_after_the_end_does_not_count():
    def step(tokens, state):  # 1, 0 (the end), 2, 1, 0, …
        return -np.abs(np.arange(3) - (tokens[:, None] - 1) % 3), state

    found = greedy(step, None, start=np.array([2, 0]), end=0, steps=6)
    assert [f.tolist() for f in found] == [[1], [2, 1]]
    found = greedy(step, None, start=np.array([2, 2]), end=1, steps=6)
    assert [f.tolist() for f in found] == [[], []]


@given(seed=st.integers(0, 60), width=st.integers(1, 5))
def test_a_beam_keeps_as_many_as_it_is_wide(seed, width):
    step = table_model(np.random.default_rng(seed), 4, 4)
    found = beam_search(step, nothing(1), start=1, end=0, steps=4, width=width, select=select)
    assert len(found) == width
    assert len({tuple(h.tokens) for h in found}) == width


def test_generate_draws_with_the_options_given(rng):
    def step(tokens, state):
        return np.broadcast_to(LOGITS, (len(tokens), 4)), state

    drawn = generate(step, None, start=np.zeros(50, int), end=None, steps=20, rng=rng, top_k=2)
    assert set(np.concatenate(drawn)) == {1, 3}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": 0}, "temperature above 0, got 0"),
        ({"temperature": -1.0}, "temperature above 0, got -1"),
        ({"top_k": 0}, "integer top_k of at least 1, got 0"),
        ({"top_k": 2.5}, "integer top_k of at least 1, got 2.5"),
        ({"top_p": 0.0}, r"top_p in \(0, 1\], got 0"),
        ({"top_p": 1.1}, r"top_p in \(0, 1\], got 1.1"),
    ],
)
def test_sample_refuses_options(options, words, rng):
    with pytest.raises(ValueError, match=words):
        sample(LOGITS, rng=rng, **options)


def test_refuses_scores_and_sizes(rng):
    with pytest.raises(ValueError, match=r"scores \(\.\.\., V\) with V ≥ 1, got \(3, 0\)"):
        sample(np.zeros((3, 0)), rng=rng)
    with pytest.raises(ValueError, match="finite scores"):
        sample(np.array([0.0, np.nan]), rng=rng)
    with pytest.raises(ValueError, match="width and steps of at least 1, got 0, 5"):
        beam_search(None, None, start=0, end=1, steps=5, width=0, select=None)
    with pytest.raises(ValueError, match=r"one first token a sequence, \(B,\), got \(\)"):
        greedy(None, None, start=np.array(1), end=0, steps=1)
