"""What no line ends inside of: a value and its spread, and a count out of others in brackets."""

import re

from docutils import nodes
from sphinx.application import Sphinx

from paper.common import EPUB, LATEX

SPACE = "\u00a0"
SPREAD = re.compile(r" ?\u00b1 ")
COUNT = re.compile(r"\((\d+) of (\d+)\)")


def keep(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put spaces that do not break into the text of a page."""
    if app.builder.name not in (LATEX, EPUB):
        return
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw)):
            kept = unbroken(text)
            if kept != text:
                text.parent.replace(text, nodes.Text(kept))


def unbroken(text: str) -> str:
    """Return a text whose lines end elsewhere."""
    text = SPREAD.sub(lambda found: found[0].replace(" ", SPACE), text)
    return COUNT.sub(rf"(\1{SPACE}of{SPACE}\2)", text)


def setup(app: Sphinx) -> dict:
    """Look at the text when all of it is there, before tables get their widths."""
    app.connect("doctree-resolved", keep, priority=925)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
