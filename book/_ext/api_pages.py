"""Small repairs of the API pages, which are made from docstrings.

Docstrings write |x| for an absolute value and (N, *size) for a shape, as Python does, and "C." of a
parameter that is the C of a formula. In reStructuredText a bar begins a substitution, a star an
emphasis, and such a letter a list, so they are escaped on their way to the page; the h' of a
formula gets a prime, where Sphinx would set an apostrophe, and -> an arrow. A string such as "same"
is code, which keeps its quotes straight. Examples are left as they are. The fields of a tuple are
left out, since all that Python says of them is a number. The list of source pages names only those
that exist, and a source page is written again when another object of it is linked. Below each
object stand the chapters that speak of it, and those whose cells use it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from execution.reading import read_notebook
from kept import Kept
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Of each page what it links in the package.
LINKED = Kept("api_links")
#: Of each page what its cells use of the package.
USED = Kept("api_uses")
FEW = 8  # so many chapters are named; of more, the first, and how many are left

LITERAL = re.compile(r"(``.*?``|`.*?`)")
SPECIAL = re.compile(r"(?<!\\)(?:\||\*(?=\w+\)))|\\(?=u[0-9a-f]{4})")
#: A string: a word between quotes of either kind, or a sentence that has such a word in it.
STRING = re.compile(
    r"""(?<![^\s(\[{/])(?:"[^"\s]+"|'[\w.-]*'|"[^"]*'\w+'[^"]*")(?![^\s)\]}/.,;:!?])"""
)
LISTED = re.compile(r"^(\s*)(?=[A-Z]\.(?:\s|$))")
PRIMED = re.compile(r"(?<![\w'])([^\W\d_])'(?!['A-Za-z])")  # h', but neither 'h' nor h's
FIELD = "Alias for field number"


def escape(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Escape bars, stars and the like in the lines of a docstring that are prose."""
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = LITERAL.split(line)
            parts[::2] = (STRING.sub(r"``\g<0>``", part) for part in parts[::2])
            parts = LITERAL.split("".join(parts))
            parts[::2] = (primed(SPECIAL.sub(r"\\\g<0>", part)) for part in parts[::2])
            lines[i] = LISTED.sub(r"\1\\", "".join(parts))


def primed(text: str) -> str:
    """Return a text in which the single letters of formulas have primes, and arrows are signs."""
    return PRIMED.sub("\\1\u2032", text).replace(" -> ", " → ")


def skip(
    app: Sphinx, what: str, name: str, obj: object, skipped: bool, options: object
) -> bool | None:
    """Leave out the fields of a tuple: the signature of its class has them, too."""
    return True if (getattr(obj, "__doc__", None) or "").startswith(FIELD) else None


def forget_sourceless(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep viewcode from listing modules that have no source, such as `builtins`."""
    modules = getattr(env, "_viewcode_modules", {})
    env._viewcode_modules = {name: entry for name, entry in modules.items() if entry}


def renew(app: Sphinx, env: BuildEnvironment) -> None:
    """Remove source pages that link other objects, or lead back elsewhere, than in the last build.

    viewcode writes such a page again only when its source is newer, without the new anchors.
    """
    kept = env.__dict__.setdefault("nnbook_viewcode_names", {})
    for module, (_, _, used, name) in getattr(env, "_viewcode_modules", {}).items():
        names = [name, *sorted(used.items())]
        if kept.get(module) != names:
            kept[module] = names
            page = Path(app.outdir, "_modules", *module.split(".")).with_suffix(".html")
            page.unlink(missing_ok=True)


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page that was just read links and uses, if it is no API page itself."""
    references = doctree.findall(addnodes.pending_xref)
    targets = {node["reftarget"] for node in references if node.get("refdomain") == "py"}
    if targets and not next(doctree.findall(addnodes.desc), None):
        LINKED(app.env)[app.env.docname] = targets
    notebook = read_notebook(app.env, app.env.docname)
    if notebook is not None:
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        USED(app.env)[app.env.docname] = set(uses(cells))


def uses(cells: list[str]) -> Iterator[str]:
    """Return what cells use of the package, by the names that the package gives it."""
    known = {"nnbook": "nnbook"}  # a name of the page -> what it stands for
    for cell in cells:
        try:
            tree = ast.parse(cell)
        except SyntaxError:  # not plain Python
            continue
        nodes_in_order = list(ast.walk(tree))
        for node in nodes_in_order:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "nnbook":
                known |= {n.asname or n.name: f"{node.module}.{n.name}" for n in node.names}
            elif isinstance(node, ast.Import):
                given = [n for n in node.names if n.asname and n.name.split(".")[0] == "nnbook"]
                known |= {n.asname: n.name for n in given}
        for node in nodes_in_order:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
                yield known[node.id]
            elif isinstance(node, ast.Attribute):
                path = ast.unparse(node)
                first, _, rest = path.partition(".")
                if first in known:
                    yield f"{known[first]}.{rest}"


def pages_by_name(env: BuildEnvironment, kept: Kept) -> dict[str, list[str]]:
    """Return for each name in the package the pages it was kept of, in the order of the book."""
    order = {name: place for place, name in enumerate(env.external_site_map)}
    found: dict[str, list[str]] = {}
    for docname in sorted(kept(env), key=lambda name: order.get(name, -1)):
        for target in kept(env)[docname]:
            found.setdefault(target, []).append(docname)
    return found


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the API pages, to write them again, if the chapters link or use other things."""
    objects = env.get_domain("py").objects
    now = [
        {t: [(d, env.titles[d].astext()) for d in ds] for t, ds in found.items() if t in objects}
        for found in (pages_by_name(env, LINKED), pages_by_name(env, USED))
    ]
    before, env.nnbook_speaking_of = env.__dict__.get("nnbook_speaking_of"), now
    return [] if now == before else sorted({entry.docname for entry in objects.values()})


def lead_back(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the chapters below each object that they link or use."""
    found = [("In the book: ", pages_by_name(app.env, LINKED))]
    found.append(("In the code of: ", pages_by_name(app.env, USED)))
    for entry in doctree.findall(addnodes.desc):
        names = [name for signature in entry.children[:-1] for name in signature.get("ids", ())]
        named: list[str] = []
        for words, pages in found:
            chapters = list(dict.fromkeys(page for name in names for page in pages.get(name, ())))
            chapters = [page for page in chapters if page not in named]
            named += chapters
            if chapters:
                entry.children[-1].append(line(app, docname, words, chapters))


def line(app: Sphinx, docname: str, words: str, chapters: list[str]) -> nodes.paragraph:
    """Return a line of links to chapters; of many, the first ones."""
    line = nodes.paragraph("", words, classes=["nn-chapters"])
    for i, page in enumerate(chapters[:FEW]):
        uri = app.builder.get_relative_uri(docname, page)
        title = app.env.titles[page].astext()
        line += [nodes.Text(", ")] * bool(i)
        line += nodes.reference("", title, internal=True, refuri=uri)
    if len(chapters) > FEW:
        line += nodes.Text(f" and {len(chapters) - FEW} more")
    return line


def setup(app: Sphinx) -> dict:
    """Run after numpydoc has arranged the docstring, and after all pages are read."""
    app.connect("autodoc-process-docstring", escape, priority=600)
    app.connect("autodoc-skip-member", skip)
    app.connect("env-updated", forget_sourceless)
    app.connect("env-updated", renew, priority=600)  # after the entries without source are gone
    app.connect("doctree-read", collect)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", lead_back)
    LINKED.connect(app)
    USED.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
