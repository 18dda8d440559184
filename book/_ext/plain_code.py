"""Write code without marks that change nothing: the half of its words that have the colour of all.

Pygments wraps each name, bracket and space. They have the colour of the code around them in both
themes, and a third of what a long chapter consists of, for which a browser finds style and place.

A name of the package that is longer than a phone's line may break behind its last dot: else it is
broken at the edge, in the middle of a word. So may the name of a module in the links to the pages
before and after. LeNet-5 and names like it are not broken at their hyphen.
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
#: A network, a data set or a code that has a number, and elements whose words are left alone.
WHOLE = re.compile(
    r"<(pre|code|script|style|title|svg|select)\b.*?</\1>"
    r"|\b(?:LeNet|GPT|CIFAR|UTF)-\d+\b(?![^<]*>)",
    re.DOTALL,
)


def plain(html: str) -> str:
    """Return a page without marks of plain words in its code."""
    return CODE.sub(lambda code: code[1] + MARK.sub(r"\1", code[2]), html)


def breaking(html: str) -> str:
    """Return a page whose long names break behind a dot, and a LeNet-5 not at all."""

    def name(found: re.Match) -> str:
        mark, before, last = found.groups()
        return f"{mark}{before}{'<wbr/>' if len(before + last) > LINE else ''}{last}"

    def whole(found: re.Match) -> str:
        return found[0] if found[1] else f'<span class="nn-whole">{found[0]}</span>'

    return WHOLE.sub(whole, NEXT.sub(r"\1<wbr/>", NAME.sub(name, html)))


def connect(app: Sphinx) -> None:
    """Let every page pass through both on its way to the file."""
    if app.builder.name == "html":
        passing.through(app, lambda html, page: breaking(plain(html)))


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
