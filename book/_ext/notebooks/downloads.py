"""Offer every chapter as a notebook, in the theme's download menu.

There are three: `worked` has each exercise with its solution below it, `unsolved` has no solutions,
and in `solved` each exercise is filled in. A page with no exercises has only the first. They are
written beside the page's source, from the page as it was built: text and notebook agree.
"""

from pathlib import Path
from posixpath import dirname, join, normpath

import chapter_numbers
import nbformat
from docutils import nodes
from execution.reading import read_notebook
from pybtex.plugin import find_plugin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import is_solution_node

from notebooks.opening import opening
from notebooks.writer import Writer

KINDS = {
    "worked": "Notebook",
    "unsolved": "Notebook, exercises unsolved",
    "solved": "Notebook, exercises solved",
}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write_notebooks(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Write the notebooks of a page and put them into its menu."""
    if doctree is None or app.builder.name != "html" or page not in app.env.found_docs:
        return
    source = read_notebook(app.env, page)
    if source is None:
        return
    solutions = next(doctree.findall(is_solution_node), None)
    kinds = [kind for kind in KINDS if kind == "worked" or solutions]
    for kind in kinds:
        writer = Writer(
            source.cells,
            number=lambda node: number(app.env, page, node),
            chapter=chapter_numbers.number(app.env, page),
            link=lambda address: public(app, page, address),
            title=lambda address: title_of(app, page, address),
            picture=lambda node: Path(app.srcdir, node["candidates"]["*"]),
            kind=kind,
        )
        cells = writer.write(doctree, references(app.env, page))
        notebook = nbformat.v4.new_notebook(cells=opening(app, kind) + cells, metadata=METADATA)
        target = Path(app.outdir, "_sources", address(page, kind))
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
    context["nnbook_notebooks"] = kinds


def address(page: str, kind: str) -> str:
    """Return where below `_sources` the notebook of a page is."""
    return f"{page}.ipynb" if kind == "worked" else f"{page}-{kind}.ipynb"


def number(env: BuildEnvironment, page: str, node: nodes.Element) -> str:
    """Return the number that the page shows: of a figure, an equation, an exercise, a theorem."""
    for numbers in env.toc_fignumbers.get(page, {}).values():
        for name in node["ids"]:
            if name in numbers:
                return ".".join(map(str, numbers[name]))
    return ""


def public(app: Sphinx, page: str, local: str) -> str | None:
    """Return the public address of a page of the book, if the site has one."""
    base = app.config.html_baseurl
    return base.rstrip("/") + "/" + normpath(join(dirname(page), local)) if base else None


def title_of(app: Sphinx, page: str, local: str) -> str | None:
    """Return the title of the other page that an address inside the book leads to."""
    path = normpath(join(dirname(page), local.partition("#")[0]))
    title = app.env.titles.get(path.removesuffix(".html"))
    return title.astext() if title and local.partition("#")[0] else None


def references(env: BuildEnvironment, page: str) -> str:
    """Return the list of the works that a page cites."""
    domain = env.get_domain("cite")
    cited = {
        target.key for ref in domain.citation_refs if ref.docname == page for target in ref.targets
    }
    markdown = find_plugin("pybtex.backends", "markdown")()
    works = {c.key: c.tooltip_entry for c in domain.citations if c.key in cited}
    lines = sorted(
        "- " + " ".join(work.text.render(markdown).split()) for work in works.values() if work
    )
    return "\n".join(["## References", "", *lines]) if lines else ""


def add_buttons(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Put the notebooks first in the download menu that the theme has made."""
    kinds = context.pop("nnbook_notebooks", [])
    for button in context.get("header_buttons", []):
        if kinds and button.get("label") == "download-buttons":
            button["buttons"][:0] = [
                {
                    "type": "link",
                    "url": f"{context['pathto']('_sources', 1)}/{address(page, kind)}",
                    "text": KINDS[kind],
                    "icon": "fas fa-code",
                    "tooltip": f"Download the chapter as a notebook ({kind})",
                    "label": f"download-{kind}-button",
                }
                for kind in kinds
            ]


def setup(app: Sphinx) -> dict:
    """Write before the theme makes its menu, add to the menu after it."""
    app.connect("html-page-context", write_notebooks, priority=400)
    app.connect("html-page-context", add_buttons, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
