"""The proof ledger: a table of all claims of all chapters, where `{proof-ledger}` stands.

The claims are taken from the outputs of the executed chapters, so a claim that did not run is not
in the table. A claim in a cell whose output is hidden is listed too, and links to its page.
"""

import json
from pathlib import Path

import problems
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

COLUMNS = (("Claim", 46), ("Value", 14), ("Bound", 20), ("Chapter", 20))


class Ledger(nodes.General, nodes.Element):
    """The place of the table."""


class LedgerDirective(SphinxDirective):
    """Puts the proof ledger here."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        self.env.__dict__.setdefault("nnbook_ledger_pages", set()).add(self.env.docname)
        return [Ledger()]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the claims of the page that was just read."""
    env, docname = app.env, app.env.docname
    shown = [record["name"] for record in problems.records(doctree, "claim")]
    for name in {name for name in shown if shown.count(name) > 1}:
        problems.add(env, docname, f"the claim {name!r} is made more than once on this page")
    claims = [dict(claim, shown=claim["name"] in shown) for claim in _glued(env, docname)]
    if claims:
        _claims(env)[docname] = claims


def _glued(env: BuildEnvironment, docname: str) -> list[dict]:
    """Return the claims among the values that the page's cells handed to the prose."""
    names = getattr(env, "nb_metadata", {}).get(docname, {}).get("glue", [])
    if not names:
        return []
    path = Path(env.mystnb_config.output_folder) / f"{docname}.glue.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    found = [values[name]["metadata"].get("nnbook", {}) for name in names]
    return [record for record in found if record.get("kind") == "claim"]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Refuse a name that two pages use; write the ledger's page again if a claim changed."""
    pages: dict[str, str] = {}
    for docname in _order(env):
        for claim in _claims(env).get(docname, []):
            first = pages.setdefault(claim["name"], docname)
            if first != docname:
                problems.add(env, docname, f"the claim {claim['name']!r} is also made in {first}")
    state = json.dumps(_claims(env), sort_keys=True)
    if state == env.__dict__.get("nnbook_ledger_state"):
        return []
    env.nnbook_ledger_state = state
    return sorted(env.__dict__.get("nnbook_ledger_pages", ()))


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table in its place."""
    for place in list(doctree.findall(Ledger)):
        rows = [
            (page, claim) for page in _order(app.env) for claim in _claims(app.env).get(page, [])
        ]
        count = f"{len(rows)} claims in {len({page for page, _ in rows})} chapters."
        place.replace_self([nodes.paragraph("", count), _table(app, docname, rows)])


def _table(app: Sphinx, docname: str, rows: list[tuple[str, dict]]) -> nodes.table:
    table = nodes.table("", classes=["nn-ledger", "generated"])
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
    note = [nodes.inline("", " " + claim["note"], classes=["nn-note"])] if claim["note"] else []
    title = app.env.titles[page].astext()
    chapter = nodes.reference("", title, internal=True, refuri=uri)
    return [[name, *note], [nodes.Text(claim["value"])], [nodes.Text(claim["bound"])], [chapter]]


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _order(env: BuildEnvironment) -> list[str]:
    """Return the pages in the order of the table of contents."""
    order: dict[str, None] = {}

    def walk(docname: str) -> None:
        if docname not in order:
            order[docname] = None
            for child in env.toctree_includes.get(docname, []):
                walk(child)

    walk(env.config.root_doc)
    return list(dict.fromkeys([*order, *sorted(_claims(env))]))


def _claims(env: BuildEnvironment) -> dict[str, list[dict]]:
    return env.__dict__.setdefault("nnbook_claims", {})


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is about to be read again, or is gone."""
    _claims(env).pop(docname, None)
    env.__dict__.get("nnbook_ledger_pages", set()).discard(docname)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set, other: BuildEnvironment) -> None:
    """Take over what another process read."""
    _claims(env).update({d: c for d, c in _claims(other).items() if d in docnames})
    pages = other.__dict__.get("nnbook_ledger_pages", set()) & set(docnames)
    env.__dict__.setdefault("nnbook_ledger_pages", set()).update(pages)


def setup(app: Sphinx) -> dict:
    """Collect, keep and show the claims."""
    app.setup_extension("problems")
    app.add_node(Ledger)
    app.add_directive("proof-ledger", LedgerDirective)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
