"""Text as numbers: there and back, unknown tokens, padding, and streams of a long text."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook.data import (
    BytePairTokenizer,
    CharTokenizer,
    Vocabulary,
    WordTokenizer,
    crops,
    mask_of,
    pad,
    streams,
)

TEXT = "the cat sat on the mat; the dog did not. Thé naïve café, 日本 🙂\n\n  twice"


@given(st.text(alphabet=sorted(set(TEXT))))
def test_characters_there_and_back(text):
    tokenizer = CharTokenizer.train(TEXT)
    numbers = tokenizer.encode(text)
    assert numbers.dtype == np.int64
    assert numbers.shape == (len(text),)
    assert tokenizer.decode(numbers) == text


@given(st.text(), st.sampled_from([256, 260, 300, 1000]))
def test_byte_pairs_there_and_back(text, size):
    tokenizer = BytePairTokenizer.train(TEXT * 3, size=size)
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(st.lists(st.sampled_from(["the", "cat", "dog", ",", "isn't"])))
def test_words_there_and_back(words):
    tokenizer = WordTokenizer.train("the cat, the dog isn't")
    assert tokenizer.decode(tokenizer.encode(" ".join(words))).split() == words


def test_byte_pairs_are_the_most_frequent_ones():
    # by hand: aa occurs four times, then ab twice, then aa-ab twice
    tokenizer = BytePairTokenizer.train("aaabdaaabac", size=259)
    assert tokenizer.merges[0] == (97, 97)
    assert tokenizer.bytes[256:] == [b"aa", b"ab", b"aaab"]
    assert tokenizer.encode("aaabdaaabac").tolist() == [258, 100, 258, 97, 99]


def plain_training(text, size):
    """Byte-pair encoding as the formula says: count all pairs anew for every merge."""
    from collections import Counter
    from itertools import pairwise

    from nnbook.data.bpe import PIECE

    words, merges = [list(piece.encode()) for piece in PIECE.findall(text)], []
    while 256 + len(merges) < size:
        counts = Counter(pair for word in words for pair in pairwise(word))
        best = max(counts, key=lambda p: (counts[p], -p[0], -p[1]), default=None)
        if best is None or counts[best] < 2:
            break
        for word in words:
            n = 0
            while n + 1 < len(word):
                if (word[n], word[n + 1]) == best:
                    word[n : n + 2] = [256 + len(merges)]
                n += 1
        merges.append(best)
    return merges


@given(
    st.lists(st.sampled_from(["abab", "ab", "ba", "aab", "aaaa", "b", "\n"]), max_size=25).map(
        " ".join
    )
)
def test_byte_pair_training_equals_its_plain_form(text):
    assert BytePairTokenizer.train(text, size=270).merges == plain_training(text, 270)


def test_byte_pair_training_stops_when_nothing_repeats():
    assert len(BytePairTokenizer.train("abcd", size=999)) == 256
    assert len(BytePairTokenizer.train("", size=999)) == 256


def test_merges_stay_within_words():
    tokenizer = BytePairTokenizer.train("in the in the in the", size=400)
    assert not any(b" " in part[1:] for part in tokenizer.bytes[256:])


def test_a_cut_character_is_shown_as_such():
    tokenizer = BytePairTokenizer([])
    assert tokenizer.decode(tokenizer.encode("é")[:1]) == "\ufffd"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_byte_pairs_can_be_copied(copied):
    tokenizer = BytePairTokenizer.train(TEXT * 3, size=280)
    tokenizer.encode(TEXT)
    other = copied(tokenizer)
    assert other.merges == tokenizer.merges
    assert other.merges is not tokenizer.merges
    np.testing.assert_array_equal(other.encode(TEXT), tokenizer.encode(TEXT))


@pytest.mark.parametrize("numbers", [(97, 98), np.array([97, 98], np.uint8), iter([97, 98])])
def test_numbers_come_in_any_form(numbers):
    assert BytePairTokenizer([]).decode(numbers) == "ab"


def test_no_numbers_are_no_text():
    for nothing in ([], np.array([], int), iter([])):
        assert BytePairTokenizer([]).decode(nothing) == ""
        assert CharTokenizer.train(TEXT).decode(nothing) == ""


def test_vocabulary_is_sorted_by_frequency_and_cut():
    v = Vocabulary.of(
        ["b", "a", "b", "c", "a", "b", "d"], size=2, special=["<pad>"], unknown="<unk>"
    )
    assert v.tokens == ["<pad>", "<unk>", "b", "a"]
    assert Vocabulary.of(["b", "a", "b", "c"], least=2).tokens == ["b"]
    assert Vocabulary.of(["b", "a", "c"]).tokens == ["a", "b", "c"]
    assert "a" in v
    assert "c" not in v
    assert len(v) == 4


def test_unknown_tokens():
    known = Vocabulary(["a", "b"], unknown="<unk>")
    assert known.decode(known.encode("abz")) == ["a", "b", "<unk>"]
    with pytest.raises(ValueError, match="token 'z' at position 2 is not among the 2"):
        Vocabulary(["a", "b"]).encode("abz")


def test_special_tokens_are_not_text():
    tokenizer = CharTokenizer(Vocabulary("ab", special=["<pad>", "<eos>"], unknown="<unk>"))
    assert tokenizer.decode([3, 4, 2, 1, 0, 0]) == "ab<unk>"
    assert len(tokenizer) == 5


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Vocabulary(["a", "b", "a"]), ValueError, r"each token once, got twice: \['a'\]"),
        (lambda: Vocabulary("ab").decode([2]), ValueError, "from 0 to 1, got 2 to 2"),
        (lambda: Vocabulary("ab").decode([-1]), ValueError, "got -1 to -1"),
        (lambda: Vocabulary("ab").decode([0.5]), TypeError, r"integers \(T,\), got float64"),
        (lambda: BytePairTokenizer([]).decode([256]), ValueError, "from 0 to 255, got 256"),
        (lambda: BytePairTokenizer([]).decode([-1]), ValueError, "got -1 to -1"),
        (lambda: BytePairTokenizer([]).decode([1.7]), TypeError, r"integers \(T,\), got float64"),
        (lambda: BytePairTokenizer([]).decode([True]), TypeError, "got bool"),
        (lambda: BytePairTokenizer([]).decode([[1, 2]]), TypeError, r"got int64 \(1, 2\)"),
        (lambda: BytePairTokenizer([]).decode(np.zeros((0, 2), int)), TypeError, r"\(0, 2\)"),
        (lambda: BytePairTokenizer([]).decode("12"), TypeError, r"got <U2 \(\)"),
        (lambda: BytePairTokenizer([]).decode(["1"]), TypeError, r"got <U1 \(1,\)"),
        (lambda: BytePairTokenizer([]).encode(b"ab"), TypeError, r"a text \(str\), got bytes"),
        (lambda: BytePairTokenizer([]).pieces(["a"]), TypeError, r"a text \(str\), got list"),
        (lambda: BytePairTokenizer.train(None, size=300), TypeError, "got NoneType"),
        (lambda: BytePairTokenizer([]).encode("ab\ud800"), ValueError,
         r"surrogate '\\ud800' alone at position 2"),
        (lambda: BytePairTokenizer.train("\udfff", size=300), ValueError, "alone at position 0"),
        (lambda: BytePairTokenizer([(300, 2)]), ValueError, r"\(300, 2\) names a token not made"),
        (lambda: BytePairTokenizer.train("a", size=100), ValueError, "256 bytes .* got size 100"),
        (lambda: Vocabulary(["a"], special="<unk>"), TypeError, "special to be a list, got the te"),
        (lambda: Vocabulary.of(["a"], special="<unk>"), TypeError, "special to be a list"),
        (lambda: BytePairTokenizer([], special="<end>"), ValueError, "a list of different names"),
        (lambda: BytePairTokenizer([], special=["<a>", "<a>"]), ValueError, "different names"),
        (lambda: BytePairTokenizer([], special=[1]), ValueError, "different names, got \\[1\\]"),
        (lambda: BytePairTokenizer.train("a", size=300, special="<a>"), ValueError, "list of diff"),
        (lambda: BytePairTokenizer.train("a", size=300.5), TypeError, "size to be a whole number"),
        (lambda: CharTokenizer.train(["ab"]), TypeError, r"CharTokenizer .* a text \(str\), got l"),
        (lambda: CharTokenizer.train("ab").encode(["ab"]), TypeError, "got list"),
        (lambda: WordTokenizer.train(["a b"]), TypeError, r"WordTokenizer .* text \(str\), got l"),
        (lambda: WordTokenizer.split(b"ab"), TypeError, "got bytes"),
        (lambda: BytePairTokenizer.train("a", size=257, special=["<a>", "<b>"]), ValueError,
         "256 bytes at least and 2 special tokens, got size 257"),
        (lambda: pad([]), ValueError, "at least one sequence, got none"),
        (lambda: pad([np.array([1]), np.array([], int)]), ValueError, r"\(0,\) at position 1"),
        (lambda: pad([np.array([1.5])]), ValueError, "integer sequences .* got float64"),
        (lambda: pad("ab"), ValueError, r"integer sequences .* got <U1 \(\) at position 0"),
        (lambda: pad([np.array([1])], length=0), ValueError, "length of at least 1, got 0"),
        (lambda: mask_of([3, 0], 3), ValueError, "from 1 to 3, got 0 to 3"),
        (lambda: mask_of([4], 3), ValueError, "got 4 to 4"),
        (lambda: mask_of([1.0], 3), TypeError, "got float64"),
        (lambda: streams(np.arange(8), batch_size=2, length=4), ValueError, "too few"),
        (lambda: streams(np.arange(8.0), batch_size=1, length=2), TypeError, "float64"),
        (lambda: streams(np.arange(8), batch_size=1, length=0), ValueError, "length .*, got 0"),
        (lambda: streams(np.arange(8), batch_size=0, length=1), ValueError, "batch_size .*, got 0"),
        (lambda: streams(np.arange(8), batch_size=1.5, length=1), TypeError, "whole number"),
        (lambda: streams("text", batch_size=1, length=1), TypeError, r"tokens \(N,\), got <U4"),
        (lambda: crops(np.arange(9), batch_size=0, length=2, rng=np.random.default_rng(0)),
         ValueError, "crops expected a batch_size of at least 1, got 0"),
        (lambda: crops(np.arange(4), batch_size=1, length=4, rng=np.random.default_rng(0)),
         ValueError, "4 tokens are too few for a stretch of 4"),
    ],
)  # fmt: skip
def test_refuses(call, error, words):
    with pytest.raises(error, match=words):
        call()


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=6), min_size=1, max_size=5))
def test_padding_is_undone_by_the_lengths_and_the_mask(rows):
    tokens, lengths = pad([np.array(row) for row in rows])
    assert [t[:n].tolist() for t, n in zip(tokens, lengths)] == rows
    mask = mask_of(lengths, tokens.shape[1])
    assert mask.dtype == bool
    np.testing.assert_array_equal(mask, tokens > 0)
    for length in (1, 2):
        cut, short = pad([np.array(row) for row in rows], length=length, value=-1)
        assert cut.shape == (len(rows), length)
        assert [t[:n].tolist() for t, n in zip(cut, short)] == [row[:length] for row in rows]


@given(N=st.integers(10, 60), B=st.integers(1, 3), T=st.integers(1, 3))
def test_streams_go_on_where_they_ended(N, B, T):
    text = np.arange(N)
    batches = list(streams(text, batch_size=B, length=T))
    xs = np.concatenate([x for x, _ in batches], axis=1)
    ys = np.concatenate([y for _, y in batches], axis=1)
    np.testing.assert_array_equal(ys, xs + 1)
    assert (np.diff(xs, axis=1) == 1).all()
    assert xs.shape[1] == (N - 1) // B // T * T


def test_crops_are_stretches_of_the_text_drawn_by_the_generator(rng):
    text = np.arange(100)
    x, y = crops(text, batch_size=50, length=7, rng=rng)
    assert x.shape == y.shape == (50, 7)
    np.testing.assert_array_equal(x - x[:, :1], np.tile(np.arange(7), (50, 1)))
    np.testing.assert_array_equal(y, x + 1)
    assert len(set(x[:, 0])) > 20
    ends = crops(text, batch_size=2000, length=98, rng=rng)[1]
    assert (ends.min(), ends.max()) == (1, 99)


def test_streams_and_crops_take_lists(rng):
    x, y = next(streams([3, 1, 2], batch_size=1, length=2))
    assert (x.tolist(), y.tolist()) == ([[3, 1]], [[1, 2]])
    x, y = crops([3, 1, 2], batch_size=1, length=2, rng=rng)
    assert (x.tolist(), y.tolist()) == ([[3, 1]], [[1, 2]])


COMPOSED, COMBINING = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (COMBINING, [COMPOSED]),
        (f"Un {COMPOSED}.", ["un", COMPOSED, "."]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cخواهم رفت", ["می\u200cخواهم", "رفت"]),  # with a non-joiner inside
        ("It wasn’t, ‘was it’?", ["it", "wasn't", ",", "‘", "was", "it", "’", "?"]),
        ("l'été d'or", ["l'été", "d'or"]),
        ("日本 🙂!", ["日本", "🙂", "!"]),
        ("'tis x_1 3.5", ["'", "tis", "x_1", "3", ".", "5"]),
    ],
)
def test_words_in_any_script(text, tokens):
    assert WordTokenizer.split(text) == tokens


def test_byte_pairs_keep_marks_with_their_letters():
    from nnbook.data.bpe import PIECE

    assert PIECE.findall("हिन्दी में") == ["हिन्दी", " में"]
    alone = "\u0301 a"  # a mark with no letter before it is not lost
    assert "".join(PIECE.findall(alone)) == alone


@given(st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "Z", "Cf"])))
def test_byte_pair_pieces_lose_nothing(text):
    from nnbook.data.bpe import PIECE

    assert "".join(PIECE.findall(text)) == text


@pytest.mark.parametrize("copied", [lambda t: t, copy.deepcopy])
def test_special_tokens_of_byte_pairs(copied):
    special = ["<pad>", "<end>"]
    tokenizer = copied(BytePairTokenizer.train(TEXT * 3, size=280, special=special))
    assert len(tokenizer) == 280
    assert tokenizer.special == {"<pad>": 278, "<end>": 279}
    numbers = tokenizer.encode("the <end> cat")
    assert numbers.max() < 278  # a text has none of them
    assert tokenizer.decode([*numbers, 279, 278, 278]) == "the <end> cat"
    with pytest.raises(ValueError, match="from 0 to 279, got"):
        tokenizer.decode([280])


def test_pieces_are_the_text_cut():
    tokenizer = BytePairTokenizer.train(TEXT * 3, size=280)
    assert "".join(tokenizer.pieces("the cat sat")) == "the cat sat"
    assert len(tokenizer.pieces("the cat sat")) == len(tokenizer.encode("the cat sat")) < 11
