"""Tables of sentences: on a phone, where their columns are a word wide, each row becomes a card.

Such a table has three columns, and as many words in a row as a phone shows in four lines; or four
columns and half as many words; or it ends in a verdict, or in where something is used. Numbers are
not counted: they stand below each other even in a narrow column. Cells are given the words that
stand above them, which the card shows before them; the first cell is a card's title, unless it is a
sentence or a number.
"""

import html
import re

import passing
from sphinx.application import Sphinx

TABLE = re.compile(
    r'<table class="(?:(?:nn-results|nn-status) generated )?table"[^>]*>.*?</table>', re.DOTALL
)
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])([^>]*)>(.*?)</t[hd]>", re.DOTALL)
MARK = re.compile(r"<[^>]*>")
TEX = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]")  # is not seen as it is written
NUMBER = re.compile(r'class="[^"]*\bnn-number\b')
#: Characters: of a row on average, from which it is a card, and of a title at most.
LONG, TITLE = 110, 50
#: What stands above the last two columns of a table that is cards however short its rows are.
ENDS = (["Here", "Verdict"], ["Meaning", "Where it is used"])


def words(cell: str) -> str:
    """Return what can be read of a cell."""
    return " ".join(html.unescape(MARK.sub("", cell)).split())


def length(cell: str) -> int:
    """Return how many characters of a cell are seen, about."""
    return len(TEX.sub("", words(cell)))


def cards(page: str) -> str:
    """Return a page whose tables of sentences are marked."""
    return TABLE.sub(lambda found: card(found[0]), page)


def card(table: str) -> str:
    """Return a table with the words that stand above its cells, if they are sentences."""
    head, *body = (CELL.findall(row) for row in ROW.findall(table))
    above = [name[:1].upper() + name[1:] for name in (words(cell[2]) for cell in head)]
    if not body or any(len(row) != len(above) for row in body) or "<thead>" not in table:
        return table
    lengths = [[0 if NUMBER.search(a) else length(text) for _, a, text in row] for row in body]
    long = LONG * len(body) / (1 if len(above) < 4 else 2)
    few = len(above) < 3 or sum(map(sum, lengths)) < long
    if few and above[-2:] not in ENDS:
        return table
    titled = 0 < sum(row[0] for row in lengths) <= TITLE * len(body)

    def labelled(row: re.Match) -> str:
        names = iter([None, *above[1:]] if titled else above)

        def cell(found: re.Match) -> str:
            tag, attributes, content = found.groups()
            name = next(names)
            shown = name is not None and words(content)
            label = f' data-above="{html.escape(name)}"' if shown else ""
            return f"<{tag}{attributes}{label}>{content}</{tag}>"

        return CELL.sub(cell, row[0])

    start, body_text = table.split("<tbody>", 1)
    start = start.replace('class="', 'class="nn-cards ', 1)
    return f"{start}<tbody>{ROW.sub(labelled, body_text)}"


def connect(app: Sphinx) -> None:
    """Let every page pass through on its way to the file."""
    if app.builder.name == "html":
        passing.through(app, lambda page, name: cards(page))


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
