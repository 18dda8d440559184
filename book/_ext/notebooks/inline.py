"""Markdown for what stands inside a line: emphasis, formulas, code, links, citations, pictures."""

import base64
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path

from docutils import nodes

#: The text of a link to something by its number: (60), Fig. 4.3, Theorem A.1.
NUMBERED = re.compile(r"(\(|\w+\.? )(\w+\.)?\d+\)?")
SILENT = (nodes.Invisible, nodes.raw, nodes.system_message, nodes.transition)


class Inline:
    """Writes what is inside a line.

    Parameters
    ----------
    link : callable
        ``link(address)`` gives the public address of a link inside the book, or None.
    title : callable
        ``title(address)`` gives the title of the page that a link inside the book leads to, or None
        if that is the page itself.
    picture : callable
        ``picture(node)`` gives the file of an image.
    """

    def __init__(
        self,
        *,
        link: Callable[[str], str | None],
        title: Callable[[str], str | None],
        picture: Callable[[nodes.Element], Path],
    ) -> None:
        self.link, self.title, self.picture = link, title, picture
        self.attachments: dict[str, dict] = {}  # the pictures of the cell that is being written

    def inline(self, node: nodes.Node) -> str:
        """Return the Markdown of a node inside a line."""
        if isinstance(node, nodes.Text):
            return re.sub(r"([\\`*_$<\[\]])", r"\\\1", node.astext())
        if isinstance(node, nodes.math):
            return f"${node.astext()}$"
        if isinstance(node, nodes.literal):
            return _code(node.astext())
        if isinstance(node, nodes.image):
            return self.image(node)
        if isinstance(node, nodes.footnote_reference):
            return f"<sup>{node.astext()}</sup>"
        if isinstance(node, SILENT):
            return ""
        text = "".join(self.inline(child) for child in node.children)
        if isinstance(node, nodes.reference):
            return self.reference(node, text)
        if "bibtex-citation" in node.get("classes", ()):
            return text.replace(r"\[", "(").replace(r"\]", ")")
        if isinstance(node, nodes.emphasis):
            return f"*{text}*"
        if isinstance(node, nodes.strong):
            return f"**{text}**"
        return text

    def reference(self, node: nodes.reference, text: str) -> str:
        """Return a link where it works outside the site, else its text."""
        address = place = node.get("refuri", "")
        if node.get("internal"):
            address = self.link(address) if address else None
        if address:
            return f"[{text}]({address})"
        if NUMBERED.fullmatch(node.astext()) and (title := self.title(place)):
            return f"{text} in *{title}*"  # alone it would be looked for in this notebook
        return f"*{text}*" if next(node.findall(_names_a_page), None) else text

    def image(self, node: nodes.image) -> str:
        """Put a picture into the cell."""
        path = self.picture(node)
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        self.attachments[path.name] = {kind: base64.b64encode(path.read_bytes()).decode("ascii")}
        return f"![{node.get('alt', '')}](attachment:{path.name})"


def _names_a_page(node: nodes.Node) -> bool:
    classes = node.get("classes", ()) if isinstance(node, nodes.Element) else ()
    return "doc" in classes or "std-ref" in classes


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"
