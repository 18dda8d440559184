"""Hold the prose to its quotes, so that none is replaced by a number that somebody typed.

A quote that no page shows ends the build: the sentence it was made for was lost, or tells its value
in typed figures. So does a whole number in the prose that equals a quote which the page shows.
Numbers below 4 are left alone; they count too many things.
"""

import json
import re
from pathlib import Path

import problems
from docutils import nodes
from execution.reading import read_notebook
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from prose.typed import line_of, prose

QUOTE = re.compile(r"""\bquote\(\s*(f?)["']([^"']+)["'](\s*\+)?""")
SHOWN = re.compile(r"\{glue(?::\w+)?\}\s?`?(?:[^`:\s]*::)?([\w-]+)")
WHOLE = re.compile(r"(?<![\w.,-])\d[\d,]*(?![\w-]|[.,]\d)")
ANY = "[a-z0-9-]+"
COUNTS = range(4)

#: Of each page the quotes that it makes, and those that it shows.
PAGES = Kept("quotes_shown")


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page that was just read quotes and shows, and look at its whole numbers."""
    env, docname = app.env, app.env.docname
    notebook = read_notebook(env, docname)
    text = Path(env.doc2path(docname)).read_text(encoding="utf-8")
    cells = notebook.cells if notebook else []
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    page = {"quotes": QUOTE.findall(source), "shown": set(SHOWN.findall(text))}
    PAGES(env)[docname] = page
    patterns = [_pattern(*quote) for quote in page["quotes"]]
    values = {
        value: name
        for name, value in _whole_values(env, docname).items()
        if name in page["shown"] and any(re.fullmatch(pattern, name) for pattern in patterns)
    }
    lines = text.splitlines()
    for node, words in prose(doctree):
        for number in WHOLE.findall(words):
            name = values.get(int(number.replace(",", "") or 0))
            if name:
                message = f"the number {number!r} is typed into prose, and is the quote {name!r}"
                problems.add(env, docname, f"{message}: show that", line_of(node, lines, number))


def _whole_values(env: BuildEnvironment, docname: str) -> dict[str, int]:
    """Return the whole numbers, too large to count things, that the page's cells handed on."""
    path = Path(env.mystnb_config.output_folder) / f"{docname}.glue.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    texts = {name: output["data"].get("text/plain", "") for name, output in kept.items()}
    whole = {
        name: int(text[:-2] if text.endswith(".0") else text)
        for name, text in texts.items()
        if re.fullmatch(r"\d+(\.0)?", text)
    }
    return {name: value for name, value in whole.items() if value not in COUNTS}


def _pattern(formatted: str, name: str, joined: str) -> str:
    """Return what the names of a quote look like: f"race-{size}" may be any of its family."""
    if joined:  # "race-" + size
        return re.escape(name) + ANY
    return re.sub(r"\{[^}]*\}", ANY, name) if formatted else re.escape(name)


def prove(app: Sphinx, env: BuildEnvironment) -> None:
    """Find the quotes that no page shows."""
    shown = set().union(*(page["shown"] for page in PAGES(env).values()))
    for docname, page in PAGES(env).items():
        for quote in page["quotes"]:
            pattern = re.compile(_pattern(*quote))
            if not any(pattern.fullmatch(each) for each in shown):
                problems.add(env, docname, f"the quote {quote[1]!r} is shown on no page")


def setup(app: Sphinx) -> dict:
    """Collect page by page, prove when all are read."""
    app.setup_extension("problems")
    app.connect("doctree-read", look)
    PAGES.connect(app)
    app.connect("env-updated", prove)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
