"""How the columns of a table share the width of a page: so that it has the fewest lines.

What a column needs is estimated from the words in it. Every column gets room for its longest word.
What is left goes, step by step, to the column where it saves most.
"""

import re

from docutils import nodes

WIDTH, GAP = 448, 12  # points: of a page, and of what LaTeX leaves between two columns
LETTER, HEADING = 4.5, 5.3  # points: an average letter in small print, and one of a head
LONGEST = 26  # letters of a word that a column has to hold; a longer one is broken
STEP = 4  # points
LOOKED_AT = 150  # rows, spread over the table, by which the widths are chosen
SLIGHTLY = 0.1  # lines that it counts if a cell fills its column to the last line
BREAKS = re.compile(r"(?<=[ \n\-/_])|(?<=\.)(?!\d)")  # where a line may end
SIGNS = (re.compile(r"\\[A-Za-z]+"), re.compile(r"[\\{}^_$ ]"))  # a letter; not seen

Row = list[list[float]]  # for each cell the widths of its words


def measured(row: nodes.row) -> Row:
    """Return about how wide the words of each cell are; nothing if a cell covers columns."""
    cells = [cell for cell in row.children if isinstance(cell, nodes.entry)]
    if any("morecols" in cell for cell in cells):
        return []
    letter = HEADING if isinstance(row.parent, nodes.thead) else LETTER
    return [[len(word) * letter for word in BREAKS.split(seen(cell))] for cell in cells]


def seen(cell: nodes.entry) -> str:
    """Return the text of a cell; of a formula about as many letters as it shows."""
    said = []
    for text in cell.findall(nodes.Text):
        if isinstance(text.parent, nodes.math):
            said.append(SIGNS[1].sub("", SIGNS[0].sub("x", text)))
        else:
            said.append(str(text))
    return (" " if len(list(cell.findall(nodes.paragraph))) > 1 else "").join(said)


def whole(rows: list[Row], columns: int) -> list[float]:
    """Return how wide each column is if no line of it is broken."""
    return [max((sum(row[i]) for row in rows), default=0) + GAP for i in range(columns)]


def share(rows: list[Row], limits: list[float]) -> list[float]:
    """Share the width of a page among columns that need no more than their limits."""
    longest = [max((max(row[i], default=0) for row in rows), default=0) for i in range(len(limits))]
    widths = [min(word, LONGEST * LETTER) + GAP + 2 for word in longest]
    some = rows[:: -(-len(rows) // LOOKED_AT)]
    left = WIDTH - sum(widths)
    while left >= STEP:
        now = cost(some, widths)
        gains = []
        for i, limit in enumerate(limits):
            for steps in (1, 2, 4, 8):  # one step alone may not yet save a line
                more = STEP * steps
                if more <= left and widths[i] < limit:
                    wider = [*widths[:i], widths[i] + more, *widths[i + 1 :]]
                    gains.append(((now - cost(some, wider)) / steps, -steps, i))
        if not gains:
            break
        _, steps, i = max(gains)
        widths[i] -= STEP * steps
        left += STEP * steps
    return widths


def cost(rows: list[Row], widths: list[float]) -> float:
    """Return how many lines rows have. How full their cells are counts a little."""
    full = sum((sum(cell) / (width - GAP)) ** 2 for row in rows for cell, width in zip(row, widths))
    return height(rows, widths) + SLIGHTLY * full


def height(rows: list[Row], widths: list[float]) -> int:
    """Return about how many lines rows have, if their columns are so wide."""
    return sum(
        max((lines(cell, width - GAP) for cell, width in zip(row, widths)), default=1)
        for row in rows
    )


def lines(words: list[float], room: float) -> int:
    """Return how many lines words need, one after the other."""
    count, used = 1, 0.0
    for word in words:
        if used and used + word > room + LETTER:  # the space at the end needs no room
            count, used = count + 1, 0.0
        used += word
    return count + int(used // (room + LETTER))
