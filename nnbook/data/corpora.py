"""Texts: Shakespeare's plays, first names, movie reviews, English sentences with their French.

Each loader has `embedded`: None takes the real set where it can be had and else what stands in for
it, True takes the stand-in, False never does. `embedded` in what it returns is True for a stand-in,
and `note` then says in a sentence what it is, for the page that shows results on it. All loaders
raise NotFound when the set can be had neither here nor from the network and nothing may stand
in for it, and BadFile when a file of it has the wrong content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from nnbook.data.cache import fetch
from nnbook.data.sentences import number_words, opinions
from nnbook.data.sources import ENGLISH_FRENCH, MOVIE_REVIEWS, NAMES, TINY_SHAKESPEARE, choose


@dataclass(frozen=True)
class Text:
    """One long text."""

    text: str = field(repr=False)
    name: str
    embedded: bool = False
    note: str = ""


@dataclass(frozen=True)
class Words:
    """A list of words, all lower case, a to z."""

    words: tuple[str, ...] = field(repr=False)
    name: str
    embedded: bool = False
    note: str = ""


@dataclass(frozen=True, eq=False)
class Reviews:
    """Sentences and their labels (N,) of int64, numbers of `classes`: first all 0, then all 1."""

    sentences: tuple[str, ...] = field(repr=False)
    labels: np.ndarray = field(repr=False)
    classes: tuple[str, ...]
    name: str
    embedded: bool = False
    note: str = ""


@dataclass(frozen=True)
class Pairs:
    """Sentences, their translations, and whom to thank for each pair, all of one length."""

    source: tuple[str, ...] = field(repr=False)
    target: tuple[str, ...] = field(repr=False)
    attribution: tuple[str, ...] = field(repr=False)
    name: str
    embedded: bool = False
    note: str = ""


def tiny_shakespeare(*, embedded: bool | None = None) -> Text:
    """Load 1,115,394 characters from Shakespeare's plays, in Karpathy's selection (2015).

    The stand-in is the prose of Python's own documentation, from `pydoc_data.topics`.
    """
    note = (
        "This page ran on prose from Python's documentation, which Python itself carries, "
        "not on Shakespeare's plays."
    )
    return choose(
        embedded,
        lambda: Text(fetch(TINY_SHAKESPEARE.files[0]).decode(), "tiny Shakespeare"),
        lambda: Text("\n\n".join(_paragraphs()), "Python's documentation", True, note),
    )


def names(*, embedded: bool | None = None) -> Words:
    """Load 32,033 first names, in the order of the file.

    The stand-in is the vocabulary of Python's own documentation, from `pydoc_data.topics`.
    """
    note = (
        "This page ran on English words from Python's documentation, which Python itself "
        "carries, not on first names."
    )
    return choose(
        embedded,
        lambda: Words(tuple(fetch(NAMES.files[0]).decode().split()), "names"),
        lambda: Words(_vocabulary(), "words of Python's documentation", True, note),
    )


def movie_reviews(*, embedded: bool | None = None) -> Reviews:
    """Load 5,331 negative and 5,331 positive sentences about films. Pang and Lee (2005).

    Tokens are lower case and separated by spaces. The files are a copy in UTF-8; the authors' own
    are in Latin-1. The stand-in is 2,000 and 2,000 of `sentences.opinions`.
    """
    note = (
        "This page ran on sentences about films that a small grammar made up, not on "
        "the movie reviews of Pang and Lee."
    )
    return choose(embedded, _reviews, lambda: _made_up_reviews(note))


def english_french(*, embedded: bool | None = None) -> Pairs:
    """Load 5,000 short English sentences and French translations, from the Tatoeba project.

    The stand-in is 5,000 of the numbers from 0 to 9999, in English and in French words.
    """
    note = (
        "This page ran on numbers in English and French words, made by a few lines of code, "
        "not on the sentences of the Tatoeba project."
    )
    return choose(embedded, _pairs, lambda: _number_pairs(note))


def _reviews() -> Reviews:
    # split("\n"), not splitlines(): the sentences may hold other characters that end a line.
    parts = [fetch(file).decode().rstrip("\n").split("\n") for file in MOVIE_REVIEWS.files]
    return Reviews(
        tuple(sentence.strip() for part in parts for sentence in part),
        np.repeat(np.arange(2), [len(part) for part in parts]),
        ("negative", "positive"),
        "movie reviews",
    )


def _made_up_reviews(note: str) -> Reviews:
    sentences, labels = opinions(4000, rng=np.random.default_rng(0))
    order = np.argsort(labels, kind="stable")
    return Reviews(
        tuple(sentences[i] for i in order),
        labels[order],
        ("negative", "positive"),
        "sentences of a grammar",
        True,
        note,
    )


def _pairs() -> Pairs:
    lines = fetch(ENGLISH_FRENCH.files[0]).decode().rstrip("\n").split("\n")
    source, target, attribution = zip(*(line.split("\t") for line in lines))
    return Pairs(source, target, attribution, "English to French")


def _number_pairs(note: str) -> Pairs:
    numbers = np.sort(np.random.default_rng(0).choice(10_000, 5000, replace=False))
    source, target = zip(*(number_words(int(n)) for n in numbers))
    made = ("made by nnbook",) * len(numbers)
    return Pairs(source, target, made, "numbers, English to French", True, note)


def _paragraphs() -> list[str]:
    """Return the paragraphs of Python's documentation that are prose: no code, rulers or tables."""
    from pydoc_data.topics import topics

    plain = str.maketrans("“”‘’–—", "\"\"''--")
    blocks = (b for key in sorted(topics) for b in topics[key].split("\n\n"))
    prose = (b.strip().translate(plain) for b in blocks if re.match(r"[A-Z]", b))
    whole = (p for p in prose if p.isascii() and len(p) > 60 and p.endswith((".", ":", "?")))
    return list(dict.fromkeys(whole))  # a paragraph can belong to several topics


def _vocabulary() -> tuple[str, ...]:
    text = " ".join(_paragraphs())
    # Whole words only: no part of a dotted name, and nothing in quotes or before a bracket.
    found = re.findall(r"(?<![\w.\"'*-])[a-z]{3,12}(?![\w.(\"'*-]\w|[\w(\"'*-])", text)
    return tuple(dict.fromkeys(found))
