"""What the last build ran, for how long, in how much memory, on what: `build-status`.

Nothing on that page is typed in: `execute` notes what each chapter's run cost.
"""

import os
import platform

from docutils import nodes
from everywhere.machine import kernel, processor
from execution import cache
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

#: True for each page that shows the tables.
SHOWING = Kept("status_pages")

COLUMNS = ("Chapter", "Seconds", "Slowest cell", "Peak memory", "Run")


class StatusTables(nodes.General, nodes.Element):
    """Stands where the tables will be: when the page is read, others are still to be."""


class StatusDirective(SphinxDirective):
    """Puts the two tables here: the chapters' cost, and what they ran on."""

    def run(self) -> list[nodes.Node]:
        """Keep the place."""
        SHOWING(self.env)[self.env.docname] = True
        return [StatusTables()]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the tables into their places, when all pages have been read."""
    for place in list(doctree.findall(StatusTables)):
        place.replace_self([costs(app.env, docname), made_with()])


def costs(env: BuildEnvironment, page: str) -> nodes.table:
    """Return the table of what each chapter's run cost, in the order of the book."""
    runs = getattr(env, "nnbook_runs", {})
    rows = [row(env, page, name, runs[name]) for name in order(env)]
    seconds = sum(runs[name]["execution_seconds"] for name in order(env))
    rows.append([text("All chapters"), text(f"{seconds:.1f}"), text(), text(), text()])
    return table(COLUMNS, rows)


def made_with() -> nodes.table:
    """Return the table of the machine, the data and the libraries."""
    machine = [
        ["System", f"{platform.system()} {platform.release()}, {platform.machine()}"],
        ["Processor", f"{processor()}, {os.cpu_count()} cores"],
        ["Linear algebra", kernel()],
        ["Data sets", ", ".join(sorted(data_sets())) or "none: embedded data only"],
        *map(list, cache.versions().items()),
    ]
    return table(("Made with", ""), [[text(name), text(value)] for name, value in machine])


def row(env: BuildEnvironment, page: str, docname: str, run: dict) -> list[nodes.Node]:
    """Return what one chapter's run cost."""
    link = nodes.reference("", "", internal=True, refuri="")
    link["refuri"] = env.app.builder.get_relative_uri(page, docname)
    link += nodes.Text(env.titles[docname].astext())
    peak = run.get("peak_bytes")
    ended = run["ended"].replace(" ", "\N{NO-BREAK SPACE}")
    return [
        nodes.paragraph("", "", link),
        text(f"{run['execution_seconds']:.1f}"),
        text(f"{run['slowest_cell_seconds']:.1f}"),
        text(f"{peak / 2**20:.0f} MiB" if peak else "not measured"),
        nodes.paragraph("", "", nodes.inline("", ended, classes=["nn-whole"])),
    ]


def text(words: str = "") -> nodes.paragraph:
    """Return a cell of a table."""
    return nodes.paragraph("", words)


def table(heads: tuple[str, ...], rows: list[list[nodes.Node]]) -> nodes.table:
    """Return a table."""
    group = nodes.tgroup("", *[nodes.colspec(colwidth=1) for _ in heads], cols=len(heads))
    for kind, lines in ((nodes.thead, [[text(head) for head in heads]]), (nodes.tbody, rows)):
        group += kind(
            "", *[nodes.row("", *[nodes.entry("", cell) for cell in line]) for line in lines]
        )
    return nodes.table("", group, classes=["nn-status", "generated"])


def data_sets() -> set[str]:
    """Return the data sets that are on this machine."""
    return {
        path.name for folder in cache.data_folders() for path in folder.glob("*") if path.is_dir()
    }


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with the tables, to write them again, if anything in those has changed."""
    runs = getattr(env, "nnbook_runs", {})
    shown = [(page, env.titles[page].astext(), runs[page]) for page in order(env)]
    now = repr((shown, made_with().astext()))
    before, env.nnbook_status_state = getattr(env, "nnbook_status_state", ""), now
    return [] if now == before else sorted(SHOWING(env))


def order(env: BuildEnvironment) -> list[str]:
    """Return the pages that ran, in the order of the book."""
    runs = getattr(env, "nnbook_runs", {})
    return [name for name in env.external_site_map if name in runs]


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_node(StatusTables)
    app.add_directive("build-status", StatusDirective)
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", update)
    SHOWING.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
