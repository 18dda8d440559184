"""Draw a chapter's figures as SVG: python -m tools.drawings components/neuron.

The cells of the chapter run once more, as the build runs them, with Matplotlib asked for drawings
instead of pictures. The files lie in _build/drawings/<page>, under the names that the figures have.
"""

import argparse
import sys
from pathlib import Path

import jupytext
import nbclient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[1]
FIRST = """%config InlineBackend.figure_formats = ["svg"]
import matplotlib_inline.backend_inline
matplotlib_inline.backend_inline.set_matplotlib_formats("svg")"""


def draw(path: Path) -> dict[str, str]:
    """Run a chapter. Return its drawings by name."""
    notebook = jupytext.read(path)
    notebook.cells.insert(0, new_code_cell(FIRST))
    folder = {"metadata": {"path": str(path.parent)}}
    nbclient.execute(notebook, timeout=600, kernel_name="python3", resources=folder)
    return drawings(notebook)


def drawings(notebook: NotebookNode) -> dict[str, str]:
    """Return the drawings of a notebook that ran: by their figures' names, else by their places."""
    found = {}
    for place, cell in enumerate(notebook.cells):
        shown = [output.get("data", {}) for output in cell.get("outputs", [])]
        shown = [data["image/svg+xml"] for data in shown if "image/svg+xml" in data]
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        name = figure.get("name", f"cell-{place}")
        for number, drawing in enumerate(shown, 1):
            found[f"{name}-{number}" if len(shown) > 1 else name] = drawing
    return found


def main() -> int:
    """Draw the figures of one page. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", help="as in the table of contents: components/neuron")
    page = parser.parse_args().page.removeprefix("book/").removesuffix(".md")
    path = ROOT / "book" / f"{page}.md"
    if not path.exists():
        sys.exit(f"there is no {path}")
    target = ROOT / "_build" / "drawings" / page
    target.mkdir(parents=True, exist_ok=True)
    found = draw(path)
    for name, drawing in found.items():
        (target / f"{name}.svg").write_text(drawing, encoding="utf-8")
    print(f"{'drawings':12} {len(found)} in {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
