"""The proof ledger: a table of all claims of all chapters, where `{proof-ledger}` stands.

The claims are taken from the outputs of the executed chapters, so a claim that did not run is not
in the table. A claim in a cell whose output is hidden is listed too, and links to its page. Where a
page ran without a framework that it needs, on numbers that were recorded, its lines say so.
"""

import problems
from docutils import nodes
from everywhere.pages import SHOWN, elsewhere, several
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from claims.records import Records

COLUMNS = (("Claim", 40), ("Value", 12), ("Bound", 16), ("Elsewhere", 14), ("Chapter", 18))
#: The kinds of claim, one and several.
KINDS = {
    "identity": ("identity", "identities"),
    "level": ("level", "levels"),
    "difference": ("difference with control", "differences with control"),
}
CLAIMS = Records("claim")
RECORDINGS = Records("recording")


class Ledger(nodes.General, nodes.Element):
    """The place of the table."""


class LedgerDirective(SphinxDirective):
    """Puts the proof ledger here."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        CLAIMS.shown_here(self.env)
        RECORDINGS.shown_here(self.env)
        SHOWN(self.env)[self.env.docname] = True
        problems.OVERVIEWS(self.env)[self.env.docname] = True
        return [Ledger()]


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Keep which claims of the page that was just read can be seen there."""
    shown = {record["name"] for record in problems.records(doctree, "claim")}
    for claim in CLAIMS.pages(app.env).get(app.env.docname, []):
        claim["shown"] = claim["name"] in shown


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Refuse a name that two pages use; write the ledger's page again if a claim changed."""
    CLAIMS.refuse_twice(env)
    return [*CLAIMS.changed(env), *RECORDINGS.changed(env)]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table in its place."""
    for place in list(doctree.findall(Ledger)):
        rows = CLAIMS.rows(app.env)
        place.replace_self([nodes.paragraph("", count(rows)), _table(app, docname, rows)])


def count(rows: list[tuple[str, dict]]) -> str:
    """Return how many claims there are, in how many chapters, and of which kinds."""
    sorts = [claim["sort"] for _, claim in rows]
    kinds = [several(sorts.count(kind), *names) for kind, names in KINDS.items()]
    chapters = several(len({page for page, _ in rows}), "chapter", "chapters")
    return f"{several(len(rows), 'claim', 'claims')} in {chapters}: {', '.join(kinds)}."


def _table(app: Sphinx, docname: str, rows: list[tuple[str, dict]]) -> nodes.table:
    table = nodes.table("", classes=["nn-ledger", "nn-claims", "generated"])
    group = nodes.tgroup("", cols=len(COLUMNS))
    table += group
    group += [nodes.colspec("", colwidth=width) for _, width in COLUMNS]
    body = [_cells(app, docname, page, claim) for page, claim in rows]
    group += nodes.thead("", _row([[nodes.Text(title)] for title, _ in COLUMNS]))
    group += nodes.tbody("", *map(_row, body))
    return table


def _cells(app: Sphinx, docname: str, page: str, claim: dict) -> list[list[nodes.Node]]:
    uri = app.builder.get_relative_uri(docname, page)
    anchor = f"#claim-{claim['name']}" if claim["shown"] else ""
    name = nodes.reference("", claim["name"], internal=True, refuri=uri + anchor)
    value, bound = nodes.Text(claim["value"]), nodes.Text(claim["bound"])
    control = f"control {claim['control']}" if claim.get("control") else ""
    said = f"does not hold: {claim['problem']}" if claim["problem"] else ""
    failed = [nodes.Text(" "), problems.mark(said)] if said else []
    held, away = elsewhere(app.env, page, claim["name"])
    chapter = nodes.reference("", app.env.titles[page].astext(), internal=True, refuri=uri)
    dates = [recording["date"] for recording in RECORDINGS.pages(app.env).get(page, [])]
    recorded = [f"in part recorded on {date}" for date in dates]
    return [
        [name, *_notes([claim["sort"], claim["note"]])],
        [value],
        [bound, *failed, *_notes([control])],
        [nodes.Text(held), *_notes(away)],
        [chapter, *_notes(recorded)],
    ]


def _notes(texts: list[str]) -> list[nodes.Node]:
    return [nodes.inline("", " " + text, classes=["nn-note"]) for text in texts if text]


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def setup(app: Sphinx) -> dict:
    """Collect, keep and show the claims."""
    app.add_node(Ledger)
    app.add_directive("proof-ledger", LedgerDirective)
    CLAIMS.connect(app)
    RECORDINGS.connect(app)
    app.connect("doctree-read", mark, priority=510)  # after they are collected
    app.connect("env-updated", update)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
