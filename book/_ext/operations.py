"""All operations in one table, family by family, each with its equation: `{operations}`.

Names, families and equations are those of the package's docstrings, so none can be left out.
"""

import importlib
import re

from api_pages import primed
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PACKAGE = "nnbook.ops"


class Operations(SphinxDirective):
    """Puts the table here."""

    def run(self) -> list[nodes.Node]:
        """Make a row for each family, and below it one for each of its operations."""
        ops = importlib.import_module(PACKAGE)
        families: dict[str, list[str]] = {}
        for name in ops.__all__:
            families.setdefault(getattr(ops, name).__module__, []).append(name)
        order = re.findall(r"^from (\S+) import", _source(ops), re.MULTILINE)
        body = nodes.tbody()
        for module in sorted(families, key=order.index):
            title = first(importlib.import_module(module).__doc__, r"[.:](?:\s|$)")
            family = nodes.paragraph("", "", nodes.strong("", title))
            body += nodes.row("", nodes.entry("", family, morecols=1))
            for name in families[module]:
                what = first(getattr(ops, name).__doc__, r"\.\s|\.$")
                body += row([_link(name)], words(what))
        head = nodes.thead("", row([nodes.Text("Operation")], [nodes.Text("What it computes")]))
        columns = [nodes.colspec("", colwidth=width) for width in (30, 70)]
        group = nodes.tgroup("", *columns, head, body, cols=2)
        return [nodes.table("", group, classes=["nn-operations"])]


def first(text: str | None, end: str) -> str:
    """Return the beginning of a docstring up to a mark."""
    paragraph = " ".join((text or "").strip().split("\n\n")[0].split())
    return re.split(end, paragraph)[0]


def _source(module: object) -> str:
    with open(module.__file__, encoding="utf-8") as file:
        return file.read()


def _link(name: str) -> addnodes.pending_xref:
    link = addnodes.pending_xref("", refdomain="py", reftype="func", refexplicit=True)
    link["reftarget"] = f"{PACKAGE}.{name}"
    link += nodes.literal("", name)
    return link


def words(text: str) -> list[nodes.Node]:
    """Return a text with what stands between backticks as code."""
    parts = re.split(r"`([^`]+)`", text)
    return [nodes.literal("", p) if i % 2 else nodes.Text(primed(p)) for i, p in enumerate(parts)]


def row(*cells: list[nodes.Node]) -> nodes.row:
    """Return a row of a table, a paragraph in each cell."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def setup(app: Sphinx) -> dict:
    """Offer the directive."""
    app.add_directive("operations", Operations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
