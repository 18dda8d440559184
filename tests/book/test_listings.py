"""Listings begin and end with a line of code."""

from docutils import nodes
from docutils.utils import new_document
from listings import trim


def test_blank_lines_at_both_ends_go():
    code = "\n    a = 1\n\n    b = 2\n\n\n"
    page = new_document("page")
    listing = nodes.container("", literal_block=True)
    listing += [nodes.caption("", "a.py"), nodes.literal_block(code, code)]
    other = nodes.container("", nodes.literal_block(code, code))
    page += [listing, other]
    trim(None, page)
    shown = [block.astext() for block in page.findall(nodes.literal_block)]
    assert shown == ["    a = 1\n\n    b = 2", code]
    assert listing[1].rawsource == shown[0]  # Sphinx marks code where the two are equal
