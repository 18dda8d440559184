"""References by number open the page that they point to once, and not once each.

To resolve `{numref}`, Sphinx reads the whole page of the target from its store again, for the kind
and the name of one node. With long chapters this was most of the time in which pages are written.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


class Targets:
    """What can be pointed to on a page, without what it contains."""

    def __init__(self, doctree: nodes.document) -> None:
        self.ids = {name: bare(node) for name, node in doctree.ids.items()}


def bare(node: nodes.Element) -> nodes.Element:
    """Return a node without its children, except where they tell of which kind it is."""
    alone = node.deepcopy() if isinstance(node, nodes.container) else node.copy()
    for each in alone.findall():
        each.document = None  # it would keep the whole page
    return alone


class Once:
    """The environment, with pages of which only the targets are there, kept while it is."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.pages: dict[str, Targets] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.env, name)

    def get_doctree(self, docname: str) -> Targets:
        """Return the targets of a page."""
        if docname not in self.pages:
            self.pages[docname] = Targets(self.env.get_doctree(docname))
        return self.pages[docname]


def start(app: Sphinx, env: BuildEnvironment) -> None:
    """Have references resolved with the pages as they are now, when all are read."""
    once = Once(env)
    whole = StandardDomain._resolve_numref_xref

    def resolve(domain: StandardDomain, env: BuildEnvironment, *others: Any) -> Any:
        return whole(domain, once, *others)

    domain = env.get_domain("std")
    domain._resolve_numref_xref = resolve.__get__(domain)


def setup(app: Sphinx) -> dict:
    """Wait until the pages are read."""
    app.connect("env-check-consistency", start)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
