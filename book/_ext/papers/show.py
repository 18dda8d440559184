"""Make what stands in the places: a row's claims, its verdict, the count of verdicts, claims."""

import problems
import sift
from docutils import nodes
from everywhere.pages import elsewhere
from results.directives import cell
from results.numbers import Fault as Wrong
from results.numbers import comparison
from results.table import seconds as duration
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from nnbook.teaching.claims import badge
from papers import rows

CLASSES = {
    rows.REPRODUCED: "nn-reproduced",
    rows.SMALLER: "nn-in-part",
    rows.PART: "nn-in-part",
    rows.OPEN: "nn-in-part",
    rows.NOT: "nn-not-reproduced",
    rows.UNTESTED: "nn-not-tested",
    rows.DOUBT: "nn-not-reproduced",
}


def rests(app: Sphinx, docname: str, row: dict) -> list[nodes.Node]:
    """Return the claims that a row rests on, a line each, and how far its number goes."""
    lines: list[list[nodes.Node]] = []
    for page, record in rows.claims(rows.known_claims(app.env), row):
        uri = app.builder.get_relative_uri(docname, page)
        uri += f"#claim-{record['name']}" if record.get("shown") else ""
        name = nodes.reference("", record["name"], internal=True, refuri=uri)
        told = f": {record['value']} {record['bound']}"
        held = elsewhere(app.env, page, record["name"])[0]
        said = nodes.Text(f"{told} ({held})" if held[:1].isdigit() else told)
        failed = [nodes.Text(" "), problems.mark("does not hold")] if record["problem"] else []
        lines.append([name, said, *failed])
    try:
        ends = rows.around(app.env, row["ours"]) if row["ours"] else ""
    except (rows.Fault, ValueError):  # it stands beside the verdict
        ends = ""
    if ends:
        lines.append([nodes.Text(f"elsewhere from {ends}")])
    # a program's words, in which numbers are free
    classes = ["nn-note", "generated"]
    return [nodes.paragraph("", "", *line, classes=classes) for line in lines]


def run(row: dict) -> list[nodes.Node]:
    """Return when the long run of a row was recorded, and what it cost."""
    try:
        day, seconds = rows.recorded(row["run"])
    except rows.Fault:  # it stands beside the verdict
        return []
    told = [nodes.Text("recorded on "), nodes.inline("", day, classes=["nn-whole"])]
    told.append(nodes.Text(f": {duration(seconds)} of one core"))
    return [nodes.paragraph("", "", *told, classes=["nn-note", "generated"])]


def verdict(app: Sphinx, docname: str, row: dict) -> list[nodes.Node]:
    """Return the verdict of a row, what is wrong with it, and the place where it was measured."""
    env = app.env
    told = rows.verdict(env, row)
    order = rows.VERDICTS.index(told)
    words = nodes.strong("", "", sift.key(told, order), classes=[CLASSES[told]])
    said: list[nodes.Node] = [sift.field("Verdict", told, order), words]
    said += [problems.mark(fault) for fault in rows.faults(env, row)]
    shown = [nodes.paragraph("", "", *said)]
    page, section = rows.place(env, row)
    if page in env.titles:
        uri = app.builder.get_relative_uri(docname, page) + (f"#{section}" if section else "")
        title = env.titles[page].astext()
        place = nodes.reference("", "", nodes.inline("", title), internal=True, refuri=uri)
        kind = row["kind"]
        order = rows.KINDS.index(kind) if kind in rows.KINDS else len(rows.KINDS)
        said = [sift.field("Kind of claim", kind, order), nodes.Text(f"{kind}, in "), place]
        shown.append(nodes.paragraph("", "", *said, classes=["nn-note", "generated"]))
    return shown


def summary(env: BuildEnvironment) -> nodes.table:
    """Return the table that counts verdicts, with a line for each kind."""
    counts = rows.counts(env)
    used = [v for v in rows.VERDICTS if v in rows.GIVEN or counts[_key(v)]]
    heads = ["Kind of claim", *(v.capitalize() for v in used), "All"]
    body = [
        [kind.capitalize(), *(counts[f"{kind}.{_key(v)}"] for v in used), counts[kind]]
        for kind in rows.KINDS
    ]
    body.append(["All", *(counts[_key(v)] for v in used), counts["all"]])
    table = nodes.table("", classes=["nn-counts", "generated"], ids=["papers-summary"])
    group = nodes.tgroup("", cols=len(heads))
    table += [nodes.title("", "Verdicts by the kind of claim", classes=["text-start"]), group]
    group += [nodes.colspec("", colwidth=1) for _ in heads]
    group += nodes.thead("", _line(heads))
    group += nodes.tbody("", *map(_line, body))
    return table


def counted(env: BuildEnvironment, name: str) -> int:
    """Return a count by its name."""
    counts = rows.counts(env)
    if name not in counts:
        raise Wrong(f"nothing is counted as {name!r}, only {', '.join(counts)}")
    return counts[name]


def named(env: BuildEnvironment, name: str) -> float:
    """Return what a comparison names: a number that a cell kept, else a count."""
    try:
        value = rows.find(env, name)[1]
    except rows.Fault:
        return counted(env, name)
    if isinstance(value, str):
        raise Wrong(f"{name!r} is {value!r}, expected a number")
    return value


def claims(env: BuildEnvironment, lines: list[str]) -> list[nodes.Node]:
    """Return what claims about the counts show, as claims in cells do."""
    shown: list[nodes.Node] = []
    for text in lines:
        try:
            claim = comparison(env, text, named)
        except (Wrong, ZeroDivisionError) as fault:  # it is in the list of problems
            shown.append(nodes.paragraph("", "", problems.mark(str(fault))))
            continue
        line = f'<div class="nn-claim" id="claim-{claim["name"]}">{badge(claim)}</div>'
        shown.append(nodes.raw("", f'<div class="output text_html">{line}</div>', format="html"))
    return [cell(shown)]


def _key(text: str) -> str:
    return text.replace(" ", "-")


def _line(cells: list) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", str(text))) for text in cells))
