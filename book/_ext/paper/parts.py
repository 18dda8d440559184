"""Arrange the chapters for LaTeX: a title page, what the landing page says, parts and chapters.

LaTeX gets all pages in one tree, in which the chapters stand below the landing page. Here they
become its neighbours, each part behind its name. The page of the index is left out, since LaTeX
makes the index itself. The landing page says first what is different on paper.
"""

from chapter_numbers import number
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import LATEX, PaperTransform

INDEX = "genindex"
FIRST = "About this book"
DIFFERENT = (
    "On paper nothing moves, and nothing can be pressed. Where the text tells you to press Play or "
    "Run, it speaks of the book's site. Of an animation some frames stand here, and of a figure "
    "that can be played with you find the address. A figure for which a page has no room stands at "
    "the head of the next one. Code that only draws is left out. Hints and the answers to the "
    "quick questions are at the end of each chapter, solutions in an appendix."
)


class Arrange(PaperTransform):
    """Moves the chapters out of the landing page."""

    default_priority = 0
    only = (LATEX,)

    def change(self) -> None:
        """Put the pages into their order."""
        files = {file["docname"]: file for file in self.document.findall(addnodes.start_of_file)}
        for file in files.values():
            for child in file.children:
                child.parent = file  # Sphinx left them with their former parent
        for name in (INDEX,):
            if name in files:
                files[name].parent.remove(files.pop(name))
        ordered: list[nodes.Node] = []
        for tree in self.env.external_site_map.root.subtrees:
            pages = [files[page] for page in map(str, tree.items) if page in files]
            if tree.caption and pages:
                ordered.append(nodes.raw("", f"\\part{{{tree.caption}}}\n", format="latex"))
            ordered += pages
        for name, file in files.items():
            title = next((c for c in file.children if isinstance(c, nodes.section)), None)
            if title is not None and file in ordered:
                if own := number(self.env, name):  # so it is in contents and running heads, too
                    title[0].insert(0, nodes.Text(f"{own}. "))
                title.insert(1, nodes.raw("", f"\\nnstart{{{name}}}", format="latex"))
        for page in ordered:
            if page.parent is not None:
                page.parent.remove(page)
        for wrapper in list(self.document.findall(nodes.compound)):
            if "toctree-wrapper" in wrapper["classes"] and not wrapper.next_node(
                addnodes.start_of_file
            ):
                wrapper.parent.remove(wrapper)
        self.preface()
        self.document += ordered

    def preface(self) -> None:
        """Make a chapter of the landing page, whose title is that of the book."""
        landing = next((c for c in self.document.children if isinstance(c, nodes.section)), None)
        if landing is None:
            return
        title, *rest = landing.children
        landing.children = [title]
        if rest:
            self.document += nodes.section("", nodes.title("", FIRST), *rest, ids=["preface"])


class Different(PaperTransform):
    """Tells the readers of the first page what is different on paper."""

    default_priority = 1

    def change(self) -> None:
        """Put it behind the title."""
        sections = list(self.document.findall(nodes.section))
        if self.app.builder.name == LATEX:
            sections = [section for section in sections if "preface" in section["ids"]]
        elif self.env.docname != self.app.config.root_doc:
            sections = []
        for section in sections[:1]:
            section.insert(1, nodes.paragraph("", DIFFERENT))


def setup(app: Sphinx) -> dict:
    """Arrange before anything else looks at the tree."""
    app.add_post_transform(Arrange)
    app.add_post_transform(Different)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
