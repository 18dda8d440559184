"""Turn a finished page back into the cells of a notebook, in Markdown that any notebook can show.

The page is taken as Sphinx resolved it: numbers are in the text, citations have their authors,
listings their lines, references the names of what they point at. So no directive needs a rule of
its own here; what remains are the few dozen kinds of nodes that all directives are made of.
"""

import ast
from typing import Any

from docutils import nodes
from everywhere.digest import FIGURE_DATA
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from sphinx_exercise.nodes import is_solution_node

from notebooks.blocks import Blocks, is_code

HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


class Writer(Blocks):
    """Writes one page.

    Parameters
    ----------
    source : list of cells
        The chapter's cells as they were read, to which the page's code cells point by index. Cells
        that the page does not show are put back where they were.
    kind : str
        What becomes of solutions. A `worked` page has each below its exercise, as the book has; an
        `unsolved` one has none; in a `solved` one they take the place of what is to be filled in.
    """

    def __init__(self, source: list[NotebookNode], *, kind: str, **lookups: Any) -> None:
        super().__init__(**lookups)
        self.source, self.kind = source, kind
        self.cells: list[NotebookNode] = []
        self.written = -1  # the index of the last code cell that is dealt with
        self.answers: dict[str, set[int]] = {}  # of each check the cells whose answer passes it
        self.imports: list[str] = []  # of a cell that was left out, for the next

    def write(self, document: nodes.document, ending: str = "") -> list[NotebookNode]:
        """Return the cells of a page. `ending` is Markdown to close with."""
        for cell in [c for s in document.findall(is_solution_node) for c in s.findall(is_code)]:
            for name in checks(self.source[cell["cell_index"]].source):
                self.answers.setdefault(name, set()).add(cell["cell_index"])
        self.children(document)
        self.catch_up(len(self.source))
        if ending:
            self.blocks.append(ending)
        self.flush()
        for i, cell in enumerate(self.cells):
            cell["id"] = f"cell-{i:03d}"  # not random: the same page gives the same file
        return self.cells

    def block(self, node: nodes.Node) -> None:
        """Write a node: a code cell, or a block."""
        if is_code(node):
            self.code_cell(node)
        else:
            super().block(node)

    def flush(self) -> None:
        """Close the Markdown cell that is being written."""
        if self.blocks:
            cell = new_markdown_cell("\n\n".join(self.blocks))
            if self.attachments:
                cell["attachments"] = self.attachments
            self.cells.append(cell)
        self.blocks, self.attachments = [], {}

    def code_cell(self, node: nodes.container) -> None:
        """Write a code cell of the page, and below it the caption of the figure that it draws."""
        index = node["cell_index"]
        self.catch_up(index)
        names = checks(self.source[index].source)
        if self.kind == "solved" and any(index not in self.answers.get(n, {index}) for n in names):
            self.written, self.imports = index, imports(self.source[index].source)
            return
        self.flush()
        self._add_code(index)
        for figure in node.findall(nodes.figure):
            self._figure(figure)

    def catch_up(self, index: int) -> None:
        """Write the code cells before `index` that the page left out."""
        for i in range(self.written + 1, index):
            if self.source[i].cell_type == "code":
                self.flush()
                self._add_code(i)

    def _add_code(self, index: int) -> None:
        missing = [line for line in self.imports if line not in self.source[index].source]
        lines = "\n".join(missing) + "\n\n\n" if missing else ""
        cell = new_code_cell(lines + self.source[index].source)
        tags = list(self.source[index].metadata.get("tags", []))
        self.written = index
        if FIGURE_DATA in tags:  # the figure is on the site
            return
        if tags:
            cell.metadata["tags"] = tags
        if HIDDEN.intersection(tags):
            cell.metadata["jupyter"] = {"source_hidden": True}
        self.cells.append(cell)
        self.imports = []

    def _Hint(self, node: nodes.Element) -> None:
        if self.kind != "solved":  # there the solution is one line below
            super()._Hint(node)

    def _solution_node(self, node: nodes.Element) -> None:
        if self.kind != "unsolved":
            before = len(self.cells)
            self.admonition(node)
            for cell in self.cells[before:] if self.kind == "worked" else []:
                if cell.cell_type == "code":  # its verdict is not the reader's
                    cell.metadata.setdefault("tags", []).append("solution")
            return
        indices = [cell["cell_index"] for cell in node.findall(is_code)]
        if indices:
            self.catch_up(min(indices))
            self.written = max(indices)


def checks(source: str) -> set[str]:
    """Return the names of the exercises whose answers a cell hands in."""
    return {
        call.args[0].value
        for call in ast.walk(_parsed(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "check"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def imports(source: str) -> list[str]:
    """Return the lines of a cell that import."""
    found = (ast.Import, ast.ImportFrom)
    return [ast.unparse(line) for line in _parsed(source).body if isinstance(line, found)]


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # a command to the notebook
        return ast.Module([], [])
