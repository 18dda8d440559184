"""Hold the prose to its quotes, so that none is replaced by a number that somebody typed.

A quote that no page shows is a problem: the sentence it was made for was lost, or tells its value
in typed figures. Only the sources are compared, never a value, so the verdict is the same on every
machine.
"""

import re
from pathlib import Path

import problems
from docutils import nodes
from execution.reading import read_notebook
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

QUOTE = re.compile(r"""\bquote\(\s*(f?)(["'])(.+?)\2(\s*\+)?""")
SHOWN = re.compile(r"\{glue(?::\w+)?\}\s?`?(?:[^`:\s]*::)?([\w-]+)")
ANY = "[a-z0-9-]+"

#: Of each page the quotes that it makes, and those that it shows.
PAGES = Kept("quotes_shown")


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page that was just read quotes and shows."""
    env, docname = app.env, app.env.docname
    notebook = read_notebook(env, docname)
    text = Path(env.doc2path(docname)).read_text(encoding="utf-8")
    cells = notebook.cells if notebook else []
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    PAGES(env)[docname] = {"quotes": QUOTE.findall(source), "shown": set(SHOWN.findall(text))}


def _pattern(formatted: str, _: str, name: str, joined: str) -> str:
    """Return what the names of a quote look like: f"race-{size}" may be any of its family."""
    if joined:  # "race-" + size
        return re.escape(name) + ANY
    parts = re.split(r"(\{[^}]*\})", name) if formatted else [name]
    return "".join(ANY if part.startswith("{") else re.escape(part) for part in parts)


def prove(app: Sphinx, env: BuildEnvironment) -> None:
    """Find the quotes that no page shows."""
    shown = set().union(*(page["shown"] for page in PAGES(env).values()))
    for docname, page in PAGES(env).items():
        for quote in page["quotes"]:
            pattern = re.compile(_pattern(*quote))
            if not any(pattern.fullmatch(each) for each in shown):
                problems.add(env, docname, f"the quote {quote[2]!r} is shown on no page")


def setup(app: Sphinx) -> dict:
    """Collect page by page, prove when all are read."""
    app.setup_extension("problems")
    app.connect("doctree-read", look)
    PAGES.connect(app)
    app.connect("env-updated", prove)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
