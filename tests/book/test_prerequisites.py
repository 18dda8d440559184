"""What a chapter says that its reader needs stands before it in the contents."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENTS = re.findall(r"- file: (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
NEEDS = re.compile(r"^\*\*You need\*\*(.*?)(?:\.\s|\n\n)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\{doc\}`(?:[^`<]*<)?/([\w/-]+)>?`")


def needed(text):
    """Return the pages that the first sentence on what is needed links to."""
    found = NEEDS.search(text)
    return LINK.findall(found[1]) if found else []


def test_links_of_the_sentence_are_found_in_both_forms():
    text = "# A\n\n**You need** {doc}`/a/b`, and\n{doc}`words </c/d-e>`. Then {doc}`/f/g`.\n\n"
    assert needed(text) == ["a/b", "c/d-e"]


@pytest.mark.parametrize("page", CONTENTS)
def test_what_is_needed_comes_before(page):
    earlier = CONTENTS[: CONTENTS.index(page)]
    file = ROOT / "book" / f"{page}.md"
    pages = needed(file.read_text(encoding="utf-8")) if file.exists() else []
    assert [p for p in pages if p in CONTENTS and p not in earlier] == []
