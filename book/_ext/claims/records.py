"""What the cells of all pages recorded: kept page by page, in the order of the contents.

`nnbook.teaching` sends a record along with a value that it hands to the prose. The proof ledger
shows those of the kind "claim", the page of results those of the kind "result". Both take them from
the outputs of the executed chapters, so what did not run is not shown.
"""

import json
from pathlib import Path

import problems
from execution.reading import executed
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


class Records:
    """The records of one kind, and the pages that show them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.pages = Kept(f"{kind}s")  # the records of each page
        self.shown = Kept(f"pages_showing_{kind}s")  # True for each page that shows some

    def rows(self, env: BuildEnvironment) -> list[tuple[str, dict]]:
        """Return each record with its page, in the order of the table of contents."""
        pages = self.pages(env)
        return [(docname, record) for docname in in_order(env) for record in pages.get(docname, [])]

    def shown_here(self, env: BuildEnvironment) -> None:
        """Note that the page that is being read shows records, so that it follows them."""
        self.shown(env)[env.docname] = True

    def collect(self, app: Sphinx, doctree: object) -> None:
        """Keep the records of the page that was just read; refuse a name that it uses twice."""
        env, docname = app.env, app.env.docname
        values = glued(env, docname)
        found = [value["metadata"].get("nnbook", {}) for value in values]
        records = [record for record in found if record.get("kind") == self.kind]
        if records:
            self.pages(env)[docname] = records
            given = _names(env, docname)
            for name in (record["name"] for record in records):
                if given.count(name) > 1:
                    message = f"the {self.kind} {name!r} is made more than once on this page"
                    problems.add(env, docname, message)

    def refuse_twice(self, env: BuildEnvironment) -> None:
        """Refuse a name that two pages use."""
        first: dict[str, str] = {}
        for docname, record in self.rows(env):
            other = first.setdefault(record["name"], docname)
            if other != docname:
                message = f"the {self.kind} {record['name']!r} is also made in {other}"
                problems.add(env, docname, message)

    def changed(self, env: BuildEnvironment) -> list[str]:
        """Return the pages to write again: those that show records, if any record changed."""
        titles = {page: env.titles[page].astext() for page in self.pages(env) if page in env.titles}
        state = json.dumps([self.rows(env), titles], sort_keys=True)
        if state == env.__dict__.get(f"nnbook_{self.kind}s_state"):
            return []
        env.__dict__[f"nnbook_{self.kind}s_state"] = state
        return sorted(self.shown(env))

    def connect(self, app: Sphinx) -> None:
        """Collect while pages are read."""
        app.setup_extension("problems")
        app.connect("doctree-read", self.collect)
        self.pages.connect(app)
        self.shown.connect(app)


def glued(env: BuildEnvironment, docname: str) -> list[dict]:
    """Return the values that the page's cells handed to the prose."""
    names = getattr(env, "nb_metadata", {}).get(docname, {}).get("glue", [])
    if not names:
        return []
    path = Path(env.mystnb_config.output_folder) / f"{docname}.glue.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    return [values[name] for name in names]


def _names(env: BuildEnvironment, docname: str) -> list[str]:
    """Return the names of these values, as often as each was given. (MyST keeps the last one.)"""
    cells = [cell for _, _, cell in executed(env, docname)]
    metadata = [output.get("metadata", {}) for cell in cells for output in cell.get("outputs", [])]
    return [given["scrapbook"]["name"] for given in metadata if "scrapbook" in given]


def in_order(env: BuildEnvironment) -> list[str]:
    """Return all pages in the order of the table of contents."""
    order: dict[str, None] = {}

    def walk(docname: str) -> None:
        if docname not in order:
            order[docname] = None
            for child in env.toctree_includes.get(docname, []):
                walk(child)

    walk(env.config.root_doc)
    return list(dict.fromkeys([*order, *sorted(env.found_docs)]))
