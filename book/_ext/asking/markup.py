"""What hints and questions are in a page, and how they are written as HTML.

Without a script the second hint stands inside the first, so it shows only when that is open, and
the answers of a question are folded below it. All are kinds of docutils' own nodes, so what writes
anything but HTML writes what is in them.
"""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

ORDER = ("first", "second")
LETTERS = "abcdefgh"


class Hint(nodes.container):
    """A hint: `name` of the exercise, `number`; the second is the last thing in the first."""


class Question(nodes.container):
    """A question: `name`, `several`. It holds its `Asked`, its `Option`s and its `Answers`."""


class Asked(nodes.container):
    """The words of a question."""


class Option(nodes.paragraph):
    """One of the answers to choose from: `index`, `right`."""


class Answers(nodes.container):
    """The reasons of all options, which are folded."""


class Reason(nodes.container):
    """Why an option is right or wrong: `right`, and `mute` if nobody said."""


def letter(index: int) -> str:
    """Return the letter of an option."""
    return LETTERS[index]


def _open_hint(translator: HTML5Translator, node: Hint) -> None:
    about = f'data-hint="{escape(node["name"])}" data-number="{node["number"]}"'
    title = f"A {ORDER[node['number'] - 1]} hint"
    translator.body.append(f'<details class="nn-hint" {about}><summary>{title}</summary>\n')


def _open_question(translator: HTML5Translator, node: Question) -> None:
    kind, several = ("group", " data-several") if node["several"] else ("radiogroup", "")
    place = node["ids"][0]
    translator.body.append(
        f'<div class="nn-question" id="{place}" role="{kind}" aria-labelledby="{place}-asks" '
        f'data-question="{escape(node["name"])}"{several}>\n'
    )


def _open_asked(translator: HTML5Translator, node: Asked) -> None:
    translator.body.append(f'<div class="nn-asks" id="{node.parent["ids"][0]}-asks">\n')


def _open_option(translator: HTML5Translator, node: Option) -> None:
    question, index = node.parent, node["index"]
    kind = "checkbox" if question["several"] else "radio"
    translator.body.append(
        f'<div class="nn-option"><label><input type="{kind}" name="{escape(question["name"])}" '
        f'value="{index}" autocomplete="off"><span class="nn-letter">{letter(index)}</span>'
        '<span class="nn-says">'
    )


def _close_option(translator: HTML5Translator, node: Option) -> None:
    translator.body.append("</span></label></div>\n")


def _open_answers(translator: HTML5Translator, node: Answers) -> None:
    translator.body.append('<details class="nn-answers"><summary>Answer</summary>\n<ol type="a">\n')


def _close_answers(translator: HTML5Translator, node: Answers) -> None:
    translator.body.append("</ol></details>\n")


def _open_reason(translator: HTML5Translator, node: Reason) -> None:
    css = "nn-right" if node["right"] else "nn-wrong"
    translator.body.append(f'<li class="{css}">\n')


def _close(tag: str) -> object:
    return lambda translator, node: translator.body.append(f"</{tag}>\n")


def setup(app: Sphinx) -> dict:
    """Tell Sphinx how they are written."""
    app.add_node(Hint, html=(_open_hint, _close("details")))
    app.add_node(Question, html=(_open_question, _close("div")))
    app.add_node(Asked, html=(_open_asked, _close("div")))
    app.add_node(Option, html=(_open_option, _close_option))
    app.add_node(Answers, html=(_open_answers, _close_answers))
    app.add_node(Reason, html=(_open_reason, _close("li")))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
