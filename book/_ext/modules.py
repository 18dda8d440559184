"""The pages of the API in a table, each with the sentence that it begins with: `{modules}`."""

import re
from pathlib import Path

from docutils import nodes
from operations import row, words
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Modules(SphinxDirective):
    """Puts the table here."""

    def run(self) -> list[nodes.Node]:
        """Make a row for each page that the contents have below this one."""
        body = nodes.tbody()
        for tree in self.env.external_site_map[self.env.docname].subtrees:
            for page in map(str, tree.items):
                path = self.env.doc2path(page)
                self.env.note_dependency(str(path))
                body += row([_link(page)], words(sentence(Path(path).read_text("utf-8"))))
        head = nodes.thead("", row([nodes.Text("Module")], [nodes.Text("What it has")]))
        columns = [nodes.colspec("", colwidth=width) for width in (30, 70)]
        table = nodes.table("", nodes.tgroup("", *columns, head, body, cols=2))
        return [nodes.container("", table, classes=["nn-no-paper"])]


def sentence(text: str) -> str:
    """Return what is said first below the title; of a question, with its answer."""
    paragraph = re.search(r"^# .*\n+((?:.+\n)+)", text, re.MULTILINE)
    said = " ".join(paragraph[1].split()) if paragraph else ""
    return re.split(r"(?<=\.)\s", said)[0].removesuffix(".")


def _link(page: str) -> addnodes.pending_xref:
    link = addnodes.pending_xref("", refdomain="std", reftype="doc", refexplicit=False)
    link["reftarget"] = f"/{page}"
    link += nodes.inline("")
    return link


def setup(app: Sphinx) -> dict:
    """Offer the directive."""
    app.add_directive("modules", Modules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
