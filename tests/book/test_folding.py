"""What only records, and what is too long to be read on the way, is folded in the chapters.

A cell is folded by a tag, such as `hide-input`; a tag changes neither its numbers nor their record.
"""

import ast

import jupytext
import pytest

from tests.book.conftest import ROOT

FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
RECORDS = {"quote", "result"}
#: A cell that stands open has at most so many lines. Of those at most this share, or five, record.
LINES, SHARE = 80, 0.3
#: Longer cells that stand open, by page and first line, because the text is about their code.
OPEN = {
    ("attention/transformer", "def new_network(kind, seed, **options):"),
    ("convolution/lenet-today", "TODAY = {"),
    ("convolution/sequences", "class Stack(nn.Module):"),
    ("recurrent/classifying", "def features(words, longest):"),
}


def recording(source):
    """Return whether all statements of a cell record, and how many of its lines do."""
    body = ast.parse(source).body
    lines = 0
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RECORDS:
            lines += node.end_lineno - node.lineno + 1
    calls = [s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    names = {getattr(call.func, "id", "") for call in calls}
    return len(calls) == len(body) and names <= RECORDS, lines


def open_cells(page):
    """Return the sources of a page's cells that are not folded."""
    notebook = jupytext.read(ROOT / "book" / f"{page}.md")
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    return [c.source for c in code if not FOLDED & set(c.metadata.get("tags", ()))]


def chapters():
    pages = sorted((ROOT / "book").rglob("*.md"))
    return [
        str(page.relative_to(ROOT / "book").with_suffix(""))
        for page in pages
        if "```{code-cell}" in page.read_text(encoding="utf-8")
    ]


def test_what_records_is_seen():
    assert recording('quote("a", 1)\nresult(\n    "b",\n    2,\n)') == (True, 5)
    assert recording('a = 1\nquote("a", a)') == (False, 1)
    assert recording('claim("a", 1, above=0)') == (False, 0)


@pytest.mark.parametrize("page", chapters())
def test_what_only_records_or_is_long_is_folded(page):
    for source in open_cells(page):
        first = source.splitlines()[0]
        only, lines = recording(source)
        length = len(source.splitlines())
        most = max(5, SHARE * length)
        assert not only, f"this cell only records, fold it (hide-input): {first}"
        assert lines <= most, f"{lines} lines of this cell record, fold it (hide-input): {first}"
        if (page, first) not in OPEN:
            assert length <= LINES, f"fold this cell of {length} lines (hide-input): {first}"


def test_each_exception_is_needed():
    for page, first in OPEN:
        cells = [s for s in open_cells(page) if s.splitlines()[0] == first]
        assert [len(s.splitlines()) > LINES for s in cells] == [True], (page, first)
