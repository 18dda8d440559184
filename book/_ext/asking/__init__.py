"""Hints open one at a time, and quick questions say at once what is right and why.

`hints` puts the hints of `nnbook.teaching.hints` into the boxes of the exercises. `questions` is
the directive of the quick questions, and holds them to their rules. `markup` says how both are
written as HTML. The script and the style that they need are in `book/_ask`; only pages that have
one of the two load them.
"""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from asking.markup import Hint, Question

PROGRAMS = Path(__file__).resolve().parents[2] / "_ask"


def add_script(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give script and style to the pages that have hints or questions."""
    asks = doctree is not None and doctree.next_node(lambda n: isinstance(n, (Hint, Question)))
    if app.builder.name == "html" and asks:
        app.add_js_file("ask/ask.js", loading_method="defer")
        app.add_css_file("ask/ask.css")


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put script and style into the site."""
    if not error and app.builder.name == "html":
        shutil.copytree(PROGRAMS, Path(app.outdir, "_static", "ask"), dirs_exist_ok=True)


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    for part in ("markup", "hints", "questions"):
        app.setup_extension(f"asking.{part}")
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
