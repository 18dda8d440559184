"""Keep what the pages' cells kept, judge the rows, and put all of it into its places."""

import ast
import json

import problems
from claims.ledger import CLAIMS
from claims.records import glued
from docutils import nodes
from play.files import OFFERED
from results.numbers import Fault as Wrong
from results.numbers import comparison
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from papers import playing, rows, show
from papers.directives import (
    ASKED,
    NumberRole,
    PaperDirective,
    PaperNumber,
    PaperPlace,
    PapersClaims,
    PapersDirective,
    PapersFigure,
    SummaryDirective,
)
from papers.figure import draw

MAKERS = {"rests": show.rests, "verdict": show.verdict}


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the values of the page that was just read, by name."""
    found = glued(app.env, app.env.docname)
    values = {v["metadata"]["scrapbook"]["name"]: _value(v["data"]) for v in found}
    kept = {name: value for name, value in values.items() if value is not None}
    if kept:
        rows.VALUES(app.env)[app.env.docname] = kept


def _value(data: dict) -> object:
    """Return a number or a string; None for anything else that a cell may have kept."""
    try:
        value = ast.literal_eval(data.get("text/plain", ""))
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, (bool, int, float, str)) else None


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Judge the rows and try everything that the pages ask for; return the pages to write again."""
    for docname, asked in ASKED(env).items():  # rows may rest on these claims
        if "claim" in asked:
            _claim(env, docname, asked["claim"])
    first: dict[str, str] = {}
    for docname, kept in rows.ROWS(env).items():
        for row in kept:
            anchor = row["anchor"]
            for fault in rows.faults(env, row):
                message = f"the paper {row['name']!r}: {fault}"
                problems.add(env, docname, message, row["line"], anchor=anchor)
            if row["name"] in first:
                message = f"the paper {row['name']!r} has more than one row"
                problems.add(env, docname, message, row["line"])
            first.setdefault(row["name"], docname)
    for docname, asked in ASKED(env).items():
        for what in ("ours", "count"):
            for text, line in asked.get(what, []):
                try:
                    _written(env, what, text)
                except (rows.Fault, Wrong) as fault:
                    role = "ours" if what == "ours" else "papers-count"
                    problems.add(env, docname, f"{{{role}}}`{text}`: {fault}", line)
    return _changed(env)


def _written(env: BuildEnvironment, what: str, text: str) -> str:
    return rows.written(env, text) if what == "ours" else str(show.counted(env, text))


def _claim(env: BuildEnvironment, docname: str, asked: list[tuple]) -> None:
    """Add a page's claims about values and counts to those that its cells made.

    Rows may rest on such a claim, and counts on the rows, so all are made twice.
    """
    own = [claim for claim in CLAIMS.pages(env).get(docname, []) if "compared" not in claim]
    for first in (True, False):
        made = []
        for text, line in asked:
            try:
                claim = comparison(env, text, show.named)
            except (Wrong, ZeroDivisionError) as fault:
                if not first:
                    problems.add(env, docname, str(fault), line)
                continue
            made.append(claim)
            if claim["problem"] and not first:
                said = f"claim {claim['name']!r} does not hold: {claim['problem']}"
                problems.add(env, docname, said, line, anchor=f"claim-{claim['name']}")
        CLAIMS.pages(env)[docname] = own + made


def _changed(env: BuildEnvironment) -> list[str]:
    """Return the pages with rows or numbers, if anything that they show is not what it was."""
    pages = sorted({*rows.ROWS(env), *ASKED(env)})
    kept = {"claims": CLAIMS.rows(env), "values": rows.VALUES(env), "rows": rows.ROWS(env)}
    state = json.dumps([pages, kept], sort_keys=True)
    before, env.nnbook_papers_state = getattr(env, "nnbook_papers_state", ""), state
    return [] if state == before else pages


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put numbers, claims, verdicts, counts and the figure in their places."""
    env = app.env
    for place in list(doctree.findall(PaperNumber)):
        try:
            text = _written(env, place["what"], place["asked"])
            place.replace_self(nodes.inline(text, text, classes=place["classes"]))
        except (rows.Fault, Wrong) as fault:  # it is in the list of problems
            place.replace_self(problems.mark(str(fault)))
    by_name = {row["name"]: row for row in rows.all_rows(env)}  # for LaTeX all pages are one
    for place in list(doctree.findall(PaperPlace)):
        what = place["what"]
        if what == "summary":
            place.replace_self(show.summary(env))
        elif what == "figure":
            place.replace_self(draw(app, docname))
        elif what == "claims":
            place.replace_self(show.claims(env, place["lines"]))
        else:
            row = by_name[place["name"]]
            made = show.run(row) if what == "run" else MAKERS[what](app, docname, row)
            place.replace_self(made)


def setup(app: Sphinx) -> dict:
    """Collect values and rows, and show them where they are asked for."""
    app.setup_extension("claims")
    app.setup_extension("sift")
    OFFERED["all-papers"] = playing.offered
    app.add_node(PaperPlace)
    app.add_node(PaperNumber)
    app.add_role("ours", NumberRole("ours"))
    app.add_role("papers-count", NumberRole("count"))
    app.add_directive("papers", PapersDirective)
    app.add_directive("paper", PaperDirective)
    app.add_directive("papers-summary", SummaryDirective)
    app.add_directive("papers-claims", PapersClaims)
    app.add_directive("papers-figure", PapersFigure)
    app.connect("doctree-read", collect)
    for kept in (rows.ROWS, rows.VALUES, ASKED):
        kept.connect(app)
    app.connect("env-updated", update, priority=410)  # after results, before the ledger is written
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
