"""Say of each page what it is about: its description, and the card of a link that is sent to it.

The description is that of the page's front matter (`myst: html_meta: description:`), else its first
sentences. A sentence with a formula in it is passed over, since nobody typesets it there.
"""

import re
from collections.abc import Iterator
from html import escape, unescape

from docutils import nodes
from sphinx.application import Sphinx

ENOUGH, MOST = 90, 200  # letters
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[“\"(A-Z0-9])")
GIVEN = re.compile(r'<meta[^>]*(?<= )name="description"[^>]*>')
CONTENT = re.compile(r'content="([^"]*)"')
#: Paragraphs inside of these are not the page's own words to begin with.
ASIDE = (nodes.Admonition, nodes.figure, nodes.table, nodes.list_item, nodes.footnote)
FORMULA = "\0"
#: Pages whose title stands in their template alone.
TITLES = {"search": "Search", "genindex": "Index"}


def describe(doctree: nodes.document) -> str:
    """Return the first sentences of a page, whole as long as they are not too long."""
    found = ""
    for sentence in sentences(doctree):
        longer = f"{found} {sentence}".strip()
        if found and len(longer) > MOST:
            break
        found = longer
        if len(found) >= ENOUGH:
            break
    return found if len(found) <= MOST else found[: found.rindex(" ", 0, MOST)] + " …"


def sentences(doctree: nodes.document) -> Iterator[str]:
    """Yield the sentences of a page's text that have no formula."""
    for paragraph in doctree.findall(nodes.paragraph):
        if not any(isinstance(node, ASIDE) or is_cell(node) for node in above(paragraph)):
            for sentence in SENTENCE.split(words(paragraph).strip()):
                if sentence and FORMULA not in sentence:
                    yield sentence


def above(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node stands in, from within."""
    while node.parent is not None:
        node = node.parent
        yield node


def is_cell(node: nodes.Node) -> bool:
    """Return whether this is a code cell with its outputs."""
    return isinstance(node, nodes.container) and "nb_element" in node


def words(node: nodes.Node) -> str:
    """Return the text of a paragraph in one line, with a mark for each formula."""
    if isinstance(node, (nodes.math, nodes.math_block)):
        return FORMULA
    if isinstance(node, nodes.Text):
        return re.sub(r"\s+", " ", node.astext())
    return "".join(words(child) for child in node.children)


def add(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Put the description and the card into the head of a page."""
    if app.builder.name != "html":
        return
    book, tags = app.config.html_title, context.get("metatags", "")
    title = context.get("title") or context.get("indextitle") or TITLES.get(page, book)
    title = unescape(re.sub(r"<[^>]*>", "", str(title)))  # those of indices are translated late
    if given := GIVEN.search(tags):
        about = unescape(CONTENT.search(given[0])[1])
    else:
        about = doctree is not None and describe(doctree).strip()
        about = about or (f"{title}: a page of the book {book}." if title != book else book)
        tags += f'\n<meta name="description" content="{escape(about)}" />'
    card = {
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": book,
        "og:title": title,
        "og:description": about,
    }
    picture = doctree is not None and first_picture(app, doctree)
    if address := context.get("pageurl"):
        card["og:url"] = address
        if picture:
            card["og:image"] = f"{app.config.html_baseurl.rstrip('/')}/{picture}"
    for name, content in card.items():
        tags += f'\n<meta property="{name}" content="{escape(content)}" />'
    large = "summary_large_image" if "og:image" in card else "summary"
    context["metatags"] = f'{tags}\n<meta name="twitter:card" content="{large}" />\n'


def first_picture(app: Sphinx, doctree: nodes.document) -> str:
    """Return where in the site the first picture of a written page is; "" if it has none."""
    folder = f"{app.builder.imagedir}/"
    for image in doctree.findall(nodes.image):
        _, inside, name = image["uri"].partition(folder)
        if inside and name.endswith(".png"):
            return folder + name
    return ""


def setup(app: Sphinx) -> dict:
    """Connect to the pages."""
    app.connect("html-page-context", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
