"""The glossary has every term of the index, says where each is treated, and comes in time."""

import re
from itertools import pairwise

import pytest

from tests.book.conftest import ROOT

CONTENTS = re.findall(r"- file: (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = {
    page: (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
    for page in CONTENTS
    if (ROOT / "book" / f"{page}.md").exists()
}
ANCHORS = {
    anchor: page
    for page, text in PAGES.items()
    for anchor in re.findall(r"^\(([\w-]+)\)=", text, re.M)
}

#: Entries of the index that the glossary leaves out, by the reason.
EXCEPTIONS = {
    "it is the whole subject of a page, which the index leads to": {
        "calculus",
        "comparison of networks",
        "export of a network",
        "further reading",
        "linear algebra",
        "prediction on own images",
        "probability",
        "recurrence against attention",
        "reproducing a paper",
    },
    "it is a name of a program, a class or a text, and its page says what it is": {
        "evaluate",
        "fit",
        "Keras",
        "predict",
        "PyTorch",
        "Shakespeare",
        "TensorFlow",
    },
    "it means what it means in everyday language": {
        "classification; of text",
        "equal cost",
        "length of a sequence",
        "random labels",
        "starting values",
    },
}

#: Links to a term from a page that stands before the one that treats it, by the reason.
EARLY = {
    "the sentence itself says what it is": {
        "start/tour": ("claim", "loss", "optimizer"),
        "components/what-a-network-is": ("weighted sum",),
        "components/optimizers": ("validation set",),
        "dense/logistic-regression": ("precision", "recall"),
        "convolution/sequences": ("bits per character", "n-gram", "state"),
    },
    "the sentence says that it belongs to a later chapter": {"dense/initialization": ("kernel",)},
}


def terms(text):
    """Return each term of a glossary, in lower case, with its definition, in their order."""
    found, names, resting = {}, [], True
    for line in "\n".join(
        re.findall(r"^```\{glossary\}\n(.*?)^```", text, re.M | re.S)
    ).splitlines():
        if re.match(r"\S", line):
            names = [line] if resting else [*names, line]
            found[line.lower()] = ""
            resting = False
        elif line.strip():
            resting = True
            for name in names:
                found[name.lower()] += line.strip() + " "
    return found


def indexed(text):
    """Return the entries that a page makes in the index."""
    blocks = re.findall(r"^```\{index\}(.*?)^```", text, re.M | re.S)
    found = [entry for block in blocks for entry in re.split(r"[,\n]\s*", block) if entry.strip()]
    for entry in re.findall(r"\{index\}`([^`]+)`", text):
        found.append(re.sub(r".*<(.*)>$", r"\1", " ".join(entry.split())))
    return [entry.strip().removeprefix("single: ") for entry in found]


def linked(text):
    """Return the terms that a page links, in lower case."""
    roles = re.findall(r"\{term\}`([^`]+)`", text)
    return {re.sub(r".*<(.*)>$", r"\1", " ".join(role.split())).lower() for role in roles}


def treated(definition):
    """Return the pages that a definition leads to."""
    return [ANCHORS[anchor] for anchor in re.findall(r"\{ref\}`([\w-]+)`", definition)]


def says(text, term):
    """Tell whether a page uses a term, in singular or plural, whatever is set in it."""
    words = re.sub(r"[`*]|\{\w+\}|\s+", " ", text).lower()
    return re.search(rf"(?<!\w){re.escape(term)}", re.sub(r" +", " ", words)) is not None


TERMS = terms(PAGES["glossary"])


def test_reading_the_sources():
    glossary = "```{glossary}\nA b\nc\n    One two.\n    See {ref}`x`.\n\nd\n    Four.\n```\n"
    both = "One two. See {ref}`x`. "
    assert terms(glossary) == {"a b": both, "c": both, "d": "Four. "}
    page = (
        "```{index} one, two; of one\n```\nA *{index}`three`* and {index}`fours <single: four>`.\n"
    )
    assert indexed(page) == ["one", "two; of one", "three", "four"]
    assert linked("A {term}`B\nc` and {term}`ds <d>`.") == {"b c", "d"}
    assert says("a *{index}`Soft\nthreshold`*.", "soft threshold")
    assert not says("weights", "eight")


def test_every_entry_of_the_index_is_a_term_or_an_exception():
    excepted = {entry for group in EXCEPTIONS.values() for entry in group}
    entries = {entry for text in PAGES.values() for entry in indexed(text)}
    known = {e for e in entries if {e.lower(), re.split("[;,]", e)[0].lower()} & set(TERMS)}
    assert sorted(entries - known - excepted) == [], "define it in book/glossary.md"
    assert sorted(excepted - (entries - known)) == [], "these need no exception"


@pytest.mark.parametrize("term", TERMS)
def test_a_term_leads_to_a_page_that_uses_it(term):
    pages = treated(TERMS[term])
    assert pages, "a definition ends in: See {ref}`anchor`."
    assert any(says(PAGES[page], term) for page in pages), f"{pages} do not speak of it"
    sentences = len(re.findall(r"[.!?](?=\s)", TERMS[term]))
    assert 2 <= sentences <= 6, "one or two sentences, and where to read on"


def test_terms_stand_under_their_letters_in_order():
    text = PAGES["glossary"]
    letters = re.findall(r"^\(glossary-(\w)\)=\n## (\w)$", text, re.M)
    assert [anchor.upper() for anchor, _ in letters] == [letter for _, letter in letters]
    for letter, block in re.findall(r"^## (\w)\n\n```\{glossary\}\n(.*?)^```", text, re.M | re.S):
        heads = re.findall(r"(?:^|\n\n)(\S.*)", block)
        assert {head[0].upper() for head in heads} == {letter}
        keys = [re.sub(r"[^a-z0-9]+", " ", head.lower()) for head in heads]
        assert all(a < b for a, b in pairwise(keys)), f"{letter}: {keys}"
    jumps = re.findall(r"\{ref\}`(\w) <glossary-(\w)>`", text)
    assert jumps == [(letter, anchor) for anchor, letter in letters]


@pytest.mark.parametrize(
    "word", ["tape", "pullback", "cotangent", "gradient", "tensors", "Jacobian"]
)
def test_a_newcomer_meets_plain_words(word):
    text = re.sub(r"\{py:\w+\}`.*?`", "", PAGES["start/tour"])
    assert not says(text, word.lower()), "the tour comes before every page that defines it"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_links_a_term_before_the_page_that_treats_it(page):
    assert sorted(linked(PAGES[page]) - set(TERMS)) == [], "define it in book/glossary.md"
    early = set()
    for term in linked(PAGES[page]) & set(TERMS) if page != "glossary" else ():
        if min(map(CONTENTS.index, treated(TERMS[term]))) > CONTENTS.index(page):
            early.add(term)
    excepted = {term for group in EARLY.values() for term in group.get(page, ())}
    assert sorted(early - excepted) == [], "the plain word, or the page that treats the term first"
    assert sorted(excepted - early) == [], "these need no exception"
