"""What the pages say of Python in a reader's browser: `{in-browser}`, and each page's seconds.

The directive shows the record: how long Run all took on each page, beside the same cells in the
build, and how much longer a training step takes. A chapter that changed since is marked.
"""

import json
from pathlib import Path

from docutils import nodes
from everywhere.digest import Digests, has_cells
from everywhere.pages import several
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from status import table, text

from in_browser import record

SHOWN = Kept("pages_showing_in_browser")
CHAPTERS = ("Chapter", "Seconds", "Of it, starting", "When built", "Slowest cell", "Cells left out")
STEPS = ("Training step", "In the browser, ms", "Here, ms", "Times as long", "Quartiles")


class InBrowser(nodes.General, nodes.Element):
    """The place of the tables."""


class InBrowserDirective(SphinxDirective):
    """Shows what was recorded of the chapters in a browser."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        SHOWN(self.env)[self.env.docname] = True
        return [InBrowser()]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the record and see which chapters changed since; write pages again if that is new."""
    root = Path(env.srcdir).parent
    kept, digests = record.load(root), Digests(root)
    pages = {name: Path(env.doc2path(name)) for name in env.found_docs}
    known = kept["chapters"] = {n: c for n, c in kept["chapters"].items() if n in pages}
    now = {name: digests(path) for name, path in sorted(pages.items()) if has_cells(path)}
    changed = [name for name in now if name in known and known[name]["digest"] != now[name]]
    new = [name for name in now if name not in known]
    env.nnbook_in_browser = {"kept": kept, "changed": changed, "new": new}
    state = json.dumps(env.nnbook_in_browser, sort_keys=True)
    before, env.nnbook_in_browser_state = getattr(env, "nnbook_in_browser_state", ""), state
    return [] if state == before else sorted({*SHOWN(env), *kept["chapters"]} & env.found_docs)


def seconds(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """Return what the button of a page is told: how long Run all takes, how much it leaves out."""
    known = getattr(env, "nnbook_in_browser", None)
    chapter = known and known["kept"]["chapters"].get(docname)
    if not chapter or not chapter["ran"]:
        return {}
    left, takes = chapter["left"], said(record.whole(chapter))
    about = f"about {takes}" + (f", without {several(left, 'cell', 'cells')}" if left else "")
    return {"data-takes": takes, "data-left": str(left), "data-about": about}


def said(count: float) -> str:
    """Return seconds as one would say them."""
    step = 1 if count < 10 else 5 if count < 60 else 10
    return f"{max(step, round(count / step) * step)} s"


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the tables in their places."""
    for here in list(doctree.findall(InBrowser)):
        here.replace_self(shown(app.env, docname, **app.env.nnbook_in_browser))


def shown(
    env: BuildEnvironment, page: str, kept: dict, changed: list[str], new: list[str]
) -> list[nodes.Node]:
    """Return where it was measured, the two tables, and the chapters that have no line yet."""
    chapters = kept["chapters"]
    if not chapters:
        return [nodes.paragraph("", "The chapters were not yet timed in a browser.")]
    said: list[nodes.Node] = []
    for number, machine in enumerate(kept["machines"]):
        own = [chapter for chapter in chapters.values() if chapter["machine"] == number]
        if own:
            days = sorted({chapter["day"] for chapter in own})
            load = max(chapter["load"] for chapter in own)
            words = f"Pages: {len(own)}; {days[0]}"
            words += f" to {days[-1]}" if days[-1] != days[0] else ""
            words += f"; {machine['browser']}, Python {machine['python']}, NumPy {machine['numpy']}"
            words += f"; {machine['processor']}, on which up to {load:g} processes ran meanwhile."
            said.append(nodes.paragraph("", words))
    order = [name for name in env.external_site_map if name in chapters]
    rows = [row(env, page, n, chapters[n], n in changed) for n in order if chapters[n]["ran"]]
    said.append(table(CHAPTERS, rows))
    if changed:
        words = f"Chapters that have changed since (*): {len(changed)}."
        said.append(nodes.paragraph("", words))
    missing = [link(env, page, name) for name in env.external_site_map if name in new]
    if missing:
        words = nodes.paragraph("", f"Chapters that were not yet timed ({len(missing)}): ")
        for one in missing:
            words += [one, nodes.Text("; " if one is not missing[-1] else ".")]
        said.append(words)
    if kept["steps"]:
        said += steps(kept["steps"], kept["machines"])
    return said


def link(env: BuildEnvironment, page: str, docname: str) -> nodes.reference:
    """Return the title of a chapter, which leads there."""
    uri = env.app.builder.get_relative_uri(page, docname)
    return nodes.reference("", env.titles[docname].astext(), internal=True, refuri=uri)


def row(
    env: BuildEnvironment, page: str, docname: str, chapter: dict, changed: bool
) -> list[nodes.Node]:
    """Return the line of a chapter."""
    name = nodes.paragraph("", "", link(env, page, docname))
    if changed:
        name += nodes.Text(" *")
    numbers = (record.whole(chapter), chapter["start"], chapter["built"], chapter["slowest"][0][1])
    left = str(chapter["left"] or "none")
    return [name, *(text(f"{number:.1f}") for number in numbers), text(left)]


def steps(known: dict, machines: list[dict]) -> list[nodes.Node]:
    """Return the table of the training steps, and a line that says where they were measured."""
    rows = [
        [text(f"{name}: {one['title']}")]
        + [text(f"{one[key]:g}") for key in ("there", "here", "ratio")]
        + [text(f"{one['low']:g} to {one['high']:g}")]
        for name, one in known["workloads"].items()
    ]
    machine = machines[known["machine"]]
    where = f"Measured on {known['day']}, {machine['processor']}, {machine['browser']}."
    return [nodes.paragraph("", where), table(STEPS, rows)]


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_node(InBrowser)
    app.add_directive("in-browser", InBrowserDirective)
    SHOWN.connect(app)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
