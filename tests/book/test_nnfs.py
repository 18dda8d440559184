"""The table that leads from the chapters of *Neural Networks from Scratch* to those here."""

import re

from tests.book.conftest import ROOT

PAGE = (ROOT / "book/appendix/nnfs.md").read_text(encoding="utf-8")


def test_every_chapter_there_has_its_row_and_its_pages_here():
    rows = re.findall(r"^\| (\d+) (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, 23))
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for number, _, here, different in rows:
        pages = re.findall(r"\{doc\}`/([^`]+)`", here)
        assert pages, f"chapter {number} leads nowhere"
        assert all(f"file: {page}\n" in contents for page in pages), here
        assert len(different.split()) > 5, f"chapter {number} does not say what is different"
