"""Something folded, for pages that are made: its first line shows, the rest when it is pressed."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


class Fold(nodes.General, nodes.Element):
    """What is folded: a `FoldTitle` and all the rest."""


class FoldTitle(nodes.Part, nodes.TextElement):
    """The first line of what is folded."""


def _open(translator: HTML5Translator, node: Fold) -> None:
    translator.body.append('<details class="nn-fold">')


def _close(translator: HTML5Translator, node: Fold) -> None:
    translator.body.append("</details>")


def _open_title(translator: HTML5Translator, node: FoldTitle) -> None:
    translator.body.append("<summary>")


def _close_title(translator: HTML5Translator, node: FoldTitle) -> None:
    translator.body.append("</summary>")


def setup(app: Sphinx) -> dict:
    """Tell Sphinx how the two are written."""
    app.add_node(Fold, html=(_open, _close))
    app.add_node(FoldTitle, html=(_open_title, _close_title))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
