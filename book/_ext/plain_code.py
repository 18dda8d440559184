"""Write code without marks that change nothing: the half of its words that have the colour of all.

Pygments wraps each name, bracket and space. They have the colour of the code around them in both
themes, and a third of what a long chapter consists of, for which a browser finds style and place.

A name of the package that is longer than a phone's line may break behind its last dot: else it is
broken at the edge, in the middle of a word. So may the name of a module in the links to the pages
before and after. The number of LeNet-5 stays with its name in a title, which is set large.
"""

import re

import passing
from sphinx.application import Sphinx

CODE = re.compile(r"(<pre\b[^>]*>)(.*?)(?=</pre>)", re.DOTALL)
#: Names, punctuation and space. A test holds their colours to be that of code, in either theme.
PLAIN = ("n", "p", "w")
MARK = re.compile(rf'<span class="(?:{"|".join(PLAIN)})">([^<]*)</span>')

#: The name that a link shows, nnbook.optim.schedules.exponential_decay(), and how much of it fits.
NAME = re.compile(r'(<code class="xref py[^"]*"><span class="pre">)([\w.]+\.)(\w+(?:\(\))?)')
LINE = 36
#: The name of a module as the title of the next page, of which a phone has room for a part.
NEXT = re.compile(r'(<p class="prev-next-title">\w+\.)(?=\w)')
#: A title, and in its text a word whose hyphen stands before a number.
TITLE = re.compile(r"<h1>.*?</h1>|<p class=\"prev-next-title\">.*?</p>", re.DOTALL)
NUMBERED = re.compile(r"\b(\w+-\d+)\b(?![^<]*>)")


def plain(html: str) -> str:
    """Return a page without marks of plain words in its code."""
    return CODE.sub(lambda code: code[1] + MARK.sub(r"\1", code[2]), html)


def breaking(html: str) -> str:
    """Return a page whose long names break behind a dot, and a LeNet-5 in a title not at all."""

    def name(found: re.Match) -> str:
        mark, before, last = found.groups()
        return f"{mark}{before}{'<wbr/>' if len(before + last) > LINE else ''}{last}"

    def whole(found: re.Match) -> str:
        return NUMBERED.sub(r'<span class="nn-whole">\1</span>', found[0])

    return TITLE.sub(whole, NEXT.sub(r"\1<wbr/>", NAME.sub(name, html)))


def connect(app: Sphinx) -> None:
    """Let every page pass through both on its way to the file."""
    if app.builder.name == "html":
        passing.through(app, lambda html, page: breaking(plain(html)))


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
