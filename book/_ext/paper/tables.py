"""Tables that fit the width of a page: columns share it by what stands in them.

LaTeX finds good widths for a short table by itself. It does not for one that goes over several
pages, nor where a table as wide as its words would be wider than the page.
"""

from docutils import nodes
from sphinx.application import Sphinx

from paper.common import LATEX

LONG = 25  # rows; above, the table may be broken between pages
ROOM = 78  # letters beside each other on a page
WIDEST, NARROWEST = 46, 6  # letters that a column may claim


def fit(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give widths to the columns of the tables that need them."""
    if app.builder.name != LATEX:
        return
    for table in doctree.findall(nodes.table):
        group = next(iter(table.findall(nodes.tgroup)))
        rows = list(table.findall(nodes.row))
        widths = natural(group, rows)
        if len(rows) <= LONG and sum(widths) <= ROOM:
            continue
        if len(rows) > LONG:
            table["classes"].append("longtable")
        table["classes"] = [c for c in table["classes"] if not c.startswith("colwidths")]
        table["classes"].append("colwidths-given")
        for spec, width in zip(group.findall(nodes.colspec), widths):
            spec["colwidth"] = width


def natural(group: nodes.tgroup, rows: list[nodes.row]) -> list[int]:
    """Return for each column how many letters it would like to have."""
    widths = [NARROWEST] * len(list(group.findall(nodes.colspec)))
    for row in rows:
        entries = [entry for entry in row.children if isinstance(entry, nodes.entry)]
        if len(entries) != len(widths):
            continue  # some cells go over several columns
        for i, entry in enumerate(entries):
            text = entry.astext()
            longest = max(map(len, text.split()), default=0)
            widths[i] = max(widths[i], min(len(text), WIDEST), min(longest, WIDEST))
    return widths


def setup(app: Sphinx) -> dict:
    """Look at the tables when all of them are filled."""
    app.connect("doctree-resolved", fit, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
