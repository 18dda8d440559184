"""What several of the parts ask: whether this is paper, on which page a node is, its number."""

from docutils import nodes
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

LATEX, EPUB = "latex", "epub"


def label_of(words: nodes.Element) -> nodes.paragraph:
    """Return the words of an element as a label, which `breaks` keeps with what it names."""
    return nodes.paragraph("", "", nodes.strong("", "", *words.children), classes=["nnlabel"])


class PaperTransform(SphinxPostTransform):
    """A change of the pages that only paper needs."""

    only = (LATEX, EPUB)

    def run(self, **kwargs: object) -> None:
        """Change the pages, if they are for paper."""
        if self.app.builder.name in self.only:
            self.change()

    def change(self) -> None:
        """Change the pages."""
        raise NotImplementedError


def page_of(app: Sphinx, node: nodes.Node) -> str:
    """Return the page that a node is from; for LaTeX all pages are in one tree."""
    while node is not None:
        if isinstance(node, start_of_file):
            return node["docname"]
        node = node.parent
    return app.env.temp_data.get("docname") or app.config.root_doc


def number_of(app: Sphinx, node: nodes.Element, page: str | None = None) -> str:
    """Return the number that the site shows for a node, or nothing."""
    for numbers in app.env.toc_fignumbers.get(page or page_of(app, node), {}).values():
        for name in node.get("ids", ()):
            if name in numbers:
                return ".".join(map(str, numbers[name]))
    return ""


def address(app: Sphinx, page: str, anchor: str = "") -> str:
    """Return where the site shows something, in full if the configuration knows the site."""
    base = (app.config.html_baseurl or "").rstrip("/")
    place = f"{page}.html" + (f"#{anchor}" if anchor else "")
    return f"{base}/{place}" if base else place


def link_to(app: Sphinx, page: str, anchor: str = "") -> nodes.Element:
    """Return the address of something on the site, as a link if it is a whole one."""
    where = address(app, page, anchor)
    if "://" in where:
        return nodes.reference("", where, refuri=where, internal=False)
    return nodes.literal("", where)
