"""A listing begins and ends with a line of code, wherever it was cut out of its file."""

import re

from docutils import nodes
from sphinx.application import Sphinx

BLANK = re.compile(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z")


def trim(app: Sphinx, doctree: nodes.document) -> None:
    """Take blank lines away from both ends of the listings of the page that was just read."""
    for wrapper in doctree.findall(nodes.container):
        for block in wrapper.children if wrapper.get("literal_block") else ():
            if isinstance(block, nodes.literal_block) and BLANK.search(block.astext()):
                block.rawsource = BLANK.sub("", block.astext())
                block.children.clear()
                block += nodes.Text(block.rawsource)


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read."""
    app.connect("doctree-read", trim)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
