"""Check what the pages ask of the records, and put it into its places."""

import problems
from claims.ledger import CLAIMS
from docutils import nodes
from play.files import OFFERED
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from nnbook.teaching.claims import badge
from results import playing
from results.directives import (
    ASKED,
    ResultNumber,
    ResultRole,
    ResultsClaims,
    ResultsFigure,
    ResultsPlace,
    ResultsTable,
    ResultsWhere,
    ResultsWhereDirective,
    cell,
)
from results.figure import draw
from results.numbers import AMENDMENTS, RESULTS, Fault, changed, comparison, rows, written
from results.table import groups, score, summary_table, task_table


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Try everything that the pages ask for; return the pages to write again."""
    RESULTS.refuse_twice(env)
    AMENDMENTS.refuse_twice(env)
    names = {record["name"] for _, record in RESULTS.rows(env)}
    for docname, record in AMENDMENTS.rows(env):
        if record["of"] not in names:
            problems.add(env, docname, f"amend: there is no result {record['of']!r}")
    tasks = {record["task"] for _, record in rows(env)}
    for docname, asked in ASKED(env).items():
        for text, line, where in asked.get("number", []):
            if not _holds(env, where):
                continue
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
    for group in groups(rows(env)):
        if len({record["better"] for _, record in group}) > 1:
            docname, record = group[-1]
            message = f"the result {record['name']!r}: others of its task and metric are better the"
            problems.add(env, docname, f"{message} other way")
    return changed(env)


def _holds(env: BuildEnvironment, where: tuple[str, bool] | None) -> bool:
    """Return whether the task is present or absent, as it should be."""
    tasks = {record["task"] for _, record in rows(env)}
    return where is None or (where[0] in tasks) == where[1]


def _task(env: BuildEnvironment, text: str | None) -> str | None:
    """Return the task that is named: by itself, or by one of its results."""
    named = [record["task"] for _, record in rows(env) if record["name"] == text]
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
            if claim["problem"]:
                said = f"claim {claim['name']!r} does not hold: {claim['problem']}"
                problems.add(env, docname, said, line, anchor=f"claim-{claim['name']}")
        except (Fault, ZeroDivisionError) as fault:
            problems.add(env, docname, str(fault), line)
    CLAIMS.pages(env)[docname] = own + made


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put numbers, tables, figures and claims in their places."""
    env = app.env
    for place in list(doctree.findall(ResultsWhere)):
        place.replace_self(place.children if _holds(env, place["where"]) else [])
    for place in list(doctree.findall(ResultNumber)):
        try:
            text = written(env, place["asked"])
            place.replace_self(nodes.inline(text, text, classes=place["classes"]))
        except (Fault, ZeroDivisionError) as fault:  # it is in the list of problems
            place.replace_self(problems.mark(str(fault)))
    for place in list(doctree.findall(ResultsPlace)):
        place.replace_self(_made(app, docname, place))


def _made(app: Sphinx, docname: str, place: ResultsPlace) -> list[nodes.Node]:
    env = app.env
    if place["what"] == "claim":
        return [cell(_shown(env, text) for text in place["lines"])]
    task = _task(env, place["task"])
    wanted = [g for g in groups(rows(env)) if task in (None, g[0][1]["task"])]
    if place["what"] == "summary":
        return [summary_table(wanted)]
    if place["what"] == "table":
        return [task_table(app, docname, group, alone=task is not None) for group in wanted]
    if not wanted:
        return [nodes.paragraph("", "", problems.mark(f"no result has the task {task!r}"))]
    return [draw(app, docname, [record for _, record in wanted[0]], place["against"], score)]


def _shown(env: BuildEnvironment, text: str) -> nodes.Element:
    """Return what a claim in a cell shows."""
    try:
        claim = comparison(env, text)
    except (Fault, ZeroDivisionError) as fault:  # it is in the list of problems
        return nodes.paragraph("", "", problems.mark(str(fault)))
    line = f'<div class="nn-claim" id="claim-{claim["name"]}">{badge(claim)}</div>'
    return nodes.raw("", f'<div class="output text_html">{line}</div>', format="html")


def setup(app: Sphinx) -> dict:
    """Collect the results, and show them where they are asked for."""
    app.setup_extension("sift")
    OFFERED["all-results"] = playing.offered
    app.add_node(ResultsPlace)
    app.add_node(ResultsWhere)
    app.add_node(ResultNumber)
    app.add_role("result", ResultRole())
    app.add_directive("results-table", ResultsTable)
    app.add_directive("results-figure", ResultsFigure)
    app.add_directive("results-claims", ResultsClaims)
    app.add_directive("results-where", ResultsWhereDirective)
    RESULTS.connect(app)
    AMENDMENTS.connect(app)
    ASKED.connect(app)
    app.connect("env-updated", update, priority=400)  # before the ledger looks at the claims
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
