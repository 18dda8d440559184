"""The directive `{play}`, and what it leaves in the page."""

from html import escape
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from kept import Kept
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

#: Of each page what its figures to play with ask for.
ASKED = Kept("play_asked")


class PlayPlace(nodes.General, nodes.Element):
    """The place of a figure to play with; inside it are the words that say what to try."""


class Play(SphinxDirective):
    """Puts a figure to play with here."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "still": directives.unchanged_required,
        "data": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "ask": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Leave a place, and note what it asks for."""
        for option in ("still", "alt"):
            if option not in self.options:
                raise self.error(f"a figure to play with needs :{option}:")
        if not self.content:
            raise self.error("a figure to play with needs words that say what to try")
        asked = {
            "name": self.arguments[0],
            "still": nodes.make_id(self.options["still"]),
            "data": self.options.get("data", "").split(),
            "line": self.lineno,
        }
        ASKED(self.env).setdefault(self.env.docname, []).append(asked)
        words = self.parse_content_to_nodes()
        options = {key: self.options.get(key, "") for key in ("alt", "ask")}
        return [PlayPlace("", *words, asked=asked, page=self.env.docname, **options)]


def _open(translator: HTML5Translator, node: PlayPlace) -> None:
    from play.files import needed  # which reads the programs of this build

    asked = node["asked"]
    data = {
        "play": asked["name"],
        "still": asked["still"],
        "data": " ".join(asked["data"]),
        "key": node["page"],
        "files": " ".join(needed(asked["name"], node["page"], asked["data"])),
    }
    attributes = " ".join(f'data-{key}="{escape(value)}"' for key, value in data.items())
    ask = f'<button type="button" class="play-ask">{escape(node["ask"])}</button>'
    translator.body.append(
        f'<div class="play" {attributes}>'
        f'<div class="play-stage" role="group" aria-label="{escape(node["alt"])}"></div>'
        f'{ask if node["ask"] else ""}<div class="play-try">'
    )


def _close(translator: HTML5Translator, node: PlayPlace) -> None:
    never = "Where scripts run, the figure above can be played with."
    translator.body.append(f'</div><noscript><p class="play-never">{never}</p></noscript></div>')


def setup(app: Sphinx) -> dict:
    """Offer the directive."""
    app.add_directive("play", Play)
    app.add_node(PlayPlace, html=(_open, _close))
    ASKED.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
