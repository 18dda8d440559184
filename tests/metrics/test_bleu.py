"""BLEU: sacrebleu's numbers, and cases by hand."""

import math

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from nnbook.metrics import bleu

SENTENCE = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "mat", "."]), max_size=9).map(
    " ".join
)


@given(
    st.lists(
        st.tuples(SENTENCE, st.lists(SENTENCE, min_size=2, max_size=2)), min_size=1, max_size=6
    ),
    st.booleans(),
)
def test_equals_sacrebleu(pairs, smoothing):
    hypotheses = [h for h, _ in pairs]
    references = [r for _, r in pairs]
    theirs = sacrebleu.corpus_bleu(
        hypotheses,
        [[r[0] for r in references], [r[1] for r in references]],
        tokenize="none",
        smooth_method="exp" if smoothing else "none",
        force=True,
    )
    assert bleu(hypotheses, references, smoothing=smoothing) == pytest.approx(
        theirs.score, abs=1e-9
    )


@given(SENTENCE, SENTENCE)
def test_the_effective_order_of_a_sentence_is_sacrebleus(hypothesis, reference):
    theirs = sacrebleu.sentence_bleu(
        hypothesis, [reference], tokenize="none", use_effective_order=True
    )
    ours = bleu([hypothesis], [reference], effective_order=True)
    assert ours == pytest.approx(theirs.score, abs=1e-9)


def test_identical_short_sentences_are_right():
    assert bleu(["a cat"], ["a cat"], effective_order=True) == pytest.approx(100)
    assert bleu(["a cat"], ["a cat"]) == 0.0


def test_by_hand():
    # 5 of 6 words, 3 of 5 pairs, 2 of 4 triples and 1 of 3 runs of four
    score = bleu(["the cat sat on a mat"], ["the cat sat on the mat"])
    matches = [5 / 6, 3 / 5, 2 / 4, 1 / 3]
    assert score == pytest.approx(100 * math.prod(matches) ** 0.25)
    # each reference word counts once, however often the hypothesis repeats it
    assert bleu(["the the the"], ["the cat"], order=1) == pytest.approx(100 / 3)
    # half as long as the reference: exp(1 - 2)
    assert bleu(["a b c d"], ["a b c d e f g h"]) == pytest.approx(100 * math.exp(-1))


def test_several_references():
    two = bleu(["a b c d e"], [["a b c x y z w", "d e a b c"]])
    assert two > bleu(["a b c d e"], ["a b c x y z w"])


def test_nothing_in_common_is_zero():
    assert bleu(["a b"], ["c d"]) == 0
    assert bleu([""], ["c d"]) == 0
    assert bleu(["a b c e"], ["a b c d"], smoothing=False) == 0


def test_refuses_what_does_not_pair():
    with pytest.raises(ValueError, match="got 1 and 2"):
        bleu(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="at least one"):
        bleu([], [])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (("the cat", "the cat"), {}, TypeError, "lists .* got a single string"),
        ((["the cat"], "the cat"), {}, TypeError, "lists .* got a single string"),
        (("the cat", ["the cat"]), {}, TypeError, "lists .* got a single string"),
        ((["a", "b"], ["a", []]), {}, ValueError, "a reference or several, got none at position 1"),
        (([["a", "b"]], ["a b"]), {}, TypeError, "expected strings, .* got list at position 0"),
        ((["a b"], [[["a", "b"]]]), {}, TypeError, "expected strings, .* got list at position 0"),
        ((["a b"], ["a b"]), {"order": 0}, ValueError, "order of at least 1, got 0"),
    ],
)
def test_refuses_what_is_not_sentences(arguments, options, error, words):
    with pytest.raises(error, match=words):
        bleu(*arguments, **options)
