"""Count figures, tables, theorems and exercises from what was noted when their pages were read.

Sphinx opens every page to count what is in it, whenever one was read. Here a page is looked at when
it is read, and of each the little is kept that counting needs: its sections, what in them can have
a number, and the pages that follow.
"""

from docutils import nodes
from kept import Kept
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import url_re

#: Of each page a list: ("section", name, such a list), ("page", name of another page), and
#: ("thing", kind, name).
NOTED = Kept("counted")


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what there is to count on the page that was just read."""
    NOTED(app.env)[app.env.docname] = noted(app.env, doctree)


def noted(env: BuildEnvironment, node: nodes.Element) -> list[tuple]:
    """Return what there is to count below a node, in its order."""
    found: list[tuple] = []
    for child in node.children:
        if isinstance(child, nodes.section):
            found.append(("section", child["ids"][0], noted(env, child)))
        elif isinstance(child, addnodes.toctree):
            found += [("page", page) for _, page in child["entries"] if is_page(page)]
        elif isinstance(child, nodes.Element):
            if (kind := kind_of(env, child)) and child["ids"]:
                found.append(("thing", kind, child["ids"][0]))
            found += noted(env, child)
    return found


def is_page(name: str) -> bool:
    """Return whether an entry of a contents is a page, rather than an address."""
    return not url_re.match(name) and name != "self"


def kind_of(env: BuildEnvironment, node: nodes.Element) -> str | None:
    """Return as what a node is counted, such as "figure"; None if it is not."""
    for domain in env.domains.values():
        kind = domain.get_enumerable_node_type(node)
        if kind and not (domain.name == "std" and not domain.get_numfig_title(node)):
            return kind
    return None


def count(collector: object, env: BuildEnvironment) -> list[str]:
    """Give everything its number, and return the pages on which one changed, as Sphinx does."""
    made = frozenset(env.domains["std"]._virtual_doc_names)
    before, env.toc_fignumbers = env.toc_fignumbers, {}
    last: dict[tuple, int] = {}
    visited: set[str] = set()

    def page(name: str, above: tuple) -> None:
        if name not in visited:
            visited.add(name)
            walk(name, NOTED(env).get(name, []), above)

    def walk(name: str, things: list[tuple], number: tuple) -> None:
        for what, *rest in things:
            if what == "section":
                anchor, inner = rest
                numbers = env.toc_secnumbers.get(name, {})
                own = numbers.get(f"#{anchor}", numbers.get(""))
                walk(name, inner, own or number)
            elif what == "page":
                if rest[0] not in made:
                    page(rest[0], number)
            else:
                kind, anchor = rest
                start = number[: env.config.numfig_secnum_depth]
                last[kind, start] = last.get((kind, start), 0) + 1
                counted = env.toc_fignumbers.setdefault(name, {}).setdefault(kind, {})
                counted[anchor] = (*start, last[kind, start])

    if env.config.numfig:
        page(env.config.root_doc, ())
    return [name for name, now in env.toc_fignumbers.items() if now != before.get(name)]


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read, after all that change it."""
    NOTED.connect(app)
    app.connect("doctree-read", note, priority=990)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
