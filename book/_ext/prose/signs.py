"""Numbers that a run gave are set like those that were typed as formulas.

Python, and a format such as `:+.1%` or `:.0e`, writes a hyphen for a minus sign, and `2e+12` for a
power of ten. That is right in code and in what it prints; in a sentence and in a column of numbers
the sign is as wide as a plus. Claims are shown as Python writes them.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

NUMBER = re.compile(r"([-+]?)(\d[\d,]*(?:\.\d+)?)e([-+]\d+)(%?)")
HYPHEN = re.compile(r"(?<![\w.)\]-])-(?=\d)")
MINUS = "\N{MINUS SIGN}"


def set_sentences(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the numbers in the sentences of a page."""
    for node in doctree.findall(nodes.inline):
        if "pasted-text" in node["classes"]:
            number = NUMBER.fullmatch(node.astext())
            if number:
                node.children = []
                node.extend(parts(*number.groups()))
            else:
                set_minus(node)


def set_columns(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the numbers in the columns that were found to be of numbers."""
    for entry in doctree.findall(nodes.entry):
        if "nn-number" in entry["classes"]:
            set_minus(entry)


def set_minus(node: nodes.Element) -> None:
    """Put a minus sign before the negative numbers in a node."""
    for text in list(node.findall(nodes.Text)):
        text.parent.replace(text, nodes.Text(HYPHEN.sub(MINUS, text.astext())))


def parts(sign: str, digits: str, power: str, percent: str) -> list[nodes.Node]:
    """Return a number with a power of ten as it is printed in a book."""
    sign = sign.replace("-", MINUS)
    factor = "" if float(digits.replace(",", "")) == 1 else f"{digits}·"
    above = str(int(power)).replace("-", MINUS)
    return [nodes.Text(f"{sign}{factor}10"), nodes.superscript("", above), nodes.Text(percent)]


def setup(app: Sphinx) -> dict:
    """Set sentences when all numbers are in them, and columns when they have been found."""
    app.connect("doctree-resolved", set_sentences, priority=850)
    app.connect("doctree-resolved", set_columns, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
