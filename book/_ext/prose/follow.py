"""Write a page again when a number that it quotes from another page has changed.

Sphinx writes only the pages whose own text changed, so ``{glue:text}`other.md::name` `` would keep
the number of an older run.
"""

from pathlib import Path

from docutils import nodes
from kept import Kept
from myst_nb.ext.glue.utils import PendingGlueReference
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Of each page the pages that it quotes.
QUOTED = Kept("quoted")


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep which pages the page that was just read quotes."""
    quoted = sorted({node.refdoc for node in doctree.findall(PendingGlueReference)})
    if quoted:
        QUOTED(app.env)[app.env.docname] = quoted


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that quote a page whose values are not what they were."""
    before = env.__dict__.get("nnbook_quoted_values", {})
    now = env.nnbook_quoted_values = {
        docname: [_values(env, other) for other in others]
        for docname, others in QUOTED(env).items()
    }
    return [docname for docname, values in now.items() if values != before.get(docname)]


def _values(env: BuildEnvironment, docname: str) -> str:
    path = Path(env.mystnb_config.output_folder) / f"{docname}.glue.json"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def setup(app: Sphinx) -> dict:
    """Follow the quotations."""
    app.connect("doctree-read", collect)
    QUOTED.connect(app)
    app.connect("env-updated", update)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
