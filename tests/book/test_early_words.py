"""Prose that uses a word of the glossary before the page that explains it says where that is.

The rule: on a page that stands before all pages that explain a term, the first paragraph that uses
it links one of those pages. What is left out is named below, each kind with its reason.
"""

import posixpath
import re

import pytest

from tests.book.test_glossary import (
    ANCHORS,
    CONTENTS,
    EARLY,
    PAGES,
    TERMS,
    indexed,
    linked,
    says,
    treated,
)

#: Pages that are not read for their subject, or that show before they explain, and say so.
FREE = {
    "start/how-to-use": "it tells what the site can do, in the words of the site",
    "start/notation": "a list of letters, to come back to",
    "start/tour": "it shows the package, and says that the chapters explain",
    "glossary": "it explains all of them",
}
#: Terms that prose may use anywhere, by the reason.
ANYWHERE = {
    "the word also has an everyday meaning, and early pages mean that": [
        *("axis", "baseline", "context", "copying", "decision", "decoder", "depth"),
        *("dimension", "epoch", "forecasting", "framework", "gate", "head", "invariance", "limit"),
        *("mask", "patch", "positions", "precision", "regression", "ring", "sampling", "state"),
        *("threshold", "unrolling", "value", "width"),
    ],
    "it is of school, and pages that need it say so at their beginning": [
        *("chain rule", "curvature", "derivative", "product rule", "second derivative", "slope"),
        "tangent",
    ],
    "the name says what it is, in words that were explained": ["batch size", "training loop"],
}
#: Terms that a page explains in a sentence, before the page that treats them, and that page.
SAID = {
    "attention": "components/what-a-network-is",
    "hidden layer": "components/what-a-network-is",
    "layer": "components/what-a-network-is",
    "loss": "components/what-a-network-is",
    "neuron": "components/what-a-network-is",
    "optimizer": "components/what-a-network-is",
    "recurrent network": "components/what-a-network-is",
    "weight": "components/what-a-network-is",
    "weighted sum": "components/what-a-network-is",
    "relu": "components/stacking",
    "gradient": "components/activation",
}
#: Terms of single pages, by the reason; the places in EARLY are among them.
PLACES = {
    "the sentence itself says what it is": {
        "dense/model": ("f1 score",),
        "dense/normalization-in-use": ("channel",),
        "convolution/backward": ("pooling",),
    },
    "an exercise asks for it, and its solution says what it is": {
        "components/losses": ("quantile",),
    },
    "the sentence says that it belongs to a later chapter": {
        "components/what-a-network-is": ("derivative", "gradient"),
        "components/neuron": ("gradient",),
        "components/activation": ("jacobian",),
        "dense/initialization": ("channel", "convolution"),
    },
}
WHERE = {page: place for place, page in enumerate(CONTENTS)}
DEFINED = {term: set(treated(definition)) for term, definition in TERMS.items()}
for name, source in PAGES.items():
    for entry in map(str.lower, indexed(source)):
        DEFINED.get(entry, set()).add(name)
ANY = "|".join(map(re.escape, sorted(TERMS, key=len, reverse=True)))  # the longest comes first
USE = re.compile(rf"(?<![\w-])({ANY})s?(?![\w-])")
FENCE = re.compile(
    r"^(`{3,})(?:\{(?:code-cell|code|literalinclude|math|index|play)|\w).*?^\1$", re.M | re.S
)


def paragraphs(text):
    """Return the paragraphs of a page, without code and equations."""
    text = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.M | re.S)
    text = re.sub(r"\$\$.*?\$\$", " ", FENCE.sub("\n", text), flags=re.S)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]


def words(paragraph):
    """Return the words of a paragraph, without roles, code, formulas and addresses."""
    bare = re.sub(r"\{[\w:]+\}`[^`]*`|`[^`]*`|\$[^$]*\$|\]\([^)]*\)", " ", paragraph)
    return re.sub(r"[*\s]+", " ", bare).lower()


def leads(page, paragraph):
    """Return the pages that a paragraph of a page links."""
    found = set()
    for role, target in re.findall(r"\{(doc|ref)\}`([^`]+)`", paragraph):
        target = re.sub(r".*<(.*)>$", r"\1", target)
        if role == "doc":
            folder = "/" + page.rpartition("/")[0]
            found.add(posixpath.normpath(posixpath.join(folder, target)).strip("/"))
        else:
            found.add(ANCHORS.get(target))
    return found


def early(page, text):
    """Return the terms that a page uses before they are explained, and does not link at once."""
    later = {t for t in TERMS if min(map(WHERE.get, DEFINED[t])) > WHERE[page]}
    found = set()
    for paragraph in paragraphs(text):
        for term in later & set(USE.findall(words(paragraph))):
            later.remove(term)
            if not DEFINED[term] & leads(page, paragraph) and term not in linked(paragraph):
                found.add(term)
    return found


def anywhere(term):
    """Tell whether any page may use a term; mathematics is looked up in its appendices."""
    mathematics = all(page.startswith("appendix/") for page in treated(TERMS[term]))
    return mathematics or any(term in group for group in ANYWHERE.values())


FOUND = {page: early(page, text) for page, text in PAGES.items() if page not in FREE}


def excepted(page):
    """Return the terms that a page may use early because of what it or a page before it says."""
    said = {term for term, first in SAID.items() if WHERE[first] <= WHERE[page]}
    places = [group.get(page, ()) for group in (*EARLY.values(), *PLACES.values())]
    return said.union(*places)


@pytest.mark.parametrize("page", FOUND)
def test_a_page_that_uses_a_word_early_says_where_it_is_explained(page):
    wrong = {term for term in FOUND[page] - excepted(page) if not anywhere(term)}
    assert sorted(wrong) == [], "link the page that explains it, or say it in other words"


def test_no_exception_is_left_over():
    used = set().union(*FOUND.values())
    assert sorted({t for group in ANYWHERE.values() for t in group} - used) == []
    for term, first in SAID.items():
        assert says(PAGES[first], term), f"{first} does not speak of {term!r}"
        assert any(term in found for page, found in FOUND.items()), f"{term!r} needs no exception"
    for group in PLACES.values():
        for page, terms in group.items():
            assert sorted(set(terms) - FOUND[page]) == [], f"{page}: these need no exception"


def test_reading_a_page():
    page = "# A\n\n```python\nthe gru\n```\n\nNo `gru`, $gru$ or {term}`gru`.\n\n$$\ngru\n$$\n"
    first = CONTENTS[3]
    assert early(first, page) == set()
    assert early(first, page + "\nTwo\n*GRUs*.") == {"gru"}
    assert early(first, page + "\nA GRU ({doc}`/recurrent/gru`).\n\nThe GRU.") == set()
    assert early("recurrent/gru", page + "\nA GRU.") == set()
