"""What a caption says of the still picture alone: where the figure plays, readers need not see it.

Such words stand in brackets at the end: "(On paper four ways, with twelve characters each.)" Of a
figure that plays when it is asked for, a screen shows the still picture until then. So there they
begin with "The still picture", not with "On paper".
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

BEGIN = re.compile(r"\((?:On paper|The still picture)\b")


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give these words an element of their own, which the style sheet can hide."""
    if app.builder.format == "html":
        for figure in doctree.findall(nodes.figure):
            for caption in figure.findall(nodes.caption):
                set_apart(caption)


def set_apart(caption: nodes.caption) -> None:
    """Put all that follows the beginning of such words into an element, formulas included."""
    for place, child in enumerate(caption.children):
        found = BEGIN.search(child) if isinstance(child, nodes.Text) else None
        if found and caption.astext().endswith(")"):
            rest = [nodes.Text(child[found.start() :]), *caption.children[place + 1 :]]
            kept = [*caption.children[:place], nodes.Text(child[: found.start()])]
            caption.children = []
            caption += [*kept, nodes.inline("", "", *rest, classes=["play-printed"])]
            return


def setup(app: Sphinx) -> dict:
    """Look at the captions when their numbers are known."""
    app.connect("doctree-resolved", mark)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
