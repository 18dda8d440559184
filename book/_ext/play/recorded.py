"""What the cells hand to figures: kept page by page, and only in cells that do nothing else.

Such a cell bears the tag ``figure-data``. The notebook leaves it out, and so does the digest of
what a chapter's numbers depend on; therefore no later cell may use what it made.
"""

import ast
import symtable

import problems
from claims.records import Records
from everywhere.digest import FIGURE_DATA
from everywhere.sources import parsed
from execution.reading import read_notebook
from nbformat import NotebookNode
from sphinx.application import Sphinx

RECORDED = Records("figure_data")
#: What no cell of this kind may call: the page rests on it.
SAYS = {"claim", "quote", "result", "amend", "check"}


def look(app: Sphinx, doctree: object) -> None:
    """Hold the page that was just read to the rule."""
    env = app.env
    notebook = read_notebook(env, env.docname)
    cells = [c for c in notebook.cells if c.cell_type == "code"] if notebook else []
    for message in faults(cells):
        problems.add(env, env.docname, message)


def faults(cells: list[NotebookNode]) -> list[str]:
    """Return what is wrong with the cells that hand data to figures."""
    found, made = [], {}
    for cell in cells:
        tree = parsed([cell.source])
        calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and _named(n.func)}
        bound, _ = scopes(tree)
        if FIGURE_DATA in cell.metadata.get("tags", []):
            if "figure_data" not in calls:
                found.append(f"a cell has the tag {FIGURE_DATA!r}, but calls no figure_data(...)")
            for call in sorted(calls & SAYS):
                found.append(
                    f"a cell with the tag {FIGURE_DATA!r} calls {call}(...): it belongs elsewhere"
                )
            made |= dict.fromkeys(bound)
        else:
            if "figure_data" in calls:
                found.append(f"a cell calls figure_data(...) without the tag {FIGURE_DATA!r}")
            for name in sorted(needed(tree) & made.keys()):
                found.append(f"{name!r} is used, but made in a cell with the tag {FIGURE_DATA!r}")
            for name in bound:
                made.pop(name, None)
    return found


def _named(function: ast.expr) -> bool:
    return isinstance(function, ast.Name)


def scopes(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds for later ones, and those that it reads from outside.

    What a comprehension or a function binds for itself is neither.
    """
    bound, read = set(), set()
    tables = [symtable.symtable(ast.unparse(tree), "cell", "exec")]
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            outside = table.get_type() == "module" or symbol.is_global()
            if outside and (symbol.is_assigned() or symbol.is_imported()):
                bound.add(symbol.get_name())
            if outside and symbol.is_referenced():
                read.add(symbol.get_name())
    return bound, read


def needed(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads before it has bound them itself."""
    everywhere, _ = scopes(tree)
    found, before = set(), set()
    for statement in tree.body:
        bound, read = scopes(ast.Module([statement], []))
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            own = everywhere  # it is called later
        elif isinstance(statement, (ast.For, ast.With, ast.While, ast.If, ast.Try)):
            own = bound
        else:
            own = set()
        found |= read - before - own
        before |= bound
    return found


def setup(app: Sphinx) -> dict:
    """Keep what the cells hand over, and look at them, when a page is read."""
    RECORDED.connect(app)
    app.connect("doctree-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
