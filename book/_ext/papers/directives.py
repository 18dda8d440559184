"""What a page writes to show papers. Each leaves a place, which `pages` fills."""

from typing import ClassVar

import sift
from docutils import nodes
from docutils.parsers.rst import directives
from kept import Kept
from sphinx.util.docutils import SphinxDirective, SphinxRole

from papers.rows import ROWS

SORTED = ("Paper", "Verdict")
COLUMNS = (("Paper", 38), ("Setting here", 22), ("What came out", 26), ("Verdict", 14))
#: Of each page the numbers and claims that it asks for, each with its line.
ASKED = Kept("papers_asked")
PART = "nnbook_papers_part"  # while a table is being read


class PaperPlace(nodes.General, nodes.Element):
    """The place of something that is known when every page has been read."""


class PaperNumber(nodes.Inline, nodes.TextElement):
    """The place of a number in a sentence."""


class NumberRole(SphinxRole):
    """Puts a kept value, or a count of rows, into a sentence."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def run(self) -> tuple[list[nodes.Node], list]:
        """Leave a place that is filled when every page has been read."""
        asked = ASKED(self.env).setdefault(self.env.docname, {})
        asked.setdefault(self.what, []).append((self.text, self.lineno))
        place = PaperNumber(self.rawtext, "", classes=["pasted-text"], asked=self.text)
        place["what"] = self.what
        return [place], []


class PapersDirective(SphinxDirective):
    """A table of papers."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the table of the rows inside."""
        self.env.temp_data[PART] = self.arguments[0]
        rows = [n for n in self.parse_content_to_nodes() if isinstance(n, nodes.row)]
        del self.env.temp_data[PART]
        if not rows:
            raise self.error("a table of papers needs rows: {paper} directives")
        name = nodes.make_id(f"papers-{self.arguments[0]}")
        table = nodes.table("", classes=["nn-papers"], ids=[name])
        group = nodes.tgroup("", cols=len(COLUMNS))
        table += [nodes.title("", self.arguments[0], classes=["text-start"]), group]
        group += [nodes.colspec("", colwidth=width) for _, width in COLUMNS]
        heads = [
            nodes.entry("", nodes.paragraph("", title), classes=[sift.SORTS] * (title in SORTED))
            for title, _ in COLUMNS
        ]
        group += nodes.thead("", nodes.row("", *heads))
        group += nodes.tbody("", *rows)
        return [table]


class PaperDirective(SphinxDirective):
    """A row: a claim of a paper, and what came out here."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(
        ("cite", "kind", "verdict", "claims", "see", "setting", "run", "number", "ours"),
        directives.unchanged,
    )

    def run(self) -> list[nodes.Node]:
        """Keep what the row says, and leave places for what is known later."""
        if PART not in self.env.temp_data:
            raise self.error("{paper} is a row of a table: put it inside {papers}")
        paragraphs = [n for n in self.parse_content_to_nodes() if isinstance(n, nodes.paragraph)]
        if len(paragraphs) != 2:
            told = "two paragraphs: what the paper says, and what we found"
            raise self.error(
                f"the row {self.arguments[0]!r} expected {told}, got {len(paragraphs)}"
            )
        says, found = paragraphs
        row = self._row([n.astext() for n in says.findall(nodes.inline) if "cited" in n["classes"]])
        setting, messages = self.parse_inline(self.options.get("setting", ""))
        works = self.env.get_domain("cite").bibdata.data.entries
        keys = [key for key in row["cite"] if key in works]
        if keys:
            cite, _ = self.parse_inline(f"{{cite:t}}`{','.join(keys)}`")
            says[:0] = [*cite, nodes.Text(": ")]
        rest = nodes.paragraph("", "", *setting)
        cells = [
            [says],
            [rest, self._place("run", row)],
            [found, self._place("rests", row)],
            [self._place("verdict", row)],
        ]
        line = nodes.row("", *(nodes.entry("", *cell) for cell in cells), names=[row["anchor"]])
        self.state.document.note_explicit_target(line, line)
        return [line, *messages]

    def _row(self, cited: list[str]) -> dict:
        """Keep and return the row as it is written."""
        given = {key: " ".join(self.options.get(key, "").split()) for key in self.option_spec}
        row = given | {"name": self.arguments[0], "anchor": f"paper-{self.arguments[0]}"}
        row |= {"cite": given["cite"].split(), "claims": given["claims"].split()}
        row |= {"line": self.lineno, "cited": cited, "part": self.env.temp_data[PART]}
        ROWS(self.env).setdefault(self.env.docname, []).append(row)
        return row

    def _place(self, what: str, row: dict) -> PaperPlace:
        return PaperPlace(what=what, name=row["name"])


class SummaryDirective(SphinxDirective):
    """Puts the count of verdicts here."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        return [PaperPlace(what="summary")]


class PapersClaims(SphinxDirective):
    """Claims something about the counts."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        self.assert_has_content()
        lines = [" ".join(line.split()) for line in self.content if line.strip()]
        asked = ASKED(self.env).setdefault(self.env.docname, {})
        asked.setdefault("claim", []).extend((line, self.lineno) for line in lines)
        return [PaperPlace(what="claims", lines=lines)]


class PapersFigure(SphinxDirective):
    """Puts a figure here: our numbers as shares of the papers'."""

    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make the figure, with a place for the picture."""
        self.assert_has_content()
        figure = nodes.figure()
        figure += PaperPlace(what="figure")
        caption = self.parse_content_to_nodes()[0]
        figure += nodes.caption(caption.rawsource, "", *caption.children)
        self.set_source_info(figure)
        self.set_source_info(figure[-1])
        self.add_name(figure)
        output = nodes.container("", figure, classes=["cell_output"])
        return [nodes.container("", output, classes=["cell"])]
