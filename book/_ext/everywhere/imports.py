"""Which modules of the package a piece of code needs, directly or through others.

`import nnbook` runs the whole package, but a chapter that uses `nn.Linear` depends on
`nn/linear.py` and on what that imports, not on the other layers. So a name is followed through the
packages that only hand it on, to the module that defines it. Where the syntax does not tell (a
package handed to a function, a name made at run time), all that lies in the package counts, and
what `named` finds beside the imports. What a module does to others as it is loaded counts for all.
"""

import ast
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from everywhere import named

PACKAGE = named.PACKAGE
DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


class Package:
    """The modules below a folder that holds `nnbook/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._paths: dict[str, Path | None] = {}
        self._trees: dict[str, ast.Module] = {}
        self._always: set[str] | None = None
        self._uses: dict[str, set[str]] = {}
        self._hands_on: dict[str, dict[str, tuple[str, str]]] = {}

    def path(self, module: str) -> Path | None:
        """Return the file of a module, or None if there is no such module."""
        if module not in self._paths:
            base = self.root.joinpath(*module.split("."))
            files = (base / "__init__.py", base.with_suffix(".py"))
            self._paths[module] = next((path for path in files if path.is_file()), None)
        return self._paths[module]

    def source(self, module: str) -> str:
        """Return the text of a module."""
        path = self.path(module)
        return path.read_text(encoding="utf-8") if path else ""

    def closure(self, tree: ast.AST, without: Iterable[str] = ()) -> set[str]:
        """Return all modules that the code depends on.

        Left out are the modules `without`, what lies below them, and what only they use.
        """
        out = tuple(without)
        below = tuple(f"{name}." for name in out)
        found: set[str] = set()
        waiting = list(self.uses(tree))
        if waiting or any(_imports(tree)):
            waiting += self.always()
        while waiting:
            module = waiting.pop()
            if module not in found and module not in out and not module.startswith(below):
                found.add(module)
                waiting += self._module_uses(module)
                waiting += [m for package in parents(module) for m in self._done_by(package)]
        return found

    def always(self) -> set[str]:
        """Return what counts for all: what does something to others when nnbook is imported."""
        if self._always is None:
            self._always, seen, waiting = set(), set(), [PACKAGE]
            while waiting:
                module = waiting.pop()
                if module in seen or not self.path(module):
                    continue
                seen.add(module)
                tree = self._tree(module)
                for other, name, _ in _imports(tree, inside=False):
                    waiting += [*parents(other), other, f"{other}.{name}"]
                if self.is_package(module):
                    self._always |= self._done_by(module)
                elif any(map(_acts, tree.body)):
                    self._always.add(module)
        return self._always

    def uses(self, tree: ast.AST, of: str = "") -> set[str]:
        """Return the modules that define what the code of the module `of` uses by name."""
        bound: dict[str, str] = {}  # names of the code that stand for a package
        found: set[str] = set()
        for module, name, alias in _imports(tree):
            target = self._resolve(module, (name,) if name else ())
            if self.is_package(target or "") and target == ".".join(filter(None, (module, name))):
                bound[alias] = target
            else:
                found.add(target or module)
        for alias, asked in _chains(tree, bound).items():
            for chain in asked:
                target = self._resolve(bound[alias], chain) if chain else None
                found.add(target or bound[alias])  # of a package, all that lies in it follows
        found |= {module for module in named.in_strings(tree) if self.path(module)}
        for code in named.code_in_strings(tree):
            found |= self.uses(code)
        found |= named.filled(tree, of)
        if not of and found & named.ASK_EXERCISES:
            found |= named.exercises(tree, self.root)
        return found - {of}

    def own(self, package: str) -> str:
        """Return what a package does itself, beside handing on names: the text of it."""
        source = self.source(package)
        parts = (ast.get_source_segment(source, node) for node in _own(self._tree(package)))
        return "\n".join(part for part in parts if part)

    def below(self, package: str) -> list[str]:
        """Return all modules that lie in a package."""
        path = self.path(package)
        if path is None or path.name != "__init__.py":
            return []
        files = (file.relative_to(self.root) for file in sorted(path.parent.rglob("*.py")))
        return [".".join(f.with_suffix("").parts).removesuffix(".__init__") for f in files]

    def is_package(self, module: str) -> bool:
        """Return whether a module is a folder."""
        path = self.path(module)
        return path is not None and path.name == "__init__.py"

    def _module_uses(self, module: str) -> set[str]:
        if module not in self._uses:
            self._uses[module] = self.uses(self._tree(module), of=module) | {*self.below(module)}
        return self._uses[module]

    def _done_by(self, package: str) -> set[str]:
        """Return what a package uses itself when it is loaded, as in `operators.install()`."""
        key = f"{package}, itself"
        if key not in self._uses:
            own = _own(self._tree(package))
            asked = {n.id for node in own for n in ast.walk(node) if isinstance(n, ast.Name)}
            imports: list[ast.stmt] = []
            for node in self._tree(package).body:
                if isinstance(node, IMPORTS):
                    names = [a for a in node.names if (a.asname or a.name.split(".")[0]) in asked]
                    again = ast.Import(names)
                    if isinstance(node, ast.ImportFrom):
                        again = ast.ImportFrom(node.module, names, 0)
                    imports.append(again)
            self._uses[key] = self.uses(ast.Module([*imports, *own], []), of=package)
        return self._uses[key]

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            self._trees[module] = ast.Module(body=[], type_ignores=[])
            with contextlib.suppress(SyntaxError):  # the chapters that use it will say so
                self._trees[module] = ast.parse(self.source(module))
        return self._trees[module]

    def _names(self, module: str) -> dict[str, tuple[str, str]]:
        """Return what a module imports from the package: name -> (module, its name there)."""
        if module not in self._hands_on:
            imports = _imports(self._tree(module))
            self._hands_on[module] = {a: (m, n) for m, n, a in imports if n}
        return self._hands_on[module]

    def _resolve(self, module: str, chain: tuple[str, ...]) -> str | None:
        """Return the module that defines `module.a.b`, or None if that cannot be told."""
        if not chain or not self.is_package(module):
            return module if self.path(module) else None
        name, rest = chain[0], chain[1:]
        handed_on = self._names(module).get(name)
        if handed_on and handed_on != (module, name):  # it hides a module of the same name
            return self._resolve(handed_on[0], (handed_on[1], *rest))
        if self.path(f"{module}.{name}"):
            return self._resolve(f"{module}.{name}", rest)
        return module if name in _defined(self._tree(module)) else None


def parents(module: str) -> list[str]:
    """Return the packages that a module lies in."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _imports(tree: ast.AST, *, inside: bool = True) -> Iterator[tuple[str, str, str]]:
    """Yield (module, name or "", name in this code) of each import of the package."""
    for node in ast.walk(tree) if inside else tree.body:
        if isinstance(node, ast.Import):
            for item in node.names:
                if item.name.split(".")[0] == PACKAGE:
                    # `import nnbook.nn` binds nnbook
                    module = item.name if item.asname else PACKAGE
                    yield module, "", item.asname or PACKAGE
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
            for item in node.names:
                yield node.module, item.name, item.asname or item.name


