"""The search finds an equation by its name, such as eq-linear-backward, and leads to it.

Docstrings name equations so, but no page says these names aloud. Sphinx looks for a query in
the entries of the index as well, and there they are put, for the search alone.
"""

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


def setup(app: Sphinx) -> dict:
    """Wait until all pages are written."""
    app.connect("html-collect-pages", add)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
