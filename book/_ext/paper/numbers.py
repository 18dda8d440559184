"""Let figures, listings, equations, exercises and theorems have the numbers that the site shows.

LaTeX would count by itself, and differently where a page is left out or an exercise moves. So every
number is handed to it, and a reference says the number instead of asking LaTeX for it.
"""

from docutils import nodes
from sphinx.addnodes import number_reference
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_latex_number_reference

from paper.common import LATEX, PaperTransform, number_of, page_of


class References(PaperTransform):
    """Turns references by number into ordinary ones, whose text has the number."""

    default_priority = 15  # they are resolved, and sphinx-exercise has not yet looked at them

    def change(self) -> None:
        """Replace them."""
        for node in list(self.document.findall(number_reference)):
            plain(node)


class Exercises(PaperTransform):
    """Does so with the references that sphinx-exercise makes for LaTeX."""

    default_priority = 30

    def change(self) -> None:
        """Replace them."""
        for node in list(self.document.findall(exercise_latex_number_reference)):
            plain(node)


def plain(node: nodes.reference) -> None:
    """Replace a reference by an ordinary one."""
    kept = {key: node[key] for key in ("refuri", "refid", "internal") if key in node}
    node.replace_self(nodes.reference("", "", *node.children, **kept))


def hand_over(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give LaTeX the numbers of figures, tables and listings."""
    if app.builder.name != LATEX:
        return
    for node in list(doctree.findall(nodes.Element)):
        kind = counted(node)
        number = number_of(app, node) if kind else ""
        tex = f"\\renewcommand{{\\the{kind}}}{{{number}}}"
        raw = nodes.raw("", tex, format="latex")
        if kind == "figure" and number:
            node.insert(0, raw)
        elif kind == "table" or number:  # a table without a number on the site has none here
            node.parent.insert(node.parent.index(node), raw)


def counted(node: nodes.Element) -> str:
    """Return the name of LaTeX's counter for a node, or nothing."""
    if isinstance(node, nodes.container) and node.get("literal_block"):
        return "literalblock"
    if isinstance(node, nodes.figure):
        return "figure"
    return "table" if isinstance(node, nodes.table) else ""


def equation_number(app: Sphinx, node: nodes.math_block) -> str:
    """Return the number of an equation that has a name."""
    if not node.get("label"):
        return ""
    page = node.get("docname") or page_of(app, node)
    figures = app.env.toc_fignumbers.get(page, {}).get("displaymath", {})
    ids = [f"equation-{nodes.make_id(node['label'])}", *node.get("ids", ())]
    known = [".".join(map(str, figures[name])) for name in ids if name in figures]
    return known[0] if known else str(node.get("number") or "")


def setup(app: Sphinx) -> dict:
    """Take the numbers when references are resolved."""
    app.add_post_transform(References)
    app.add_post_transform(Exercises)
    app.connect("doctree-resolved", hand_over, priority=910)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