def _chains(tree: ast.AST, names: Iterable[str]) -> dict[str, set[tuple[str, ...]]]:
    """Return what is asked of each name: ("Linear",), ("Linear", "forward"); () is it alone."""
    inner: set[int] = set()
    chains: dict[str, set[tuple[str, ...]]] = {name: set() for name in names}
    if not chains:
        return chains
    for node in ast.walk(tree):  # an outer attribute comes before the inner ones
        if not isinstance(node, ast.Attribute | ast.Name) or id(node) in inner:
            continue
        chain: tuple[str, ...] = ()
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            inner.add(id(value))
            chain, value = (value.attr, *chain), value.value
        inner.add(id(value))
        if isinstance(value, ast.Name) and isinstance(value.ctx, ast.Load) and value.id in chains:
            chains[value.id].add(chain)
    return chains


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a module defines itself."""
    names = set()
    for node in tree.body:
        if isinstance(node, DEFINES):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names |= {n.id for t in _targets(node) for n in ast.walk(t) if isinstance(n, ast.Name)}
    return names


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _own(tree: ast.Module) -> list[ast.stmt]:
    """Return the statements of a package that do more than hand on names."""
    return [
        node
        for node in tree.body
        if not isinstance(node, IMPORTS) and not _is_idle(node) and not _is_list_of_names(node)
    ]


def _is_list_of_names(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _is_idle(node: ast.stmt) -> bool:
    """Return whether a statement does nothing when its module is imported: words, types, a main.

    Beside the types may stand what hands on the same names when they are first asked for.
    """
    if isinstance(node, ast.If):
        later = all(getattr(n, "name", "") in ("__getattr__", "__dir__") for n in node.orelse)
        return ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'") and later
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _acts(node: ast.stmt) -> bool:
    """Return whether a statement of a module may change something outside of it."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return not all(isinstance(t, ast.Name | ast.Tuple) for t in _targets(node))
    return not isinstance(node, (*IMPORTS, *DEFINES)) and not _is_idle(node)
