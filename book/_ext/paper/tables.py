"""Tables that fit the width of a page, and stay with their captions.

LaTeX finds good widths for a short table by itself. It does not for one that goes over several
pages, nor where a table as wide as its words would be wider than the page: `widths` does. Columns
of numbers stand at the right, as on the site. The notes of the proof ledger, which the site sets
below each other, are told apart by commas.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import EPUB, LATEX
from paper.widths import WIDTH, height, measured, share, whole

LARGER = 1.1  # times the small print that `widths` counts with
LONG = 25  # lines; above, the table may be broken between pages
CAPTION = 4  # lines that a caption takes, with the room around it and the lines of the table
COLUMN = r">{\%s\arraybackslash}\X{%d}{%d}"


def fit(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give widths to the columns of the tables that need them."""
    if app.builder.name != LATEX:
        return
    for table in list(doctree.findall(nodes.table)):
        rows = list(table.findall(nodes.row))
        empty(rows)
        columns = len(list(next(iter(table.findall(nodes.tgroup))).findall(nodes.colspec)))
        words = [row for row in map(measured, rows) if len(row) == columns]
        limits = whole(words, columns)
        narrow = LARGER * sum(limits) <= WIDTH
        widths = limits if narrow else share(words, limits)
        tall = height(words, widths)
        right = numbers(rows, columns)
        if tall > LONG:
            table["classes"].append("longtable")
        if narrow and tall <= LONG:
            spec = "".join("R" if number else "L" for number in right)
        else:
            parts = [round(width) for width in widths]
            sides = ("raggedleft" if number else "raggedright" for number in right)
            spec = "".join(COLUMN % (side, part, sum(parts)) for side, part in zip(sides, parts))
        arrange(table, spec, small=not narrow or tall > LONG, room=tall + CAPTION)


def tell_apart(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a comma before each note of a claim, and a colon behind its kind."""
    if app.builder.name not in (LATEX, EPUB):
        return
    claims = [table for table in doctree.findall(nodes.table) if "nn-claims" in table["classes"]]
    for row in (row for table in claims for row in table.findall(nodes.row)):
        for column, cell in enumerate(row.findall(nodes.paragraph)):
            notes = [note for note in cell.children if "nn-note" in classes(note)]
            for place, note in enumerate(notes):
                if not cell.astext().startswith(note.astext()):
                    note.insert(0, nodes.Text(":" if column == 0 and place else ","))


def classes(node: nodes.Node) -> list[str]:
    """Return the classes of a node, of which a text has none."""
    return node["classes"] if isinstance(node, nodes.Element) else []


def arrange(table: nodes.table, spec: str, small: bool, room: int) -> None:
    """Put what LaTeX has to know around a table."""
    place = table.parent.index(table)
    before = "\\begingroup\\small\n" if small else "\\begingroup\n"
    if isinstance(table.next_node(), nodes.title) and "longtable" not in table["classes"]:
        before += f"\\needspace{{{room}\\baselineskip}}\n"
    table.parent[place : place + 1] = [
        nodes.raw("", before, format="latex"),
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


def setup(app: Sphinx) -> dict:
    """Look at the tables when all of them are filled."""
    app.connect("doctree-resolved", tell_apart, priority=920)
    app.connect("doctree-resolved", fit, priority=930)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
