"""Modules that code reaches without an import that the syntax shows, found by what it names.

A table that others fill (the operations in `REGISTRY`, the exercises), a module or a program in a
string that another Python is given, a module that is imported by a name made at run time.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "nnbook"

#: Tables, who fills them, and the modules that only keep or fill them.
FILLED = {
    "REGISTRY": ("nnbook.ops", {"nnbook.tensor", "nnbook.tensor.operation"}),
    "EXERCISES": (
        "nnbook.teaching.exercises",
        {"nnbook.teaching", "nnbook.teaching.checker", "nnbook.teaching.exercise"},
    ),
}
#: Modules that import by a name made at run time, and what: exercises, which `exercises` finds, and
#: frameworks, which are none of the package.
KNOWN = {"nnbook.teaching.exercise", "nnbook.teaching.recorded"}
#: What runs code or imports a module that the syntax does not show.
DYNAMIC = {"import_module", "__import__", "exec", "eval", "run_module", "run_path"}
#: The modules by which a chapter asks for exercises.
ASK_EXERCISES = {"nnbook.teaching.checker", "nnbook.teaching.exercise"}
ASKING = {"check", "judge"}
PROGRAM = re.compile(rf"^\s*(?:from|import)\s+{PACKAGE}\b", re.MULTILINE)


def filled(tree: ast.AST, of: str) -> set[str]:
    """Return what fills the tables that code of the module `of` reads; all if nothing can tell."""
    found = set()
    only_taken_from: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "pop":
            only_taken_from.add(id(node.value))
        if isinstance(node, ast.alias) or id(node) in only_taken_from:
            continue
        name = _name(node)
        by, keepers = FILLED.get(name, ("", {of}))
        found |= {by} if of not in keepers else set()
        if name in DYNAMIC and of not in KNOWN and not _is_method(node):
            found.add(PACKAGE)
        if not of and isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules":
            found.add(PACKAGE)
    return found


def in_strings(tree: ast.AST) -> Iterator[str]:
    """Yield modules that the code names in strings: "nnbook.cli", or "-m", "nnbook"."""
    texts = [node.value for node in _strings(tree)]
    if PACKAGE in texts and "-m" in texts:
        yield f"{PACKAGE}.__main__"
    yield from (text for text in texts if re.fullmatch(rf"{PACKAGE}(\.\w+)+", text))


def code_in_strings(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the programs in strings that import the package; `import *` of it if not Python."""
    for node in _strings(tree):
        if PROGRAM.search(node.value):
            try:
                yield ast.parse(textwrap.dedent(node.value))
            except SyntaxError:
                yield ast.parse(f"from {PACKAGE} import *")


def exercises(tree: ast.AST, root: Path) -> set[str]:
    """Return the modules of the exercises that a chapter checks; all where it does not tell."""
    folder = root / PACKAGE / "teaching" / "exercises"
    asking = _asking(tree)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in asking]
    mentioned = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in asking]
    if not asking or len(calls) < len(mentioned) or not all(map(_begins_with_a_string, calls)):
        return {f"{PACKAGE}.teaching.exercises"}
    checked = {call.args[0].value for call in calls}
    found = set()
    for part in {name.partition(".")[0] for name in checked}:
        texts = {file: file.read_text(encoding="utf-8") for file in (folder / part).glob("*.py")}
        for name in (name for name in checked if name.partition(".")[0] == part):
            holding = [f for f, text in texts.items() if f'"{name}"' in text] or list(texts)
            found |= {f"{PACKAGE}.teaching.exercises.{part}.{file.stem}" for file in holding}
    return {module.removesuffix(".__init__") for module in found}


def _asking(tree: ast.AST) -> set[str]:
    """Return the names under which a chapter imports what checks an answer, and nothing more."""
    modules = (f"{PACKAGE}.teaching", f"{PACKAGE}.teaching.checker")
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module in modules]
    names = [item for node in imports for item in node.names]
    if any(item.name in ("load", "exercise", "Exercise") for item in names):
        return set()
    return {item.asname or item.name for item in names if item.name in ASKING}


def _begins_with_a_string(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and isinstance(first.value, str)


def _name(node: ast.AST) -> str:
    """Return the name that a node of the syntax tree stands for, as in `a.name` and `name`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.name if isinstance(node, ast.alias) else ""


def _is_method(node: ast.AST) -> bool:
    """Return whether it is `network.eval`, not Python's own `eval`."""
    return isinstance(node, ast.Attribute) and node.attr in ("eval", "exec")


def _strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings of code that are no docstrings and name no folder of data."""
    words = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            words.add(id(node.value))
        elif isinstance(node, ast.Call) and _name(node.func) == "files":  # of importlib.resources
            words |= {id(argument) for argument in node.args}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from () if id(node) in words else (node,)
