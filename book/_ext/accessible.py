"""Mend what the theme and Sphinx write against the rules of accessibility.

Each repair is a piece of markup and what should stand there. They are made as a page is written.
"""

import re

import passing
from sphinx.application import Sphinx

REPAIRS = (
    # The arrow that opens a part of the contents has no name.
    (r"<summary>(?=<span class=\"toctree-toggle\")", '<summary aria-label="Pages below this one">'),
    # What opens a folded cell is named by its words, "Show code cell source", and by nothing else:
    # who speaks to the browser says what stands there.
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # And the field that opens the search by "Search Ctrl+K", which stands in it.
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    # The title above the contents stands outside of every landmark.
    (
        r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand)',
        '<div class="sidebar-primary-item" role="navigation" aria-label="Start page">',
    ),
    # An entry of the bibliography has a deprecated role; its list wants items.
    (r'role="doc-biblioentry"', 'role="listitem"'),
    # The corner of a table is not a heading of anything.
    (r'<th class="head">(?:<p>)?\s*(?:</p>)?</th>', '<td class="head"></td>'),
)


def mend(html: str) -> str:
    """Return a page with all repairs made."""
    for wrong, right in REPAIRS:
        html = re.sub(wrong, right, html)
    return html


def connect(app: Sphinx) -> None:
    """Let every page pass through `mend` on its way to the file."""
    if app.builder.format == "html":
        passing.through(app, lambda html, page: mend(html))


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
