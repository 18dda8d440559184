"""Keep the built pages free of other hosts: local MathJax, no remote scripts.

The part of MathJax that pages use is copied next to them. Sphinx-thebe, which Jupyter Book always
loads and this book does not use, names another host on every page: its scripts are dropped.
"""

import importlib.util
import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

MATHJAX = importlib.util.find_spec("sphinx-mathjax-offline")
#: What a page can ask for: the program, its fonts, extensions that a formula or the menu load.
USED = (
    "tex-chtml.js",
    "output/chtml/fonts/woff-v2",
    "input/tex/extensions",
    "a11y",
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
)


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """Copy the files of MathJax that a page can ask for into the site."""
    if error or app.builder.format != "html":
        return
    source = Path(MATHJAX.submodule_search_locations[0]) / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for name in USED:
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
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
