"""The n-gram model against its formula, told one token at a time, and what it refuses."""

import numpy as np
import pytest

from nnbook.models import NGram

V = 5


def by_formula(stretches, context, x):
    """p(x | context), the context a tuple, by the recursion as it stands."""
    n = len(context) + 1
    shorter = by_formula(stretches, context[1:], x) if context else 1 / V
    rows = [tuple(row[-n:]) for row in stretches.tolist()]
    followers = [row[-1] for row in rows if row[:-1] == context]
    if not followers:
        return shorter
    d = len(set(followers))
    return (followers.count(x) + d * shorter) / (len(followers) + d)


def windows(text, n):
    return np.lib.stride_tricks.sliding_window_view(np.asarray(text), n)


@pytest.fixture
def text():
    return np.random.default_rng(0).integers(0, V - 1, 60)  # one token never comes


def test_the_formula(text):
    new = np.random.default_rng(1).integers(0, V, 40)
    model = NGram(windows(text, 4), V)
    p = model.probabilities(windows(new, 4))
    for n in range(1, 5):
        rows = windows(new, 4)[:, -n:].tolist()
        wanted = [by_formula(windows(text, 4), tuple(row[:-1]), row[-1]) for row in rows]
        assert np.allclose(p[n - 1], wanted, rtol=1e-13, atol=0)


def test_probabilities_add_up_to_one(text):
    model = NGram(windows(text, 3), V)
    for context in [(0, 1), (3, 3), (4, 4), (4, 0)]:
        rows = np.array([[*context, x] for x in range(V)])
        p = model.probabilities(rows)
        assert np.allclose(p.sum(axis=1), 1, rtol=1e-14, atol=0)
        assert p.min() > 0


def test_known_contexts():
    model = NGram(windows([0, 1, 2, 3], 3), V)  # stretches 012 and 123
    asked = np.array([[0, 1, 4], [4, 1, 4], [4, 4, 4], [1, 2, 0]])
    assert model.known(asked).tolist() == [3, 2, 1, 3]


def test_count():
    model = NGram(windows([0, 1, 0, 1, 2], 2), V)  # pairs 01, 10, 01, 12; ends 1, 0, 1, 2
    assert [model.count(1), model.count(2), model.count()] == [3, 6, 6]


@pytest.mark.parametrize(
    ("stretches", "vocabulary", "error", "words"),
    [
        (np.ones((3, 2)), 5, TypeError, "expected integers, got float64"),
        (np.ones(3, int), 5, ValueError, r"expected stretches \(N, n\), got \(3,\)"),
        (np.ones((0, 2), int), 5, ValueError, r"to count, got \(0, 2\)"),
        (np.ones((3, 0), int), 5, ValueError, r"to count, got \(3, 0\)"),
        (np.full((3, 2), 5), 5, ValueError, "tokens from 0 to 4, got some from 5 to 5"),
        (np.full((3, 2), -1), 5, ValueError, "tokens from 0 to 4, got some from -1 to -1"),
        (np.ones((3, 11), int), 65, ValueError, r"V \*\* n below 2 \*\* 63"),
    ],
)
def test_what_cannot_be_counted(stretches, vocabulary, error, words):
    with pytest.raises(error, match=words):
        NGram(stretches, vocabulary)


def test_other_stretches_than_counted():
    model = NGram(np.ones((3, 2), int), V)
    with pytest.raises(ValueError, match=r"expected stretches \(N, 2\), got \(4, 3\)"):
        model.probabilities(np.ones((4, 3), int))
    with pytest.raises(ValueError, match="tokens from 0 to 4"):
        model.known(np.full((4, 2), 7))
    assert model.probabilities(np.ones((0, 2), int)).shape == (2, 0)


def test_small_integers_do_not_overflow():
    text = np.array([3, 200, 3, 200, 7], np.uint8)
    p = NGram(windows(text, 4), 256).probabilities(np.array([[3, 200, 3, 200]]))
    assert p[-1, 0] > 0.4


def test_unsigned_integers_are_not_rounded():
    text = np.random.default_rng(2).integers(0, 65, 300)
    signed, unsigned = windows(text, 10), windows(text.astype(np.uint64), 10)  # keys beyond 2 ** 53
    other = signed.copy()
    other[:, -1] = (other[:, -1] + 1) % 65
    want = NGram(signed, 65).probabilities(other)
    assert np.array_equal(NGram(unsigned, 65).probabilities(other.astype(np.uint64)), want)
