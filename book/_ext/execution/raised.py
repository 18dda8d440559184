"""Cells that raised: the page shows the traceback, and the first of each page is a problem.

What follows a cell that raised often fails with it, so the others are only counted.
"""

import re

import problems
from docutils import nodes
from sphinx.application import Sphinx

from execution.kernel import error_of
from execution.reading import executed


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Note the first cell of the page that raised, and mark it."""
    docname = app.env.docname
    cells = executed(app.env, docname)
    raised = [cell for cell in cells if error_of(cell[2])]
    if not raised:
        return
    line, index, cell = raised[0]
    first = error_of(cell)
    message = f"the cell raised {first.ename}: {first.evalue}".strip().splitlines()[0]
    if len(raised) > 1:
        message += f", and {len(raised) - 1} after it raised too"
    silent = [c for _, i, c in cells if i > index and c.source and c.execution_count is None]
    if silent:
        message += f", and {len(silent)} after it did not run"
    traceback = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(first.traceback))
    shown = [n for n in doctree.findall(nodes.container) if n.get("cell_index") == index]
    blocks = [
        b for n in shown for b in n.findall(nodes.literal_block) if "traceback" in b["classes"]
    ]
    anchor = "raised" if blocks else ""
    for node in shown[:1] if blocks else ():
        node["ids"].append(anchor)
    problems.add(
        app.env, docname, message, line, anchor=anchor, detail=traceback, hidden=not blocks
    )


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read."""
    app.setup_extension("problems")
    app.connect("doctree-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
