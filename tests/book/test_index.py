"""Chapters link the terms of the glossary, and the index leads from a term to its chapter."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import ROOT

PARTS = ("components", "convolution", "dense", "recurrent", "attention", "practice")
CHAPTERS = {
    f"{part}/{path.stem}": path.read_text(encoding="utf-8")
    for part in PARTS
    for path in sorted((ROOT / "book" / part).glob("*.md"))
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_uses_the_glossary_and_is_in_the_index(chapter):
    assert "{term}`" in CHAPTERS[chapter], "no term of the glossary is linked"
    assert re.search(r"\{index\}`|^```\{index\}", CHAPTERS[chapter], re.MULTILINE), "no index entry"


def test_the_index_is_in_the_contents_and_leads_to_chapters(site):
    page = (site / "genindex.html").read_text(encoding="utf-8")
    assert 'href="genindex.html"' in (site / "index.html").read_text(encoding="utf-8")
    links = BeautifulSoup(page, "html.parser").select("table.indextable a")
    chapters = {link["href"].split(".html")[0] for link in links}
    assert set(CHAPTERS) <= chapters
    assert "Sphinx writes the index itself" not in page


def test_the_other_indices_are_linked(site):
    assert 'href="prf-prf.html"' in (site / "glossary.html").read_text(encoding="utf-8")
    assert 'href="../py-modindex.html"' in (site / "api/index.html").read_text(encoding="utf-8")
