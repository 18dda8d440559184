"""Tables that fit the width of a page: columns share it by what stands in them.

LaTeX finds good widths for a short table by itself. It does not for one that goes over several
pages, nor where a table as wide as its words would be wider than the page. Columns of numbers stand
at the right, as on the site.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import LATEX

LONG = 25  # lines; above, the table may be broken between pages
ROOM = 84  # letters beside each other on a page, in small print
WIDEST, LONGEST = 46, 26  # letters that a column may claim, and that a word of it may
BREAKS = re.compile(r"[\s\-./_]+")  # where a line may end
COLUMN = r">{\%s\arraybackslash}\X{%d}{%d}"


def fit(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give widths to the columns of the tables that need them."""
    if app.builder.name != LATEX:
        return
    for table in list(doctree.findall(nodes.table)):
        rows = list(table.findall(nodes.row))
        empty(rows)
        columns = len(list(next(iter(table.findall(nodes.tgroup))).findall(nodes.colspec)))
        wanted, least = claims(rows, columns)
        widths = share(wanted, least)
        tall = lines(rows, widths) > LONG
        right = numbers(rows, columns)
        place = table.parent.index(table)
        if not tall and sum(wanted) <= ROOM:
            if any(right):
                spec = "".join("R" if number else "L" for number in right)
                table.parent.insert(place, addnodes.tabular_col_spec(spec=spec))
            continue
        if tall:
            table["classes"].append("longtable")
        sides = ("raggedleft" if number else "raggedright" for number in right)
        spec = "".join(COLUMN % (side, width, sum(widths)) for side, width in zip(sides, widths))
        table.parent[place : place + 1] = [
            nodes.raw("", "\\begingroup\\small\n", format="latex"),
            addnodes.tabular_col_spec(spec=spec),
            table,
            nodes.raw("", "\n\\endgroup", format="latex"),
        ]


def empty(rows: list[nodes.row]) -> None:
    """Take the paragraph out of a cell without words, of which LaTeX would make lines."""
    for entry in (cell for row in rows for cell in row.findall(nodes.entry)):
        if not entry.astext().strip() and not entry.next_node(nodes.image):
            entry.children = []


def numbers(rows: list[nodes.row], columns: int) -> list[bool]:
    """Return for each column whether `columns` has found numbers in it."""
    found = [
        ["nn-number" in entry["classes"] for entry in row.findall(nodes.entry)] for row in rows
    ]
    if any(len(row) != columns for row in found):
        return [False] * columns  # some cells go over several columns
    return [all(column) for column in zip(*found)]


def claims(rows: list[nodes.row], columns: int) -> tuple[list[int], list[int]]:
    """Return for each column how many letters it would like to have, and how many it must have."""
    wanted, least = [4] * columns, [4] * columns
    for row in rows:
        entries = [entry for entry in row.children if isinstance(entry, nodes.entry)]
        if len(entries) != columns:
            continue  # some cells go over several columns
        for i, entry in enumerate(entries):
            text = entry.astext()
            word = max(map(len, BREAKS.split(text)))
            wanted[i] = max(wanted[i], min(len(text), WIDEST))
            least[i] = max(least[i], min(word + 2, LONGEST))
    return [max(pair) for pair in zip(wanted, least)], least


def share(wanted: list[int], least: list[int]) -> list[int]:
    """Share the width of a page: first what each must have, then what it would like."""
    rest = max(ROOM - sum(least), 0)
    more = [want - must for want, must in zip(wanted, least)]
    total = sum(more) or 1
    return [must + rest * extra // total for must, extra in zip(least, more)]


def lines(rows: list[nodes.row], widths: list[int]) -> int:
    """Return about how many lines a table has, if its columns are so wide."""
    return sum(
        max(
            (-(-len(cell.astext()) // width) for cell, width in zip(row.children, widths)),
            default=1,
        )
        for row in rows
    )


def setup(app: Sphinx) -> dict:
    """Look at the tables when all of them are filled."""
    app.connect("doctree-resolved", fit, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
