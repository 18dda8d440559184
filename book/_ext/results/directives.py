"""What a page writes to show results. Each leaves a place, which `results` fills."""

from collections.abc import Iterable
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from kept import Kept
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from results.numbers import shown_here

#: Of each page what it asks for: numbers, tasks and claims, each with its line.
ASKED = Kept("results_asked")


class ResultsPlace(nodes.General, nodes.Element):
    """The place of a table, a figure or a claim, with what was asked for."""


class ResultsWhere(nodes.General, nodes.Element):
    """Content that is shown only where a task is present, or absent."""


class ResultNumber(nodes.Inline, nodes.TextElement):
    """The place of a number in a sentence."""


class ResultRole(SphinxRole):
    """Puts a number of any page's result into a sentence."""

    def run(self) -> tuple[list[nodes.Node], list]:
        """Leave a place that is filled when every page has been read."""
        shown_here(self.env)
        where = self.env.temp_data.get("nnbook_results_where")
        asked(self.env, "number").append((self.text, self.lineno, where))
        return [ResultNumber(self.rawtext, "", classes=["pasted-text"], asked=self.text)], []


class ResultsTable(SphinxDirective):
    """Puts the tables of all tasks, of one, or a summary here."""

    option_spec: ClassVar = {"task": directives.unchanged_required, "summary": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        shown_here(self.env)
        task = self.options.get("task")
        if task:
            asked(self.env, "task").append((task, self.lineno))
        what = "summary" if "summary" in self.options else "table"
        return [ResultsPlace(what=what, task=task)]


class ResultsFigure(SphinxDirective):
    """Puts a figure here: the score of each network of a task against its size or its time."""

    has_content = True
    option_spec: ClassVar = {
        "task": directives.unchanged_required,
        "against": lambda text: directives.choice(text, ("parameters", "seconds")),
        "name": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Make the figure, with a place for the picture."""
        if "task" not in self.options or not self.content:
            raise self.error("a figure of results needs :task: and a caption")
        shown_here(self.env)
        task = self.options["task"]
        asked(self.env, "task").append((task, self.lineno))
        figure = nodes.figure()
        place = ResultsPlace(what="figure", task=task)
        place["against"] = self.options.get("against", "parameters")
        figure += place
        caption = self.parse_content_to_nodes()[0]
        figure += nodes.caption(caption.rawsource, "", *caption.children)
        self.set_source_info(figure)
        self.set_source_info(figure[-1])
        self.add_name(figure)
        return [cell([figure])]


class ResultsClaims(SphinxDirective):
    """Claims something about the results of several pages."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        self.assert_has_content()
        shown_here(self.env)
        lines = [" ".join(line.split()) for line in self.content if line.strip()]
        where = self.env.temp_data.get("nnbook_results_where")
        asked(self.env, "claim").extend((line, self.lineno, where) for line in lines)
        return [ResultsPlace(what="claim", task=None, lines=lines)]


class ResultsWhereDirective(SphinxDirective):
    """Shows its content only where a task is present, or absent."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"absent": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Keep the content, to be dropped when every page has been read."""
        shown_here(self.env)
        where = (self.arguments[0], "absent" not in self.options)
        self.env.temp_data["nnbook_results_where"] = where
        content = self.parse_content_to_nodes()
        del self.env.temp_data["nnbook_results_where"]
        return [ResultsWhere("", *content, where=where)]


def cell(content: Iterable[nodes.Node]) -> nodes.container:
    """Return what looks like a cell's output: the style sheet knows claims and figures by it."""
    output = nodes.container("", *content, classes=["cell_output"])
    return nodes.container("", output, classes=["cell"])


def asked(env: BuildEnvironment, what: str) -> list:
    """Return what the page that is being read asks for, to be added to."""
    return ASKED(env).setdefault(env.docname, {}).setdefault(what, [])
