"""Which modules of the package a piece of code uses, directly or through others.

`import nnbook` runs the whole package, but a chapter that uses `nn.Linear` depends on
`nn/linear.py` and on what that imports, not on the other layers. So a name is followed through the
packages that only hand it on, to the module that defines it. Where the syntax does not tell (a
package handed to a function, a name made at run time), all that the package imports counts.
"""

import ast
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = "nnbook"


class Package:
    """The modules below a folder that holds `nnbook/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._trees: dict[str, ast.Module] = {}
        self._installed: set[str] | None = None
        self._uses: dict[str, set[str]] = {}
        self._hands_on: dict[str, dict[str, tuple[str, str]]] = {}

    def path(self, module: str) -> Path | None:
        """Return the file of a module, or None if there is no such module."""
        base = self.root.joinpath(*module.split("."))
        for path in (base / "__init__.py", base.with_suffix(".py")):
            if path.is_file():
                return path
        return None

    def closure(self, tree: ast.AST, without: Iterable[str] = ()) -> set[str]:
        """Return all modules that the code depends on, leaving out some and what only they use."""
        found, waiting = set(without), list(self.uses(tree))
        waiting += self.installed() if waiting else []
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += self._module_uses(module)
        return found - set(without)

    def installed(self) -> set[str]:
        """Return the modules of which a package calls something as soon as it is imported."""
        if self._installed is None:
            self._installed = set()
            for path in sorted((self.root / PACKAGE).rglob("__init__.py")):
                module = ".".join(path.parent.relative_to(self.root).parts)
                called = [
                    node
                    for node in self._tree(module).body
                    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
                ]
                for alias, (other, name) in self._names(module).items():
                    if any(_chains(ast.Module(called, []), [alias])[alias]):
                        self._installed |= {self._resolve(other, (name,)) or other}
        return self._installed

    def uses(self, tree: ast.AST, of: str = "") -> set[str]:
        """Return the modules that define what the code of the module `of` uses by name."""
        bound: dict[str, str] = {}  # names of the code that stand for a module
        found: set[str] = set()
        for module, name, alias in _imports(tree):
            target = self._resolve(module, (name,) if name else ())
            if name and target is not None and self._is_package(f"{module}.{name}"):
                bound[alias] = f"{module}.{name}"
            elif not name and self._is_package(module):
                bound[alias] = module
            else:
                found.add(target or module)
        for alias, asked in _chains(tree, bound).items():
            for chain in asked:
                target = self._resolve(bound[alias], chain) if chain else None
                found.add(target or bound[alias])  # of a package, all that it imports follows
        return found - {of}

    def _is_package(self, module: str) -> bool:
        path = self.path(module)
        return path is not None and path.name == "__init__.py"

    def _module_uses(self, module: str) -> set[str]:
        if module not in self._uses:
            self._uses[module] = self.uses(self._tree(module), of=module)
        return self._uses[module]

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            path = self.path(module)
            self._trees[module] = ast.Module(body=[], type_ignores=[])
            with contextlib.suppress(SyntaxError):  # the chapters that use it will say so
                self._trees[module] = ast.parse(path.read_text(encoding="utf-8") if path else "")
        return self._trees[module]

    def _names(self, module: str) -> dict[str, tuple[str, str]]:
        """Return what a module imports from the package: name -> (module, its name there)."""
        if module not in self._hands_on:
            imports = _imports(self._tree(module))
            self._hands_on[module] = {a: (m, n) for m, n, a in imports if n}
        return self._hands_on[module]

    def _resolve(self, module: str, chain: tuple[str, ...]) -> str | None:
        """Return the module that defines `module.a.b`, or None if that cannot be told."""
        for name in chain:
            if self.path(f"{module}.{name}"):
                module = f"{module}.{name}"
                continue
            if not self._is_package(module):
                break  # a class or a function of this module, and what it has
            if name in self._names(module):
                other, original = self._names(module)[name]
                return self._resolve(other, (original,))
            if name not in _defined(self._tree(module)):
                return None
            break
        return module if self.path(module) else None


def _imports(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Yield (module, name or "", name in this code) of each import of the package."""
    for node in ast.walk(tree):
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


def _defined(tree: ast.AST) -> set[str]:
    """Return the names that a module defines itself."""
    names = set()
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names
