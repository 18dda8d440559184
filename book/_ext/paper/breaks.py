"""Where a page of the PDF must not end: inside a small box, and behind what leads to something.

Lines of claims stay with the code or the output that they are about. A box of an exercise goes to
the next page as a whole if it does not fit and is not large; of a larger one some lines stay with
its title. LaTeX is told how much room that takes, which is estimated here from what is in it. (Of
boxes LaTeX itself knows better, in its second run: `pages.tex`.)
"""

import math

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import LATEX
from paper.latex import Formula

LARGE, BEGINNING = 20, 8  # lines; a larger box is broken, but so many of it stay together
FRAME, HEADING = 4, 5  # lines that a box's title and frame take, and a heading with its room
CODE = 0.8  # lines of code are lower than those of a text
UNSEEN = (nodes.raw, nodes.target, nodes.comment, addnodes.index)
MAY_END = "\n\n\\pagebreak[0]\n\n"
LETTERS = {"text": 88, "code": 100, "line": 120}  # beside each other in a box


def keep(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Tell LaTeX of the boxes, the hints and the figures to play with."""
    if app.builder.name != LATEX:
        return
    boxes = [
        box
        for box in doctree.findall(nodes.Admonition)
        if not any(isinstance(node, nodes.Admonition) for node in above(box))
    ]
    for number, box in enumerate(boxes, 1):
        together(box, height(box), number)
    for words in list(doctree.findall(nodes.paragraph)):
        if "nnlabel" in words["classes"]:
            label(words)
    for section in list(doctree.findall(nodes.section)):
        code(section)
    small = [part for part in doctree.findall(nodes.container) if "nnline" in part["classes"]]
    for lines in runs(small):
        below(lines)
    for part in list(doctree.findall(nodes.container)):
        classes = part.get("classes", ())
        if "nnplay" in classes:
            stay(part.children[0])
        if "nnaside" in classes:
            aside(part)


def above(node: nodes.Node) -> list[nodes.Element]:
    """Return what a node is in, from the inside out."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def label(words: nodes.paragraph) -> None:
    """Keep the label of a tab, or of a part of a docstring, with the first lines behind it."""
    behind = words.parent.children[words.parent.index(words) + 1 :]
    after = next((node for node in behind if not isinstance(node, nodes.raw)), None)
    if after is not None:
        together(words, height(words) + min(height(after), BEGINNING))


def code(section: nodes.section) -> None:
    """Keep a heading with the code right below it, of which LaTeX would not."""
    below_it = [node for node in section.children[1:] if not isinstance(node, UNSEEN)]
    first = below_it[0] if below_it else None
    while isinstance(first, nodes.container) and first.children and not alone(first):
        first = first[0]
    if isinstance(first, (nodes.literal_block, nodes.container)):
        together(section[1], height(first) + 2)  # a title may be above it


def aside(part: nodes.container) -> None:
    """Keep the name of an exercise with its first hint, and a hint with its code."""
    for before, after in list(zip(part.children, part.children[1:])):
        if not isinstance(before, nodes.paragraph):
            continue
        if isinstance(after, nodes.literal_block):
            together(before, height(before) + min(height(after), BEGINNING))
        elif before.children and not before.astext().removeprefix(before[0].astext()):
            stay(before)  # nothing but a name


def together(node: nodes.Element, lines: float, number: int = 0) -> None:
    """Begin a new page before a node, and a heading right above, if there is no such room.

    Of a box with a number LaTeX measures how high it is.
    """
    title = 0
    place = node.parent.index(node)
    while place and isinstance(node.parent[place - 1], (nodes.target, addnodes.index)):
        place -= 1  # where links and the index lead to stays with it
    if place == 1 and isinstance(node.parent[0], nodes.title) and node.parent.parent is not None:
        title, node = HEADING, node.parent
        place = node.parent.index(node)
    if number:
        room = f"\\nnroom{{{number}}}{{{title}}}{{{math.ceil(lines)}}}{{{BEGINNING}}}"
    else:
        lines = math.ceil(lines if lines <= LARGE else BEGINNING) + title
        room = f"\\needspace{{{lines}\\baselineskip}}"
    room = nodes.raw("", f"\n{room}\n", format="latex")
    node.parent.insert(place, room)


def stay(node: nodes.Element) -> None:
    """Keep a paragraph on the page of what follows it."""
    place = node.parent.index(node) + 1
    node.parent.insert(place, nodes.raw("", "\n\n\\nopagebreak\n\n", format="latex"))


def runs(parts: list[nodes.container]) -> list[list[nodes.container]]:
    """Return the containers that follow each other as lists."""
    found: list[list[nodes.container]] = []
    for part in parts:
        if found and before(part) is found[-1][-1]:
            found[-1].append(part)
        else:
            found.append([part])
    return found


def before(node: nodes.Element) -> nodes.Element | None:
    """Return what is above a node on its page: not the cell around it, but the last thing there."""
    while True:
        earlier = node.parent.children[: node.parent.index(node)]
        seen = [each for each in earlier if not isinstance(each, UNSEEN)]
        if seen:
            node = seen[-1]
            break
        if not isinstance(node.parent, nodes.container):
            return None
        node = node.parent
    while isinstance(node, nodes.container) and node.children and not alone(node):
        node = node.children[-1]
    return node


def alone(node: nodes.container) -> bool:
    """Return whether a container is one thing: a listing with its title, or a small line."""
    return bool(node.get("literal_block")) or "nnline" in node["classes"]


def below(lines: list[nodes.container]) -> None:
    """Keep small lines, such as claims, with the code or the output above them.

    Of many the first two stay there, and the last two together.
    """
    over = before(lines[0])
    free = lines[2:-1]
    if isinstance(over, (nodes.literal_block, nodes.container)):
        first = lines if len(lines) == 3 else lines[:2]
        rows = math.ceil(0.5 + sum(map(height, first)))
        room = nodes.raw("", f"\n\\nnkeep{{{rows}}}\n", format="latex")
        over.parent.insert(over.parent.index(over), room)
    elif not isinstance(over, nodes.paragraph):
        free = [lines[0], *free]
    for line in free:
        line.parent.insert(line.parent.index(line), nodes.raw("", MAY_END, format="latex"))


def height(box: nodes.Element) -> float:
    """Return about how many lines of text are as high as a box, or as a paragraph."""
    lines = FRAME if isinstance(box, nodes.Admonition) else 0.5
    for node in box.findall(nodes.Element):
        if isinstance(node, (nodes.literal_block, nodes.doctest_block)):
            rows = node.astext().splitlines()
            lines += 1 + CODE * sum(-(-len(row) // LETTERS["code"]) or 1 for row in rows)
        elif isinstance(node, nodes.paragraph):
            small = any("nnline" in outer.get("classes", ()) for outer in above(node))
            letters = LETTERS["line" if small else "text"]
            lines += (CODE if small else 1) * -(-len(node.astext()) // letters)
        elif isinstance(node, (nodes.math_block, Formula)):
            lines += 3
        elif isinstance(node, (nodes.image, nodes.table)):
            lines += LARGE
    return lines


def setup(app: Sphinx) -> dict:
    """Look at the pages when all of them are plain."""
    app.connect("doctree-resolved", keep, priority=940)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
