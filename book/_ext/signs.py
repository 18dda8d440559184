"""Signs in sentences and tables: a negative number has a minus, and "n-th" stays on one line.

Python writes a hyphen before a number. That is right in code and in what it prints; in a sentence
and in a column of numbers the sign is as wide as a plus. Claims are shown as Python writes them.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

HYPHEN = re.compile(r"(?<![\w.)\]-])-(?=\d)")
MINUS, UNBROKEN = "\N{MINUS SIGN}", "\N{NON-BREAKING HYPHEN}"


def mend(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the signs into the numbers of a run, and join the ends of ordinals to their formulas."""
    for place in doctree.findall(_of_a_run):
        for text in list(place.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(HYPHEN.sub(MINUS, text.astext())))
    if app.builder.format == "html":
        for formula in list(doctree.findall(nodes.math)):
            after = formula.next_node(descend=False, siblings=True)
            if isinstance(after, nodes.Text) and after.startswith("-"):
                after.parent.replace(after, nodes.Text(UNBROKEN + after[1:]))


def _of_a_run(node: nodes.Node) -> bool:
    """Return whether a node is a number in a sentence, or a cell of a column of numbers."""
    if isinstance(node, nodes.inline):
        return "pasted-text" in node["classes"]
    return isinstance(node, nodes.entry) and "nn-number" in node["classes"]


def setup(app: Sphinx) -> dict:
    """Look at the pages when their numbers have been filled in and their columns found."""
    app.connect("doctree-resolved", mend, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
