"""Small repairs of the API pages, which are made from docstrings.

Docstrings write |x| for an absolute value and (N, *size) for a shape, as Python does. In
reStructuredText a bar begins a substitution and a star an emphasis, so both are escaped on their
way to the page; examples are left as they are. The list of source pages names only those that
exist, and a source page is written again when another object of it is linked. Below each object
stand the chapters that speak of it.
"""

import re
from pathlib import Path

from docutils import nodes
from kept import Kept
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Of each page what it links in the package.
LINKED = Kept("api_links")

LITERAL = re.compile(r"(``.*?``|`.*?`)")
SPECIAL = re.compile(r"(?<!\\)(\||\*(?=\w+\)))")


def escape(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Escape bars and stars in the lines of a docstring that are prose."""
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = LITERAL.split(line)
            parts[::2] = (SPECIAL.sub(r"\\\1", part) for part in parts[::2])
            lines[i] = "".join(parts)


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
    """Keep what the page that was just read links in the package, if it is no API page itself."""
    references = doctree.findall(addnodes.pending_xref)
    targets = {node["reftarget"] for node in references if node.get("refdomain") == "py"}
    if targets and not next(doctree.findall(addnodes.desc), None):
        LINKED(app.env)[app.env.docname] = targets


def speaking_of(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return for each name in the package the pages that link it, in the order of the book."""
    order = {name: place for place, name in enumerate(env.external_site_map)}
    found: dict[str, list[str]] = {}
    for docname in sorted(LINKED(env), key=lambda name: order.get(name, -1)):
        for target in LINKED(env)[docname]:
            found.setdefault(target, []).append(docname)
    return found


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the API pages, to write them again, if the chapters link other things than before."""
    now = {t: [(d, env.titles[d].astext()) for d in ds] for t, ds in speaking_of(env).items()}
    before, env.nnbook_speaking_of = env.__dict__.get("nnbook_speaking_of"), now
    objects = env.get_domain("py").objects.values()
    return [] if now == before else sorted({entry.docname for entry in objects})


def lead_back(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the chapters below each object that they link."""
    found = speaking_of(app.env)
    for entry in doctree.findall(addnodes.desc):
        names = [name for signature in entry.children[:-1] for name in signature.get("ids", ())]
        chapters = list(dict.fromkeys(page for name in names for page in found.get(name, ())))
        if chapters:
            line = nodes.paragraph("", "In the book: ", classes=["nn-chapters"])
            for i, page in enumerate(chapters):
                uri = app.builder.get_relative_uri(docname, page)
                title = app.env.titles[page].astext()
                line += [nodes.Text(", ")] * bool(i)
                line += nodes.reference("", title, internal=True, refuri=uri)
            entry.children[-1].append(line)


def setup(app: Sphinx) -> dict:
    """Run after numpydoc has arranged the docstring, and after all pages are read."""
    app.connect("autodoc-process-docstring", escape, priority=600)
    app.connect("env-updated", forget_sourceless)
    app.connect("env-updated", renew, priority=600)  # after the entries without source are gone
    app.connect("doctree-read", collect)
    app.connect("env-updated", update)
    app.connect("doctree-resolved", lead_back)
    LINKED.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
