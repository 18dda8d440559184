"""Text of other scripts: right to left, combining marks, joiners, two ways to write a letter."""

import unicodedata

import numpy as np
import pytest

from nnbook.data import BytePairTokenizer, CharTokenizer, Vocabulary, WordTokenizer, mask_of, pad

HEBREW, ARABIC = "שלום עולם", "السَّلام عليكم"
HINDI, FAMILY, FLAG = "हिन्दी में", "\U0001f469\u200d\U0001f467", "\U0001f1eb\U0001f1f7"
COMPOSED, COMBINING = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize("text", [HEBREW, ARABIC, HINDI, FAMILY, FLAG, COMBINING, ""])
def test_characters_and_byte_pairs_give_back_the_text_as_it_was(text):
    byte_pairs = BytePairTokenizer.train(f"{text} {text} {text}", size=300)
    assert byte_pairs.decode(byte_pairs.encode(text)) == text
    characters = CharTokenizer.train(text)
    assert characters.decode(characters.encode(text)) == text
    assert len(characters.encode(text)) == len(text)


def test_right_to_left_is_stored_in_the_order_of_reading():
    assert WordTokenizer.split(HEBREW) == ["שלום", "עולם"]
    assert CharTokenizer.split(HEBREW)[0] == "\N{HEBREW LETTER SHIN}"
    assert WordTokenizer.split(f"the word {HEBREW}!") == ["the", "word", "שלום", "עולם", "!"]


def test_vowel_signs_of_arabic_stay_in_their_word():
    assert WordTokenizer.split(ARABIC) == ["السَّلام", "عليكم"]


def test_what_a_reader_calls_a_character_may_be_several_tokens():
    for text, many in ((FAMILY, 3), (FLAG, 2), (COMBINING, 5)):
        assert len(CharTokenizer.split(text)) == many


def test_only_words_are_normalized():
    assert WordTokenizer.split(COMBINING) == WordTokenizer.split(COMPOSED) == [COMPOSED]
    tokenizer = BytePairTokenizer([])
    assert tokenizer.encode(COMBINING).tolist() != tokenizer.encode(COMPOSED).tolist()
    normal = unicodedata.normalize("NFC", COMBINING)
    assert tokenizer.encode(normal).tolist() == tokenizer.encode(COMPOSED).tolist()
    assert CharTokenizer.split(COMBINING) != CharTokenizer.split(COMPOSED)


def test_a_script_without_spaces_is_one_word_a_clause():
    assert WordTokenizer.split("日本は静かだ。") == ["日本は静かだ", "。"]


def test_a_text_without_tokens_is_empty_and_no_sentence_of_a_batch():
    for tokenizer in (BytePairTokenizer([]), CharTokenizer(Vocabulary("a"))):
        numbers = tokenizer.encode("")
        assert (numbers.dtype, numbers.shape) == (np.int64, (0,))
    assert WordTokenizer.split(" \n\t ") == []
    with pytest.raises(ValueError, match=r"T ≥ 1, got int64 \(0,\) at position 0"):
        pad([numbers])


def test_a_length_beyond_the_rectangle_is_refused():
    tokens, lengths = pad([np.array([1, 2, 3]), np.array([4])])
    with pytest.raises(ValueError, match="lengths from 1 to 3, got 2 to 4"):
        mask_of(lengths + 1, tokens.shape[1])


def test_bytes_that_are_no_text_become_replacement_characters():
    numbers = list("déjà".encode("latin-1"))
    assert BytePairTokenizer([]).decode(numbers) == "d\ufffdj\ufffd"
    with pytest.raises(TypeError, match=r"a text \(str\), got bytes"):
        BytePairTokenizer([]).encode("déjà".encode("latin-1"))
