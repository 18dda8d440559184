"""Markdown for what stands on lines of its own: headings, lists, tables, boxes, formulas."""

import re
import textwrap
from collections.abc import Callable

from asking.markup import letter
from docutils import nodes

from notebooks.inline import SILENT, Inline

LANGUAGES = {"default": "python", "ipython3": "python", "ipython": "python", "none": "", "text": ""}


def is_code(node: nodes.Node) -> bool:
    """Return whether a node is a code cell."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


class Blocks(Inline):
    """Writes blocks; a kind of node that has no method of its own is written as what is inside it.

    Parameters
    ----------
    number : callable
        ``number(node)`` gives the number of a figure, an equation, an exercise or a theorem, or "".
    chapter : str
        The number or letter of the page, or "".
    """

    def __init__(
        self, *, number: Callable[[nodes.Element], str], chapter: str = "", **inline: Callable
    ) -> None:
        super().__init__(**inline)
        self.number, self.chapter = number, chapter
        self.blocks: list[str] = []
        self.depth = 0

    def children(self, node: nodes.Element) -> None:
        """Write what is inside a node."""
        for child in node.children:
            self.block(child)

    def block(self, node: nodes.Node) -> None:
        """Write one node that stands on lines of its own."""
        if isinstance(node, SILENT):
            pass
        elif method := getattr(self, f"_{type(node).__name__}", None):
            method(node)
        elif isinstance(node, nodes.Admonition):
            self.admonition(node)
        elif isinstance(node, (nodes.TextElement, nodes.Text)):
            self.add(self.inline(node))
        else:
            self.children(node)

    def add(self, text: str) -> None:
        """Add a block of Markdown."""
        if text.strip():
            self.blocks.append(text.strip("\n"))

    def _section(self, node: nodes.section) -> None:
        self.depth += 1
        self.children(node)
        self.depth -= 1

    def _title(self, node: nodes.title) -> None:
        number = f"{self.chapter}. " if self.chapter and self.depth == 1 else ""
        self.add(f"{'#' * max(self.depth, 1)} {number}{self.inline(node)}")

    def _literal_block(self, node: nodes.literal_block) -> None:
        language = node.get("language", "")
        code = textwrap.dedent(node.astext()).strip("\n")
        fence = max([*re.findall(r"^`+", code, re.MULTILINE), "``"], key=len) + "`"
        self.add(f"{fence}{LANGUAGES.get(language, language)}\n{code}\n{fence}")

    _doctest_block = _literal_block

    def _math_block(self, node: nodes.math_block) -> None:
        tex = node.astext().strip()
        if node.get("nowrap"):  # an environment that brings its own display
            self.add(tex)
            return
        if r"\\" in tex and r"\begin" not in tex:
            tex = f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}"
        if node.get("label"):
            tex += f" \\tag{{{self.number(node)}}}"  # node["number"] counts within the page
        self.add(f"$$\n{tex}\n$$")

    def _figure(self, node: nodes.figure) -> None:
        drawn = any(is_code(parent) for parent in _parents(node))
        for child in node.children:
            if isinstance(child, nodes.caption):
                number = self.number(node)
                self.add(f"*{f'Fig. {number}: ' if number else ''}{self.inline(child)}*")
            elif not (drawn and isinstance(child, nodes.image)):  # the cell draws it again
                self.block(child)

    def _image(self, node: nodes.image) -> None:
        self.add(self.inline(node))

    def _bullet_list(self, node: nodes.bullet_list) -> None:
        self.items(node, lambda i: "- ")

    def _enumerated_list(self, node: nodes.enumerated_list) -> None:
        first = node.get("start", 1)
        self.items(node, lambda i: f"{first + i}. ")

    def items(self, node: nodes.Element, mark: Callable[[int], str]) -> None:
        """Write the items of a list, each behind its mark."""
        lines = []
        for i, item in enumerate(node.children):
            start = mark(i)
            lines.append(start + textwrap.indent(self.nested(item), " " * len(start)).lstrip())
        self.add("\n".join(lines))

    def _definition_list_item(self, node: nodes.definition_list_item) -> None:
        terms = ", ".join(self.inline(n) for n in node.children if isinstance(n, nodes.term))
        text = "\n\n".join(self.nested(n) for n in node.children if isinstance(n, nodes.definition))
        self.add(f"**{terms}.** {text}")

    def _block_quote(self, node: nodes.block_quote) -> None:
        self.add(_quote(self.nested(node)))

    def _footnote(self, node: nodes.footnote) -> None:
        label, *rest = node.children
        text = "\n\n".join(self.nested(child) for child in rest)
        self.add(f"<sup>{label.astext()}</sup> {text}")

    def _paragraph(self, node: nodes.paragraph) -> None:
        self.add(self.inline(node))

    def _proof_node(self, node: nodes.Element) -> None:
        self.children(node)  # the box is inside it once more

    def _sd_tab_label(self, node: nodes.Element) -> None:
        self.add(f"**{self.inline(node)}**")

    def _PlayPlace(self, node: nodes.Element) -> None:
        self.add("*On the book's site the figure above can be played with.*")

    def _rubric(self, node: nodes.rubric) -> None:
        self.add(f"**{self.inline(node)}**")

    def _table(self, node: nodes.table) -> None:
        rows = [
            [_line(self.nested(entry)).replace("|", r"\|") for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        if not any(node.findall(nodes.thead)):
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        self.add("\n".join(f"| {' | '.join(row)} |" for row in rows))
        for title in node.children:
            if isinstance(title, nodes.title):
                self.add(f"*{self.inline(title)}*")

    def _Hint(self, node: nodes.Element) -> None:
        call = f'from nnbook.teaching import hint; hint("{node["name"]}")'
        self.add(f"*Stuck? Run this for a hint, and once more for the second:* `{call}`")

    def _Question(self, node: nodes.Element) -> None:
        asked, *options, answers = node.children
        self.add(f"**Question.** {self.nested(asked)}")
        self.add("\n".join(f"- **{letter(o['index'])})** {_line(self.inline(o))}" for o in options))
        reasons = []
        for i, reason in enumerate(answers.children):
            words = f"**{letter(i)})** {self.nested(reason)}"
            reasons.append("- " + textwrap.indent(words, "  ").lstrip())
        lines = "\n".join(reasons)
        self.add(f"<details><summary>Answer</summary>\n\n{lines}\n\n</details>")

    def admonition(self, node: nodes.Element) -> None:
        """Write a titled box: as a quotation, or openly when it holds code cells."""
        title, rest = "", list(node.children)
        if rest and isinstance(rest[0], nodes.title):
            title = self.box_title(node, rest.pop(0))
        body = nodes.container("", *[child.deepcopy() for child in rest])
        if next(node.findall(is_code), None) or type(node).__name__.startswith("exercise"):
            self.add(f"**{title}**")
            for child in rest:
                self.children(child) if isinstance(child, nodes.section) else self.block(child)
        else:
            self.add(_quote(f"**{title}**\n\n{self.nested(body)}" if title else self.nested(body)))

    def box_title(self, node: nodes.Element, title: nodes.title) -> str:
        """Return "Exercise 3 (its name)", "Theorem 1 (its name)", "Note"."""
        text = _line(self.inline(title))
        kind = type(node).__name__
        if kind.startswith("exercise") or "proof" in node["classes"]:
            name = node.get("realtype", "exercise").capitalize()
            return _line(f"{name} {self.number(node)} {text}")
        return text

    def nested(self, node: nodes.Element) -> str:
        """Return the Markdown of what is inside a node."""
        outer, self.blocks = self.blocks, []
        self.children(node)
        inner, self.blocks = "\n\n".join(self.blocks), outer
        return inner


def _parents(node: nodes.Node) -> list[nodes.Node]:
    return [] if node.parent is None else [node.parent, *_parents(node.parent)]


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _line(text: str) -> str:
    return " ".join(text.split())
