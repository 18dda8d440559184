"""Find which names a cell needs, binds and changes, so that a browser runs no more than it must.

What is read off is the source alone: a method called on a name, or a part of it that is assigned,
may change what it stands for; so may a function to which it is handed in a statement of its own,
as in `train(model, data)`. Draws from a generator do not count: another number serves as well.
Where a cell only imports a name, that line serves, and the cell need not run; unless a statement
of the cell tells the module something, as in `plotting.style()`, or is there to draw.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Methods that leave what they are called on as it was.
HARMLESS = frozenset(
    re.findall(
        r"\w+",
        """
        all any argmax argmin argsort astype clip copy cumsum dot endswith format get index item
        items join keys max mean min nonzero prod ravel repeat reshape round size split squeeze
        startswith std strip sum swapaxes tolist trace transpose values var normal uniform integers
        permutation choice random standard_normal
        """,
    )
)
#: What is imported to draw; how, the same cell says.
DRAWING = ("import matplotlib", "from matplotlib", "from nnbook import plotting")
#: Functions of the book that only show what they are given.
SHOWING = {"check", "claim", "quote", "result", "print", "display", "show", *dir(builtins)}


@dataclass
class Names:
    """The names of a cell: `now` needed when it runs, `later` when what it defines is called."""

    now: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)


def names_of_page(sources: list[str]) -> list[Names | None]:
    """Return the names of each cell of a page; None for one that is not plain Python."""
    imported: set[str] = set()
    cells = [_names(source, imported) for source in sources]
    for names in filter(None, cells):
        names.changes -= imported  # np.maximum(...) leaves np as it was
    return cells


def _names(source: str, imported: set[str]) -> Names | None:
    try:
        tree, table = ast.parse(source), symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return None
    names = Names()
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            names.binds.add(symbol.get_name())
        if symbol.is_imported():
            imported.add(symbol.get_name())
        if symbol.is_referenced():
            names.now.add(symbol.get_name())
    for child in table.get_children():
        _inner(child, names, child.get_type() == "function" and child.get_name() in names.binds)
    names.changes = _changes(tree)
    names.imports = _imports(tree)
    first: dict[str, bool] = {}
    for name, bound in _in_order(tree):
        first.setdefault(name, bound)
    names.now = {name for name in names.now if name not in names.binds or not first.get(name)}
    names.later -= names.binds
    return names


def as_json(names: Names | None) -> dict[str, list[str] | dict[str, str]]:
    """Return what the browser is told of a cell."""
    names = names or Names()
    known = set(dir(builtins)) - names.binds
    return {
        "now": sorted(names.now - known),
        "later": sorted(names.later - known - names.now),
        "binds": sorted(names.binds),
        "changes": sorted(names.changes),
        "imports": names.imports,
    }


def _inner(table: symtable.SymbolTable, names: Names, later: bool) -> None:
    """Add what a function, class or comprehension takes from the names of the page."""
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            (names.later if later else names.now).add(symbol.get_name())
        if symbol.is_declared_global() and symbol.is_assigned():
            names.changes.add(symbol.get_name())
    for child in table.get_children():
        _inner(child, names, later or (child.get_type() == "function" and not _comprehends(child)))


def _comprehends(table: symtable.SymbolTable) -> bool:
    return table.get_name() in ("listcomp", "setcomp", "dictcomp", "genexpr")


def _in_order(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the names of a cell as it comes to them, each with whether it is bound there."""
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0], True
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, False
        yield from _in_order(node.value)
    else:
        defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if defines:
            yield node.name, True
        parts = list(ast.iter_child_nodes(node))
        if hasattr(node, "generators"):
            parts = [*node.generators, *(part for part in parts if part not in node.generators)]
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.For):
            value = node.iter if isinstance(node, ast.For) else node.value
            parts.sort(key=lambda part: part is not value)
        for part in parts:
            yield from () if defines and isinstance(part, ast.stmt) else _in_order(part)


def _changes(tree: ast.Module) -> set[str]:
    """Return the names whose objects the statements of a cell may change."""
    found = set()
    for node in _outside_of_functions(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            found.add(_root(node))
        elif isinstance(node, ast.AugAssign):
            found.add(_root(node.target))
        elif _calls_method(node):
            found.add(_root(node.func))
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and called.id not in SHOWING and called.id.islower():
                found.update(a.id for a in node.value.args if isinstance(a, ast.Name))
    return found - {None}


def _imports(tree: ast.Module) -> dict[str, str]:
    """Return the line that imports a name, for each name of which that is all a cell does."""
    lines = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                line = ast.unparse(ast.copy_location(_only(node, alias), node))
                lines[(alias.asname or alias.name).split(".")[0]] = line
    told = {
        _root(node.value.func)
        for node in tree.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    }
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return {
        name: line
        for name, line in lines.items()
        if name not in told | stored | {"*"} and not line.startswith(DRAWING)
    }


def _only(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import([alias])
    return ast.ImportFrom(node.module, [alias], node.level)


def _calls_method(node: ast.AST) -> bool:
    method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return method and node.func.attr not in HARMLESS


def _outside_of_functions(node: ast.AST) -> list[ast.AST]:
    nodes = []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            nodes += [child, *_outside_of_functions(child)]
    return nodes


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
