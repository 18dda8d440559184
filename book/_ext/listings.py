"""A listing begins and ends with a line of code, and its docstrings name equations by number.

In the package, docstrings name an equation by its label, of which the pages of the package make a
link. A listing shows the file as it is, so there the number has to be put in.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

BLANK = re.compile(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z")
EQUATION = re.compile(r"(Book:\s+)?:eq:`([\w-]+)`")


def trim(app: Sphinx, doctree: nodes.document) -> None:
    """Take blank lines away from both ends of the listings of the page that was just read."""
    for wrapper in doctree.findall(nodes.container):
        for block in wrapper.children if wrapper.get("literal_block") else ():
            if isinstance(block, nodes.literal_block) and BLANK.search(block.astext()):
                say(block, BLANK.sub("", block.astext()))


def say(block: nodes.literal_block, text: str) -> None:
    """Give a block another text. Sphinx marks code where text and source are equal."""
    block.rawsource = text
    block.children = [nodes.Text(text)]


class Equations(SphinxPostTransform):
    """Puts numbers into the docstrings of listings, when all of them are known."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Go over the blocks of code."""
        for block in self.document.findall(nodes.literal_block):
            if ":eq:`" in block.astext():
                say(block, EQUATION.sub(self.named, block.astext()))

    def named(self, role: re.Match) -> str:
        """Return the number of an equation; its role if there is no such equation."""
        number = number_of(self.env, role[2])
        lead = f"{role[1]}equation " if role[1] else ""
        return f"{lead}({number})" if number else role[0]


def number_of(env: BuildEnvironment, label: str) -> str:
    """Return the number that the site shows for an equation, or nothing."""
    page, _ = env.get_domain("math").equations.get(label, ("", 0))
    numbers = env.toc_fignumbers.get(page, {}).get("displaymath", {})
    return ".".join(map(str, numbers.get(nodes.make_id(f"equation-{label}"), ())))


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read, and once more before it is written."""
    app.connect("doctree-read", trim)
    app.add_post_transform(Equations)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
