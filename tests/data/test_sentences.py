import numpy as np
import pytest

from nnbook.data.sentences import BLAME, PRAISE, number_words, opinions


def judge(clause):
    """Return whether a clause praises, by its last word and its negation."""
    words = clause.split()
    assert words[-1] in PRAISE + BLAME
    return (words[-1] in PRAISE) != ("not" in words)


def judgement(sentence):
    """Return what a sentence concludes, read by the rules of English and not by the grammar."""
    text = sentence.removesuffix(" .")
    if ", but " in text:
        return judge(text.split(" , but ")[1])
    if text.startswith("although "):
        return judge(text.split(" , ")[1])
    return judge(text.split(" , even though ")[0])


def test_a_label_is_what_the_sentence_concludes(rng):
    sentences, labels = opinions(2000, rng=rng)
    assert [judgement(s) for s in sentences] == labels.astype(bool).tolist()
    assert np.bincount(labels).tolist() == [1000, 1000]
    assert len(set(sentences)) == 2000
    assert len({s.split()[1] for s in sentences}) > 10


def test_counting_words_is_not_enough(rng):
    sentences, labels = opinions(4000, rng=rng)
    score = [sum((w in PRAISE) - (w in BLAME) for w in s.split()) for s in sentences]
    right = np.mean((np.array(score) > 0) == labels)
    assert 0.5 < right < 0.8


def test_one_opinion_can_be_had_but_not_none(rng):
    sentences, labels = opinions(1, rng=rng)
    assert (len(sentences), labels.tolist()) == (1, [0])
    with pytest.raises(ValueError, match="opinions expected at least one sentence, got 0"):
        opinions(0, rng=rng)


@pytest.mark.parametrize(
    ("n", "english", "french"),
    [
        (0, "zero", "zéro"),
        (16, "sixteen", "seize"),
        (17, "seventeen", "dix-sept"),
        (20, "twenty", "vingt"),
        (21, "twenty-one", "vingt et un"),
        (45, "forty-five", "quarante-cinq"),
        (61, "sixty-one", "soixante et un"),
        (70, "seventy", "soixante-dix"),
        (71, "seventy-one", "soixante et onze"),
        (77, "seventy-seven", "soixante-dix-sept"),
        (80, "eighty", "quatre-vingts"),
        (81, "eighty-one", "quatre-vingt-un"),
        (90, "ninety", "quatre-vingt-dix"),
        (91, "ninety-one", "quatre-vingt-onze"),
        (99, "ninety-nine", "quatre-vingt-dix-neuf"),
        (100, "one hundred", "cent"),
        (101, "one hundred and one", "cent un"),
        (200, "two hundred", "deux cents"),
        (280, "two hundred and eighty", "deux cent quatre-vingts"),
        (1000, "one thousand", "mille"),
        (1005, "one thousand and five", "mille cinq"),
        (2300, "two thousand three hundred", "deux mille trois cents"),
        (
            9999,
            "nine thousand nine hundred and ninety-nine",
            "neuf mille neuf cent quatre-vingt-dix-neuf",
        ),
    ],
)
def test_numbers_in_words(n, english, french):
    assert number_words(n) == (english, french)


def test_every_number_has_words_of_its_own():
    english, french = zip(*(number_words(n) for n in range(10_000)))
    assert len(set(english)) == len(set(french)) == 10_000


@pytest.mark.parametrize("n", [-1, 10_000])
def test_numbers_out_of_range_are_refused(n):
    with pytest.raises(ValueError, match=f"expected a number from 0 to 9999, got {n}"):
        number_words(n)
