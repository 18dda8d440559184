"""Keep the built pages free of other hosts: the fonts of MathJax beside them, no remote scripts.

Pages come typeset (see `formulas`) and need the fonts alone. Sphinx-thebe, which Jupyter Book
always loads and this book does not use, names another host on every page: its scripts are dropped.
"""

import importlib.util
import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

MATHJAX = importlib.util.find_spec("sphinx-mathjax-offline")
FONTS = "output/chtml/fonts/woff-v2"
#: What a page that typesets itself can ask for: the program, what a formula or its menu load.
PROGRAM = (
    "tex-chtml.js",
    "input/tex/extensions",
    "a11y",
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
)


def folder() -> Path:
    """Return where MathJax is."""
    return Path(MATHJAX.submodule_search_locations[0]) / "static" / "mathjax"


def copy_fonts(app: Sphinx, error: Exception | None) -> None:
    """Copy the fonts for formulas into the site."""
    if not error and app.builder.format == "html":
        copy_mathjax(app, FONTS)


def copy_mathjax(app: Sphinx, *names: str) -> None:
    """Copy files and folders of MathJax into the site."""
    source = folder()
    target = Path(app.outdir) / "_static" / "mathjax"
    for name in names:
        if (target / name).exists():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy(source / name, target / name)


def drop_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    """Remove sphinx-thebe's files from a page."""
    for key in ("script_files", "css_files"):
        context[key] = [file for file in context.get(key, []) if "thebe" not in _text(file).lower()]


def drop_thebe_nodes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the settings that sphinx-thebe writes into the text of every page."""
    for node in list(doctree.findall(nodes.raw)):
        if re.search(r"x-thebe-config|<script>kernelName", node.astext()):
            node.parent.remove(node)


def _text(file: object) -> str:
    attributes = getattr(file, "attributes", {})
    return f"{getattr(file, 'filename', file)} {attributes.get('body', '')}"


def setup(app: Sphinx) -> dict:
    """Connect to the build."""
    app.connect("doctree-resolved", drop_thebe_nodes, priority=950)
    app.connect("html-page-context", drop_thebe, priority=950)
    app.connect("build-finished", copy_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
