"""Columns of numbers stand at the right, so that their digits lie below each other.

A column is one of numbers if each of its cells is a number, with a unit or a deviation after it, or
is empty, and there are two of them at least, or one among dashes.

An output in which rows stand below each other is a table too: its lines are not broken where the
page is narrow, as those of a message are. It scrolls, and one a little too wide is set smaller.
"""

import re
from collections import Counter
from itertools import pairwise

from docutils import nodes
from sphinx.application import Sphinx

NUMBER = re.compile(
    r"""(under\s|[≈<>~])?\s*[-+−±]?\s*(\d[\d\s,.]*|[\d.,]*\d)(e[-+−]?\d+)?  # 1,234.5 or 1e-9
    (\s*[×·]\s*10\S*)?
    (\s*±\s*[\d.,]+)?
    \s*(%|s|ms|min|h|bytes|KB|MB|GB|[KMG]iB|M|k|points?|×)?""",
    re.VERBOSE,
)
EMPTY = {"", "-", "–", "—"}
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
#: Five numbers with nothing between them but space: a row of a table that is set tightly.
FIVE = re.compile(r"(?:(?<!\S)[-+−]?\d[\d.]*(?!\S)\s*){5}")
WORD = re.compile(r"(?<=\s)\S")  # not the first of a line, which all have at the same place
#: Characters in a line of an output: a phone has room for these, a page, and it in small letters.
NARROW, WIDE, SMALL = 39, 77, 88
FAR = 8  # an indent that is none of Python's


def align(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the cells of such columns, and what stands above them."""
    for table in doctree.findall(nodes.tgroup):
        for column in columns(table):
            if numbers(column):
                for cell in column:
                    cell["classes"].append("nn-number")


def columns(table: nodes.tgroup) -> list[list[nodes.entry]]:
    """Return the cells of a table by columns; none if some cells span several."""
    rows = [
        [c for c in row.children if isinstance(c, nodes.entry)] for row in table.findall(nodes.row)
    ]
    spans = any("morecols" in cell or "morerows" in cell for row in rows for cell in row)
    if spans or len({len(row) for row in rows}) != 1:
        return []
    return [list(column) for column in zip(*rows, strict=True)]


def numbers(column: list[nodes.entry]) -> bool:
    """Return whether what stands below the heading are numbers."""
    body = [c for c in column if not isinstance(c.parent.parent, nodes.thead)]
    texts = [cell.astext().strip() for cell in body]
    found = [text for text in texts if NUMBER.fullmatch(text)]
    filled = [text for text in texts if text]
    return bool(found) and len(filled) > 1 and all(text in EMPTY or text in found for text in texts)


def keep_rows(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the outputs whose lines are rows."""
    for output in doctree.findall(nodes.container):
        if output.get("nb_element") == "cell_code_output":
            for block in output.findall(nodes.literal_block):
                lines = block.astext().splitlines()
                if are_rows(lines):
                    long = ["nn-long"] if max(map(len, lines)) > WIDE else []
                    block["classes"] += ["nn-rows", *long]


def are_rows(lines: list[str]) -> bool:
    """Return whether half of the lines that a phone would break are rows.

    A row has two gaps or more, five numbers side by side, or words that stand below those of
    another, and a page has room for it. Or its first cell is empty, and the others are in line.
    Four rows below each other are a table, whatever comes below them.
    """
    long = [line for line in lines if len(line) > NARROW]
    page = [line for line in long if len(line) <= SMALL]
    rows = [
        line
        for line in long
        if len(GAP.findall(line)) > 1 or FIVE.search(line) or stands_below(line, page)
    ]
    many = len(rows) > 1 and len(rows) >= len(long) / 2
    return many or table(lines) or second_column(lines) or hangs(lines)


def table(lines: list[str]) -> bool:
    """Return whether four lines in succession have two gaps, and a page has room for all lines."""
    gaps = "".join("x" if len(GAP.findall(line)) > 1 else " " for line in lines)
    return "xxxx" in gaps and NARROW < max(map(len, lines)) <= WIDE


def stands_below(line: str, lines: list[str]) -> bool:
    """Return whether three in four of its words, and three at least, begin where another's do."""
    begin = [{word.start() for word in WORD.finditer(one)} for one in (line, *lines)]
    return line in lines and any(
        len(begin[0] & other) >= max(3, 0.75 * max(len(begin[0]), len(other)))
        for one, other in zip(lines, begin[1:], strict=True)
        if one is not line
    )


def hangs(lines: list[str]) -> bool:
    """Return whether half of the lines are of such a pair: far in, one begins below a word of one.

    A page has room for all.
    """
    far = [
        line
        for above, line in pairwise(lines)
        if line.startswith(" " * FAR)
        and len(line) - len(line.lstrip()) in {word.start() for word in WORD.finditer(above)}
    ]
    return bool(far) and 4 * len(far) >= len(lines) and NARROW < max(map(len, lines)) <= WIDE


def second_column(lines: list[str]) -> bool:
    """Return whether most lines have a gap that ends at one place, and the others are not long."""
    full = [line for line in lines if line.strip()]
    places = Counter(gap.end() for line in full for gap in GAP.finditer(line))
    before = Counter(len(line) - len(line.lstrip()) for line in full)  # a first cell may be empty
    found = any(n > 2 and n + before[place] >= len(full) / 2 for place, n in places.items())
    message = any(len(line) > WIDE and not GAP.search(line) for line in full)
    return found and not message and max(map(len, full)) > NARROW


def setup(app: Sphinx) -> dict:
    """Look at the tables when others have filled them."""
    app.connect("doctree-resolved", align, priority=900)
    app.connect("doctree-resolved", keep_rows)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
