"""What is said of the book as a whole: the role `so-far`, the directive `where-it-is`.

`` {so-far}`claims` `` is the number of claims with its noun, `` {so-far}`Components` `` how many
chapters a part has, and the hours that their text takes, `` {so-far}`first run` `` what the first
Run of a cell fetches. `{where-it-is}` is a line of links to the
repository, the license and the way to cite the book; nothing, while the book has no address.
"""

import tempfile
from pathlib import Path

import problems
from address import read
from browser import OWN, PYTHON, pack
from claims.ledger import CLAIMS
from docutils import nodes
from slim import light
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from finding.facts import SHOWING, hours, parts, several


class SoFar(nodes.Inline, nodes.TextElement):
    """A place for words that are known when all pages are read."""


class SoFarRole(SphinxRole):
    """Leaves a place."""

    def run(self) -> tuple[list[nodes.Node], list]:
        """Return the place; the page follows what it says."""
        SHOWING(self.env)[self.env.docname] = True
        CLAIMS.shown_here(self.env)
        known = ["claims", "first run", *(part.title for part in parts(self.env))]
        if self.text not in known:
            message = f"so-far: expected one of {', '.join(known)}, got {self.text!r}"
            problems.add(self.env, self.env.docname, message)
        return [SoFar("", of=self.text)], []


class WhereItIs(SphinxDirective):
    """Leads to the repository."""

    def run(self) -> list[nodes.Node]:
        """Return the line."""
        return where_it_is(read(Path(self.env.srcdir).parent).repository)


def where_it_is(repository: str) -> list[nodes.Node]:
    """Return the links into a repository."""
    if not repository:
        return []
    there = {"Repository": "", "License": "/blob/main/LICENSE", "Cite": "/blob/main/CITATION.cff"}
    line = nodes.paragraph(classes=["nn-where"])
    for i, (name, path) in enumerate(there.items()):
        line += [nodes.Text(" · ")] * bool(i)
        line += nodes.reference("", name, refuri=repository + path)
    return [line]


def words(env: BuildEnvironment, of: str) -> str:
    """Return what is said of the claims, or of a part."""
    if of == "claims":
        return several(len(CLAIMS.rows(env)), "claim", "claims")
    if of == "first run":
        return f"about {first_run() / 1e6:.0f} MB"
    for part in parts(env):
        if part.title == of:
            chapters = several(len(part.pages), "chapter", "chapters")
            return f"{chapters}, {several(hours(env, part.pages), 'hour', 'hours')} of reading"
    return of


def first_run() -> int:
    """Return the bytes that a page fetches when a reader first runs a cell that needs NumPy."""
    with tempfile.TemporaryDirectory() as temporary:
        package = Path(temporary, "nnbook.zip")
        pack("nnbook", OWN["nnbook"], package)
        files = [package]
        if PYTHON.exists():
            there = light(PYTHON)
            files += [*there.glob("pyodide*"), there / "python_stdlib.zip", *there.glob("numpy*")]
        return sum(file.stat().st_size for file in files)


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the words in their places."""
    for place in list(doctree.findall(SoFar)):
        place.replace_self(nodes.Text(words(app.env, place["of"])))


def setup(app: Sphinx) -> dict:
    """Add the role and the directive."""
    app.add_node(SoFar)
    app.add_directive("where-it-is", WhereItIs)
    app.add_role("so-far", SoFarRole())
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
