"""What the pages say of other circumstances: `{everywhere}`, and the ledger's word on each claim.

The directive says on what these pages were made, and in which circumstances the chapters ran when
`make everywhere` last recorded them. A chapter that changed since keeps what was recorded of its
claims, marked as of an earlier version.
"""

import json
import math
from pathlib import Path

from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from everywhere import judge, record
from everywhere.digest import Digests, has_cells
from everywhere.machine import made_on

SHOWN = Kept("pages_showing_everywhere")
NONE = "\N{EM DASH}"


class Everywhere(nodes.General, nodes.Element):
    """The place of the sentences on machines and runs."""


class EverywhereDirective(SphinxDirective):
    """Says on what the pages were made, and in which circumstances the chapters ran."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        SHOWN(self.env)[self.env.docname] = True
        return [Everywhere()]


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the record and see which chapters changed since; write pages again if that is new."""
    root = Path(env.srcdir).parent
    kept, digests = record.load(root), Digests(root)
    chapters = {name: Path(env.doc2path(name)) for name in sorted(env.found_docs)}
    changed = [
        name
        for name, path in chapters.items()
        if has_cells(path) and kept["chapters"].get(name, {}).get("digest") != digests(path)
    ]
    env.nnbook_everywhere = {"record": kept, "changed": changed, "here": made_on()}
    state = json.dumps(env.nnbook_everywhere, sort_keys=True)
    before, env.nnbook_everywhere_state = getattr(env, "nnbook_everywhere_state", ""), state
    return [] if state == before else sorted(SHOWN(env))


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the sentences in their places."""
    for place in list(doctree.findall(Everywhere)):
        place.replace_self(sentences(**app.env.nnbook_everywhere))


def sentences(record: dict, changed: list[str], here: str) -> list[nodes.Node]:
    """Return what is said: where the pages were made, and where else the chapters ran."""
    said: list[nodes.Node] = [nodes.paragraph("", f"These pages were made on {here}.")]
    chapters = record["chapters"].values()
    if not chapters:
        said.append(nodes.paragraph("", "The chapters were not yet run in other circumstances."))
        return said
    days = sorted({chapter["day"] for chapter in chapters})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    words = several(len(chapters), "chapter was run", "chapters were run")
    words += f" in other circumstances ({when}). Of all chapters, "
    words += several(len(changed), "has changed since or is new.", "have changed since or are new.")
    said.append(nodes.paragraph("", words))
    told = {}  # by its words: machines of the same kind are told of once
    for machine in record["machines"]:
        runs = [f"{run['title']} (NumPy {run['numpy']})" for run in machine["runs"]]
        part = [nodes.paragraph("", f"On {machine['processor']}, Python {machine['python']}:")]
        part.append(bullets(runs))
        left = [f"{name} ({why})" for name, why in machine["left_out"].items()]
        if left:
            part.append(nodes.paragraph("", f"Left out there: {'; '.join(left)}."))
        told["".join(node.astext() for node in part)] = part
    return said + [node for part in told.values() for node in part]


def several(count: int, one: str, many: str) -> str:
    """Return a number with its noun: 1 chapter, 2 chapters, 1,495 claims."""
    return f"{count:,} {one if count == 1 else many}"


def bullets(texts: list[str]) -> nodes.bullet_list:
    """Return a list."""
    return nodes.bullet_list("", *[nodes.list_item("", nodes.paragraph("", t)) for t in texts])


def elsewhere(env: BuildEnvironment, docname: str, name: str) -> tuple[str, list[str]]:
    """Return in how many runs a claim held, and notes: its distance, and whether it is of old."""
    known = env.nnbook_everywhere
    chapter = known["record"]["chapters"].get(docname)
    claim = chapter and chapter["claims"].get(name)
    if not claim:
        return NONE, []
    runs = known["record"]["machines"][chapter["machine"]]["runs"]
    held, made = judge.counts(claim)
    notes = [spreads(judge.distance(claim, runs))]
    notes += ["of an earlier version"] if docname in known["changed"] else []
    return (f"{held} of {made}" if made else NONE), [note for note in notes if note]


def spreads(away: float | None) -> str:
    """Return a distance in words."""
    if away is None:
        return ""
    if math.isinf(away):
        return "the same in all"
    return "over 99 spreads" if away > 99 else f"{away:.1f} spreads"


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_node(Everywhere)
    app.add_directive("everywhere", EverywhereDirective)
    SHOWN.connect(app)
    app.connect("env-updated", update, priority=300)  # before the ledger is written
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
