"""What Sphinx stores of each page is that page, and not the book."""

import gc
import pickle

import pytest

from tests.book.test_browser import SITE

STORE = SITE.parent / ".doctrees"
PAGES = sorted(path.relative_to(STORE).as_posix() for path in STORE.rglob("*.doctree"))


@pytest.fixture(scope="module", autouse=True)
def without_collector():
    """Objects by the million are read ten times as fast if nobody looks for garbage among them."""
    gc.disable()
    yield
    gc.enable()


def test_pages_are_stored():
    assert len(PAGES) > 60


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_no_other_document(name):
    """Another document, such as that of a text rendered by itself, holds the whole environment."""
    doctree = pickle.loads((STORE / name).read_bytes())
    strange = {
        node.parent.pformat()[:200]
        for node in doctree.findall()
        if node.document is not None and getattr(node.document.settings, "env", None)
    }
    assert strange == set()
    assert doctree.settings.env is None
