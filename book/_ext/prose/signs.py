"""Numbers that a run gave are set like those that were typed as formulas.

A format such as `:+.1%` or `:.0e` writes a hyphen for a minus sign, and `2e+12` for a power of ten.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

NUMBER = re.compile(r"([-+]?)(\d[\d,]*(?:\.\d+)?)(?:e([-+]\d+))?(%?)")
MINUS = "\N{MINUS SIGN}"


def set_signs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the numbers of a page."""
    for node in doctree.findall(nodes.inline):
        number = NUMBER.fullmatch(node.astext())
        if number and "pasted-text" in node["classes"]:
            node.children = []
            node.extend(parts(*number.groups()))


def parts(sign: str, digits: str, power: str | None, percent: str) -> list[nodes.Node]:
    """Return a number as it is printed in a book."""
    sign = sign.replace("-", MINUS)
    if power is None:
        return [nodes.Text(f"{sign}{digits}{percent}")]
    factor = "" if float(digits.replace(",", "")) == 1 else f"{digits}·"
    above = str(int(power)).replace("-", MINUS)
    return [nodes.Text(f"{sign}{factor}10"), nodes.superscript("", above), nodes.Text(percent)]


def setup(app: Sphinx) -> dict:
    """Set the numbers when all are in their places, and before their columns are looked at."""
    app.connect("doctree-resolved", set_signs, priority=850)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
