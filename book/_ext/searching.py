"""The search finds an equation by its name, such as eq-linear-backward, and leads to it.

Docstrings name equations so, but no page says these names aloud. Sphinx looks for a query in
the entries of the index as well, and there they are put, for the search alone.

The theme gives every page the index, for results while one types, which are not switched on. Only
the page that searches keeps it: for the others it would be the third part of their weight.
"""

import re

import passing
from docutils import nodes
from sphinx.application import Sphinx


def add(app: Sphinx) -> list:
    """Put the names of all equations into the search index, before it is written."""
    indexer = getattr(app.builder, "indexer", None)
    if indexer is not None:
        for name, (docname, _) in app.env.get_domain("math").equations.items():
            if docname in indexer._titles:
                entry = (name, nodes.make_id(f"equation-{name}"), "main")
                known = indexer._index_entries.get(docname, [])
                indexer._index_entries[docname] = sorted({*known, entry})
    return []


#: What the theme loads for the search.
TOOLS = re.compile(r'\s*<script src="[^"]*(searchtools|language_data|searchindex)\.js"></script>')


def without_tools(app: Sphinx) -> None:
    """Let every page but the one that searches go without the tools of the search."""
    if app.builder.format == "html":
        passing.through(app, lambda html, page: html if page == "search" else TOOLS.sub("", html))


def setup(app: Sphinx) -> dict:
    """Wait for the pages, each and all."""
    app.connect("builder-inited", without_tools)
    app.connect("html-collect-pages", add)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
