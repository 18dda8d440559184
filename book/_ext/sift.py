"""Tables that a reader can sort, filter and search. Without scripts, and on paper, they are whole.

- A column whose head has the class `SORTS` gets a button that sorts by it: by the numbers that
  `key` leaves in its cells, else by their text.
- ``{sift} papers`` puts fields over the tables of its section: a choice for each name that `field`
  gave its rows, one of the tables (named by ``:tables:``), and words to search for. Its content
  says what to try. It is shown where scripts run.

The program and its style are in `book/_play/tables`; only pages that have such tables load them.
"""

import shutil
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

PROGRAMS = Path(__file__).resolve().parents[1] / "_play" / "tables"
#: The class of a column's head by which the rows can be sorted.
SORTS = "nn-sorts"


class Datum(nodes.inline):
    """What a program reads in a cell: the number behind words, or what a row is chosen by."""


class Sift(nodes.Invisible, nodes.Element):
    """The place of the fields; inside it are the words that say what to try."""


def key(text: str, value: float) -> Datum:
    """Return a text with the number by which it is sorted."""
    return Datum("", text, value=value)


def field(name: str, word: str, order: int = 0) -> Datum:
    """Return what nobody sees, by which a row can be chosen, and the word's place among others."""
    return Datum("", "", field=name, word=word, order=order)


class SiftDirective(SphinxDirective):
    """Puts fields here that choose among the rows of this section's tables."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"tables": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Leave the place of the fields."""
        if "tables" not in self.options or not self.content:
            raise self.error("fields over tables need :tables: and words that say what to try")
        options = {"rows": self.arguments[0], "tables": self.options["tables"]}
        words = self.parse_content_to_nodes()
        return [Sift("", *words, classes=["nn-no-paper"], **options)]


def _open(translator: HTML5Translator, node: Sift) -> None:
    told = "".join(f' data-{name}="{escape(node[name])}"' for name in ("rows", "tables"))
    translator.body.append(f'<div class="nn-sift" hidden{told}><div class="nn-try">')


def _close(translator: HTML5Translator, node: Sift) -> None:
    translator.body.append("</div></div>")


def _open_datum(translator: HTML5Translator, node: Datum) -> None:
    if "value" in node:
        translator.body.append(f'<data value="{node["value"]}">')
    else:
        told = (f' data-{name}="{escape(str(node[name]))}"' for name in ("field", "word", "order"))
        translator.body.append(f"<span{''.join(told)}>")


def _close_datum(translator: HTML5Translator, node: Datum) -> None:
    translator.body.append("</data>" if "value" in node else "</span>")


def add_script(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give program and style to the pages that have such tables."""
    asks = doctree is not None and doctree.next_node(
        lambda n: isinstance(n, nodes.entry) and SORTS in n["classes"]
    )
    if app.builder.name == "html" and asks:
        app.add_js_file("tables/sift.js", loading_method="defer")
        app.add_css_file("tables/sift.css")


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put program and style into the site."""
    if not error and app.builder.name == "html":
        shutil.copytree(PROGRAMS, Path(app.outdir, "_static", "tables"), dirs_exist_ok=True)


def setup(app: Sphinx) -> dict:
    """Offer the fields, and give their program to the pages that need it."""
    app.add_directive("sift", SiftDirective)
    app.add_node(Sift, html=(_open, _close))
    app.add_node(Datum, html=(_open_datum, _close_datum))
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
