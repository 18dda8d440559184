"""A name stands once on a page, or a link to it may lead elsewhere.

sphinx-exercise and sphinx-proof give one and the same name to the insides of each of their boxes,
and the plain proof takes that of a section titled *Proof*. Nothing links these, so they become
classes.
"""

from docutils import nodes
from sphinx.application import Sphinx

NAMES = {"exercise-content", "solution-content", "proof-content"}
PLAIN = "proof"
INSIDE, BOX = "nn-inside", "nn-proof"


def only_once(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take these names away, once Sphinx has numbered the sections by them."""
    for node in doctree.findall(nodes.section):
        if NAMES.intersection(node["ids"]):
            node["ids"] = [name for name in node["ids"] if name not in NAMES]
            node["classes"].append(INSIDE)
    for node in doctree.findall(nodes.admonition):
        if PLAIN in node["ids"]:
            node["ids"].remove(PLAIN)
            node["classes"].append(BOX)


def setup(app: Sphinx) -> dict:
    """Look at the pages when they are whole."""
    app.connect("doctree-resolved", only_once)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
