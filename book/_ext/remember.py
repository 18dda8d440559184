"""Let pages remember what a reader did on them, in the reader's browser and nowhere else.

The parts are in `book/_remember`, each with one purpose. They become one script, which also works
where a page is opened from a folder; there, browsers load no modules.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

FOLDER = Path(__file__).resolve().parent.parent / "_remember"
#: In the order in which they need each other.
PARTS = ("words", "store", "solved", "cells", "work", "reading")
#: Pages that one looks things up in. Nobody reads them from beginning to end.
LOOKED_UP = re.compile(r"index|genindex|search|bibliography|glossary|api(/.*)?")


def script() -> str:
    """Return all parts, without the comments and spaces at the beginnings of their lines."""
    text = "".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)
    return re.sub(r"^[ \t]+|^[ \t]*//.*\n", "", text, flags=re.M)


def name(app: Sphinx) -> str:
    """Return what the book is called in a browser's storage, which sites of a host share."""
    return re.sub(r"[^a-z0-9]+", "-", app.config.html_title.lower()).strip("-")


def add_script(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the script to each page of the book."""
    if app.builder.name != "html" or doctree is None:
        return
    about = {"data-book": name(app), "data-page": page}
    if not LOOKED_UP.fullmatch(page):
        about["data-reads"] = ""
    # after the script of the cells, which this one asks for them
    app.add_js_file("remember/remember.js", priority=900, loading_method="defer", **about)
    app.add_css_file("remember/remember.css")


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the script and its style into the site."""
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir, "_static", "remember")
    target.mkdir(parents=True, exist_ok=True)
    (target / "remember.js").write_text(script(), encoding="utf-8")
    style = (FOLDER / "remember.css").read_text(encoding="utf-8")
    (target / "remember.css").write_text(style, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Connect to the build."""
    app.connect("html-page-context", add_script)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
