"""Results: what the networks of all chapters reached, on one page.

`nnbook.teaching.result` leaves a record in a chapter; here they are collected while the pages are
read, and shown on any page:

- ``{results-table}`` has a table for each task, or for the one in ``:task:``; with ``:summary:`` it
  is one table with a line for each task, the best network beside the best of what is simpler.
- ``{results-figure}`` draws the networks of the task in ``:task:`` against their parameters, or
  with ``:against: seconds`` against the time of their training. Its content is the caption. A task
  is named by its words, or by the name of one of its results.
- ``{results-claims}`` holds the prose to the records. Each line of its content is a claim like
  those in the cells, a name and a comparison: ``a-layer-pays: mnist-dense < mnist-weighted-sum``.
- ``{results-where} task`` shows its content only if there are results of this task, or with
  ``:absent:`` only if there are none: a build without the data has other texts.
- ``{result}`mnist-dense:.1%` `` is a number in a sentence. A name alone stands for the value;
  ``.spread``, ``.parameters`` and ``.seconds`` may follow it, and one ``+``, ``-``, ``*`` or ``/``
  between spaces.

A name that does not exist, or a claim that does not hold, ends the build.
"""

from collections.abc import Iterable
from typing import ClassVar

import problems
from docutils import nodes
from docutils.parsers.rst import directives
from ledger import CLAIMS
from results_figure import draw
from results_numbers import RESULTS, Fault, comparison, written
from results_table import groups, score, summary_table, task_table
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from nnbook.teaching.claims import badge


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
        RESULTS.shown_here(self.env)
        _asked(self.env, "number").append((self.text, self.lineno))
        return [ResultNumber(self.rawtext, "", classes=["pasted-text"], asked=self.text)], []


