"""Export a chapter's exercises for nbgrader: python -m tools.grading components/neuron.

Needs the built book. What is written is the version of the teacher, a notebook in `source`: each
exercise is a cell with its solution between the marks that nbgrader takes out, followed by a locked
cell worth a point, which calls the book's own checker. `nbgrader generate_assignment` makes the
version of the students from it, `nbgrader autograde` counts their points.
"""

import argparse
import ast
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "_build" / "html" / "_sources"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
POINT = """from nnbook.teaching import judge

passed, message = judge({name!r}, {answer})
assert passed, message"""


def checked(source: str) -> tuple[str, str, str] | None:
    """Return of a cell that calls `check`: the exercise, the answer, and the code without the call.

    None for other cells.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a command to the notebook
        return None
    for line in body:
        match line:
            case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(name), answer])):
                rest = source.splitlines()
                del rest[line.lineno - 1 : line.end_lineno]
                return name, ast.unparse(answer), "\n".join(rest).strip()
    return None


def export(worked: NotebookNode, unsolved: NotebookNode) -> NotebookNode:
    """Return the notebook of the teacher, from the two that the site has."""
    solutions = {}
    for cell in worked.cells:
        if "solution" in cell.metadata.get("tags", []) and (found := checked(cell.source)):
            solutions[found[0]] = found[2]
    cells = []
    for cell in unsolved.cells:
        found = cell.cell_type == "code" and checked(cell.source)
        if found and found[0] in solutions:
            cells += graded(*found, solutions[found[0]])
        else:
            cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata=unsolved.metadata)


def graded(name: str, answer: str, stub: str, solution: str) -> list[NotebookNode]:
    """Return an exercise as two cells: what the student writes, and what judges it."""
    place = name.replace(".", "-")
    written = new_code_cell(f"{stub}\n{BEGIN}\n{solution}\n{END}", id=place)
    cells = [written, new_code_cell(id=f"{place}-point")]
    cells[1].source = POINT.format(name=name, answer=answer)
    for cell, grade in zip(cells, (False, True)):
        about = {"schema_version": 3, "grade_id": cell.id, "locked": grade, "task": False}
        cell.metadata["nbgrader"] = about | {"grade": grade, "solution": not grade}
        if grade:
            cell.metadata["nbgrader"]["points"] = 1
    return cells


def main() -> int:
    """Export one page. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", help="as in the table of contents: components/neuron")
    parser.add_argument("--course", type=Path, default=ROOT / "_build" / "course")
    options = parser.parse_args()
    page = options.page.removeprefix("book/").removesuffix(".md")
    both = [SOURCES / f"{page}{end}.ipynb" for end in ("", "-unsolved")]
    if not all(path.exists() for path in both):
        sys.exit(f"{page} has no exercises in {SOURCES}: build the book first (make book)")
    notebook = export(*(nbformat.read(path, as_version=4) for path in both))
    name = page.replace("/", "-")
    target = options.course / "source" / name / f"{name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    points = sum("points" in cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    print(f"{'grading':12} {points} exercises in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
