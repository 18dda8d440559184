"""Numbers that a run gave have a minus sign and powers of ten, as in a printed formula."""

import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))
from prose import signs


def page(text: str, kind: str = "pasted-text") -> nodes.document:
    """Return a page with one piece of text of some kind."""
    document = new_document("page")
    document += nodes.paragraph("", "", nodes.inline(text, text, classes=[kind]))
    return document


@pytest.mark.parametrize(
    ("given", "set_as"),
    {
        "-0.02%": "−0.02%",
        "+2.4%": "+2.4%",
        "-1,234": "−1,234",
        "0.5": "0.5",
        "2e+12": "2·10^12",
        "3.5e-07": "3.5·10^−7",
        "-0.10% ± 0.34%": "−0.10% ± 0.34%",
        "(-2, -1)": "(−2, −1)",
        "LeNet-5": "LeNet-5",
        "1e-05": "10^−5",
        "-1e+03": "−10^3",
        "2e-03%": "2·10^−3%",
        "a well-known word": "a well-known word",
        "2026-11-29": "2026-11-29",
    }.items(),
)
def test_a_number_from_a_run_is_set(given, set_as):
    document = page(given)
    signs.set_sentences(None, document, "page")
    for above in document.findall(nodes.superscript):
        above.insert(0, nodes.Text("^"))
    assert document.astext() == set_as


def test_other_text_is_left_as_it_is():
    document = page("-0.02%", "cited")
    signs.set_sentences(None, document, "page")
    assert document.astext() == "-0.02%"


def test_a_page_shows_them(tiny_book):
    cell = 'from nnbook.teaching import quote\nquote("fell", -0.25)\nquote("large", 2e12)'
    text = "It changes by {glue:text}`fell:+.0%`, to {glue:text}`large:.0e`, and later the same"
    elsewhere = "# Elsewhere\n\nIt changed by {glue:text}`page.md::fell:.0%`.\n"
    book = tiny_book(
        {"page": f"# A\n\n{text}.\n\n```{{code-cell}} ipython3\n{cell}\n```\n", "two": elsewhere}
    )
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert '<span class="pasted-text">−25%</span>' in book.html("page")
    assert '<span class="pasted-text">2·10<sup>12</sup></span>' in book.html("page")
    assert '<span class="pasted-text">−25%</span>' in book.html("two")


def test_a_cell_in_a_column_of_numbers_is_set():
    document = new_document("page")
    cells = [nodes.entry("", nodes.paragraph("", "-2"), classes=c) for c in (["nn-number"], [])]
    document += nodes.row("", *cells)
    signs.set_columns(None, document, "page")
    assert [cell.astext() for cell in cells] == ["−2", "-2"]
