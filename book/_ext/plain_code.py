"""Write code without marks that change nothing: the half of its words that have the colour of all.

Pygments wraps each name, bracket and space. They have the colour of the code around them in both
themes, and a third of what a long chapter consists of, for which a browser finds style and place.
"""

import re

import passing
from sphinx.application import Sphinx

CODE = re.compile(r"(<pre\b[^>]*>)(.*?)(?=</pre>)", re.DOTALL)
#: Names, punctuation and space. A test holds their colours to be that of code, in either theme.
PLAIN = ("n", "p", "w")
MARK = re.compile(rf'<span class="(?:{"|".join(PLAIN)})">([^<]*)</span>')


def plain(html: str) -> str:
    """Return a page without marks of plain words in its code."""
    return CODE.sub(lambda code: code[1] + MARK.sub(r"\1", code[2]), html)


def connect(app: Sphinx) -> None:
    """Let every page pass through `plain` on its way to the file."""
    if app.builder.name == "html":
        passing.through(app, lambda html, page: plain(html))


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
