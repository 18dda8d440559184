"""Claims that do not hold: shown by the cell that made them, and a problem of the page.

The build's chapters run with ``NNBOOK_CLAIMS=collect``, so such a claim does not end its chapter.
"""

from pathlib import Path

import problems
from docutils import nodes
from execution.reading import executed
from sphinx.application import Sphinx


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Note the claims of the page that was just read that do not hold."""
    env, docname = app.env, app.env.docname
    lines = Path(env.doc2path(docname)).read_text(encoding="utf-8").splitlines()
    seen = {record["name"] for record in problems.records(doctree, "claim")}
    for start, _, cell in executed(env, docname):
        for output in cell.outputs:
            metadata = output.get("metadata", {})
            claim = metadata.get("nnbook", {})
            if "scrapbook" in metadata and claim.get("kind") == "claim" and claim["problem"]:
                name = claim["name"]
                anchor = f"claim-{name}" if name in seen else ""
                said = f"claim {name!r} does not hold: {claim['problem']}"
                problems.add(env, docname, said, _line(lines, start, name), anchor=anchor)


def _line(lines: list[str], start: int, name: str) -> int:
    """Return where a name is written in a cell, or where the cell starts if it is put together."""
    for number, line in enumerate(lines[start - 1 :], start):
        if f'"{name}"' in line or f"'{name}'" in line:
            return number
        if number > start and line.startswith("```"):
            break
    return start


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read."""
    app.setup_extension("problems")
    app.connect("doctree-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
