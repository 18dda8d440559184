"""The first two cells of a notebook: what it needs, and the code that brings what is missing.

The package comes from the wheel that lies beside the notebook or in a folder above it, as in the
archive of all notebooks; else from the site, else from the repository, if they have an address.
"""

from importlib.metadata import metadata

import publishing
from execution import cache
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx.application import Sphinx

from notebooks.parcel import ARCHIVE, place, wheel_name

#: What cells import besides the package and what its data sets need. Bounds are left to what is
#: there: a notebook that runs has its Matplotlib, and another one would ask for a new start.
BESIDE = ("matplotlib", "safetensors")
#: What Colab's runtime 2026.01 has, which can be chosen there by this name.
COLAB = "Python 3.12 and NumPy 2.0"
CODE = """# Brings the book's package, and what its chapters use, if they are not here.
import importlib.util
import subprocess
import sys
from pathlib import Path

if importlib.util.find_spec("nnbook") is None:
    here = Path.cwd()
    folders = (here, *here.parents)
    wheels = [w for folder in folders for w in folder.glob("nnbook-*.whl")]
    {otherwise}
    packages = [f"nnbook[data] @ {{source}}", {beside}]
    install = [sys.executable, "-m", "pip", "install", "--quiet", *packages]
    subprocess.run(install, check=True)
    importlib.invalidate_caches()"""
ELSEWHERE = 'source = wheels[0].as_uri() if wheels else "{source}"'
SOLUTIONS = {
    "unsolved": " The solutions are left out; the book's page has them.",
    "solved": " The exercises are filled in; the unsolved notebook leaves them to you.",
}
NOWHERE = """if not wheels:
        raise ImportError(
            "nnbook is missing: put its wheel, "
            "{wheel}, beside this notebook"
        )
    source = wheels[0].as_uri()"""


def opening(app: Sphinx, kind: str) -> list[NotebookNode]:
    """Return the cells that every notebook begins with."""
    words = new_markdown_cell(preface(app, kind), id="preface")
    code = new_code_cell(installing(app), id="setting", metadata={"tags": ["setting"]})
    return [words, code]


def preface(app: Sphinx, kind: str) -> str:
    """Return the words above the first cell."""
    site, versions = app.config.html_baseurl, cache.versions()
    book = app.config.html_title
    book = f"[{book}]({site})" if site else book
    solutions = SOLUTIONS.get(kind, "")
    about = metadata("nnbook")
    python = about["Requires-Python"].removeprefix(">=")
    needs = about.get_all("Requires-Dist")
    (numpy,) = [each.removeprefix("numpy>=") for each in needs if each.startswith("numpy>=")]
    without = "" if origin(app) else f" It looks for the package's wheel, which is in `{ARCHIVE}`."
    return (
        f"*A chapter of {book}.{solutions} It needs Python {python} and NumPy {numpy}, or newer "
        "ones, and the book's package. The next cell installs what is missing, also on Colab: its "
        f"runtime 2026.01 has {COLAB}, and they can stay.{without} The page was made "
        f"with Python {versions['Python']} and NumPy {versions['numpy']}.*"
    )


def installing(app: Sphinx) -> str:
    """Return the code that installs what is missing."""
    source = origin(app)
    otherwise = (ELSEWHERE if source else NOWHERE).format(source=source, wheel=wheel_name())
    return CODE.format(otherwise=otherwise, beside=", ".join(f'"{name}"' for name in BESIDE))


def origin(app: Sphinx) -> str:
    """Return where pip finds the package, if it is anywhere."""
    project = publishing.project(app)
    if project.site:
        return f"{project.site.rstrip('/')}/{place(wheel_name())}"
    return f"git+{project.repository}" if project.repository else ""