class ResultsTable(SphinxDirective):
    """Puts the tables of all tasks, of one, or a summary here."""

    option_spec: ClassVar = {"task": directives.unchanged_required, "summary": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        RESULTS.shown_here(self.env)
        task = self.options.get("task")
        if task:
            _asked(self.env, "task").append((task, self.lineno))
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
        RESULTS.shown_here(self.env)
        task = self.options["task"]
        _asked(self.env, "task").append((task, self.lineno))
        figure = nodes.figure()
        place = ResultsPlace(what="figure", task=task)
        place["against"] = self.options.get("against", "parameters")
        figure += place
        caption = self.parse_content_to_nodes()[0]
        figure += nodes.caption(caption.rawsource, "", *caption.children)
        self.set_source_info(figure)
        self.set_source_info(figure[-1])
        self.add_name(figure)
        return [_cell([figure])]


class ResultsClaims(SphinxDirective):
    """Claims something about the results of several pages."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        self.assert_has_content()
        RESULTS.shown_here(self.env)
        lines = [" ".join(line.split()) for line in self.content if line.strip()]
        where = self.env.temp_data.get("nnbook_results_where")
        _asked(self.env, "claim").extend((line, self.lineno, where) for line in lines)
        return [ResultsPlace(what="claim", task=None, lines=lines)]


class ResultsWhereDirective(SphinxDirective):
    """Shows its content only where a task is present, or absent."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"absent": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Keep the content, to be dropped when every page has been read."""
        RESULTS.shown_here(self.env)
        where = (self.arguments[0], "absent" not in self.options)
        self.env.temp_data["nnbook_results_where"] = where
        content = self.parse_content_to_nodes()
        del self.env.temp_data["nnbook_results_where"]
        return [ResultsWhere("", *content, where=where)]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Try everything that the pages ask for; return the pages to write again."""
    RESULTS.refuse_twice(env)
    tasks = {record["task"] for _, record in RESULTS.rows(env)}
    for docname, asked in _pages(env).items():
        for text, line in asked.get("number", []):
            try:
                written(env, text)
            except (Fault, ZeroDivisionError) as fault:
                problems.add(env, docname, f"{{result}}`{text}`: {fault}", line)
        for text, line in asked.get("task", []):
            task = _task(env, text)
            if task not in tasks:
                known = ", ".join(map(repr, sorted(tasks))) or "none at all"
                problems.add(env, docname, f"no result has the task {task!r}, only {known}", line)
        if "claim" in asked:
            _claim(env, docname, asked["claim"])
    for group in groups(RESULTS.rows(env)):
        if len({record["better"] for _, record in group}) > 1:
            docname, record = group[-1]
            message = f"the result {record['name']!r}: others of its task and metric are better the"
            problems.add(env, docname, f"{message} other way")
    return RESULTS.changed(env)


def _holds(env: BuildEnvironment, where: tuple[str, bool] | None) -> bool:
    """Return whether the task is present or absent, as it should be."""
    tasks = {record["task"] for _, record in RESULTS.rows(env)}
    return where is None or (where[0] in tasks) == where[1]


def _task(env: BuildEnvironment, text: str | None) -> str | None:
    """Return the task that is named: by itself, or by one of its results."""
    named = [record["task"] for _, record in RESULTS.rows(env) if record["name"] == text]
    return named[0] if named else text


def _claim(env: BuildEnvironment, docname: str, asked: list[tuple]) -> None:
    """Add a page's claims about results to those that its cells made."""
    made: list[dict] = []
    own = [claim for claim in CLAIMS.pages(env).get(docname, []) if "compared" not in claim]
    for text, line, where in asked:
        if not _holds(env, where):
            continue
        try:
            claim = comparison(env, text)
            if claim["name"] in [other["name"] for other in own + made]:
                raise Fault(f"the claim {claim['name']!r} is made more than once on this page")
            made.append(claim)
        except (Fault, ZeroDivisionError) as fault:
            problems.add(env, docname, str(fault), line)
    CLAIMS.pages(env)[docname] = own + made


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put numbers, tables, figures and claims in their places."""
    env = app.env
    for place in list(doctree.findall(ResultsWhere)):
        place.replace_self(place.children if _holds(env, place["where"]) else [])
    for place in list(doctree.findall(ResultNumber)):
        text = written(env, place["asked"])
        place.replace_self(nodes.inline(text, text, classes=place["classes"]))
    for place in list(doctree.findall(ResultsPlace)):
        place.replace_self(_made(app, docname, place))


def _made(app: Sphinx, docname: str, place: ResultsPlace) -> list[nodes.Node]:
    env = app.env
    if place["what"] == "claim":
        return [_cell(_shown(comparison(env, text)) for text in place["lines"])]
    task = _task(env, place["task"])
    wanted = [g for g in groups(RESULTS.rows(env)) if task in (None, g[0][1]["task"])]
    if place["what"] == "summary":
        return [summary_table(wanted)]
    if place["what"] == "table":
        return [task_table(app, docname, group) for group in wanted]
    return [draw(app, docname, [record for _, record in wanted[0]], place["against"], score)]


def _cell(content: Iterable[nodes.Node]) -> nodes.container:
    """Return what looks like a cell's output: the style sheet knows claims and figures by it."""
    output = nodes.container("", *content, classes=["cell_output"])
    return nodes.container("", output, classes=["cell"])


def _shown(claim: dict) -> nodes.raw:
    """Return what a claim in a cell shows."""
    line = f'<div class="nn-claim" id="claim-{claim["name"]}">{badge(claim)}</div>'
    return nodes.raw("", f'<div class="output text_html">{line}</div>', format="html")


def _pages(env: BuildEnvironment) -> dict[str, dict[str, list]]:
    return env.__dict__.setdefault("nnbook_results_asked", {})


def _asked(env: BuildEnvironment, what: str) -> list:
    """Return what the page that is being read asks for, to be added to."""
    return _pages(env).setdefault(env.docname, {}).setdefault(what, [])


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is about to be read again, or is gone."""
    _pages(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set, other: BuildEnvironment) -> None:
    """Take over what another process read."""
    _pages(env).update({d: a for d, a in _pages(other).items() if d in docnames})


def setup(app: Sphinx) -> dict:
    """Collect the results, and show them where they are asked for."""
    app.add_node(ResultsPlace)
    app.add_node(ResultsWhere)
    app.add_node(ResultNumber)
    app.add_role("result", ResultRole())
    app.add_directive("results-table", ResultsTable)
    app.add_directive("results-figure", ResultsFigure)
    app.add_directive("results-claims", ResultsClaims)
    app.add_directive("results-where", ResultsWhereDirective)
    RESULTS.connect(app)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", update, priority=400)  # before the ledger looks at the claims
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
