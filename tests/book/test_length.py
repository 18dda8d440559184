"""A chapter of attention and transformers is read in an evening: at most 5,000 words."""

import re

import pytest

from tests.book.conftest import ROOT

CHAPTERS = sorted((ROOT / "book/attention").glob("*.md"))
MOST = 5000


def words(text):
    """Count the words of the prose up to the questions: no code, captions or displayed formulas."""
    text = re.split(r"^## (?:Quick questions|Exercises)$", text, maxsplit=1, flags=re.MULTILINE)[0]
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^\$\$.*?^\$\$", "", text, flags=re.DOTALL | re.MULTILINE)
    return len(re.sub(r"^:{3,}.*$", "", text, flags=re.MULTILINE).split())


def test_only_prose_is_counted():
    page = "---\njupytext:\n---\n# A title\n\n```{code-cell}\n1 + 1\n```\n\n$$\na b\n$$ (eq)\n\n"
    assert words(page + ":::{note}\nthree more words\n:::\n\n## Exercises\n\nand no more") == 7


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_not_too_long(chapter):
    assert words(chapter.read_text(encoding="utf-8")) <= MOST
