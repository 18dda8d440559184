"""Finding one's way: what a chapter is, what it rests on, and where that is seen.

`facts` keeps of each page how long it is, what it needs, and puts a line below a chapter's title.
`chapter_map` draws what rests on what. `said` says in a sentence what the whole book comes to, and
`thumbnails` draws a part in small. What happens in the browser (cards, marks on the map) is in
`book/_static/finding.js`.
"""

from docutils import nodes
from sphinx.application import Sphinx


def mark_landing(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the section that begins the book, which a style sheet could tell by what is in it.

    With `:has(...)` it could, but then each change of a page would have all sections styled anew.
    """
    for node in doctree.findall(nodes.Element):
        if "nn-hero" in node.get("classes", ()):
            node.parent["classes"].append("nn-landing")


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.connect("doctree-resolved", mark_landing)
    for name in ("facts", "chapter_map", "said", "thumbnails"):
        app.setup_extension(f"finding.{name}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
