"""References by number need no page to be opened again.

To resolve `{numref}`, Sphinx reads the whole page of the target from its store, for the kind and
the name of one node, and again for each reference. With long chapters that took more time than
all the rest of the writing. Here each page leaves these few nodes behind when it is read.
"""

from types import SimpleNamespace
from typing import Any

from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment

#: For each page what can have a number, by its names, without what it contains.
TARGETS = Kept("targets")


def keep(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what can have a number on the page that was just read."""
    kind = app.env.get_domain("std").get_enumerable_node_type
    targets = {name: bare(node) for name, node in doctree.ids.items() if kind(node)}
    TARGETS(app.env)[app.env.docname] = targets


def bare(node: nodes.Element) -> nodes.Element:
    """Return a node without its children, except where they tell of which kind it is."""
    alone = node.deepcopy() if isinstance(node, nodes.container) else node.copy()
    for each in alone.findall():
        each.document = None  # it would keep the whole page
    return alone


class Ids(dict):
    """Nodes by their names; one of no kind for a name that can have no number."""

    def get(self, name: str, default: object = None) -> nodes.Element:
        """Return the node of that name."""
        return self[name] if name in self else nodes.Element()


class Kinds:
    """The environment, in which a page is no more than what can have a number on it."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env

    def __getattr__(self, name: str) -> Any:
        return getattr(self.env, name)

    def get_doctree(self, docname: str) -> SimpleNamespace:
        """Return what stands for the page."""
        return SimpleNamespace(ids=Ids(TARGETS(self.env).get(docname, {})))


def start(app: Sphinx, env: BuildEnvironment) -> None:
    """Have references resolved with what was kept."""
    domain = env.get_domain("std")
    whole = domain._resolve_numref_xref

    def resolve(env: BuildEnvironment, *others: Any) -> Any:
        return whole(Kinds(env), *others)

    assert isinstance(domain, StandardDomain)
    domain._resolve_numref_xref = resolve


def setup(app: Sphinx) -> dict:
    """Keep while pages are read, use while they are written."""
    TARGETS.connect(app)
    app.connect("doctree-read", keep)
    app.connect("env-check-consistency", start)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
