"""Wide equations are broken into lines on narrow screens.

What breaks them is `_static/equations.js`. Only pages that typeset formulas get it.
"""

from docutils import nodes
from sphinx.application import Sphinx

SCRIPT = "equations.js"


def add_script(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the script to the pages that load MathJax."""
    files = [str(getattr(file, "filename", file)) for file in context.get("script_files", [])]
    if any("mathjax" in file for file in files):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> dict:
    """Connect to the build, after what brings MathJax."""
    app.connect("html-page-context", add_script, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
