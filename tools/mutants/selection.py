"""Which tests belong to a file of the package: first its own, then all that could notice."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

#: Tests of the book, of the types and of what other programs need: they are no judges of a number.
APART = {"book", "typing", "benchmarks", "mutants"}


class Selection:
    """The tests of a repository, and what each of them names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tests = [
            path
            for path in sorted((root / "tests").rglob("test_*.py"))
            if path.relative_to(root / "tests").parts[0] not in APART
        ]
        self.modules = sorted((root / "nnbook").rglob("*.py"))

    def narrow(self, file: str) -> list[list[str]]:
        """Return the arguments of each call of pytest for the tests that belong to a file."""
        path = self.root / file
        own = self.by_stem(path) or self.naming(path, self.beside(path)) or self.beside(path)
        own = [test for test in own if test.stem != "test_registry"]
        steps = [[self.name(test) for test in own]] if own else []
        if path.parent == self.root / "nnbook" / "ops" and (ops := self.primitives(path)):
            words = " or ".join(sorted(ops))
            steps.append(["tests/ops/test_registry.py", "-k", words])
        return steps or [self.wide(file)]

    def wide(self, file: str) -> list[str]:
        """Return the tests beside it, those that name what it defines, and the examples."""
        path = self.root / file
        tests = [*self.beside(path), *self.naming(path, self.tests)]
        return list(dict.fromkeys([*map(self.name, tests), "tests/test_doctests.py"]))

    def name(self, test: Path) -> str:
        """Return a file's name from the root."""
        return test.relative_to(self.root).as_posix()

    def beside(self, path: Path) -> list[Path]:
        """Return the tests in the folder that mirrors the file's own, or named like its files."""
        folder = self.root / "tests" / path.parent.relative_to(self.root / "nnbook")
        if folder.is_dir():
            return [test for test in self.tests if test.parent == folder]
        stems = {f"test_{file.stem}" for file in path.parent.glob("*.py")}
        return [test for test in self.tests if test.stem in stems]

    def by_stem(self, path: Path) -> list[Path]:
        """Return the test of the same name, or of the longest beginning of the name."""
        words = path.stem.strip("_").split("_")
        for n in range(len(words), 0, -1):
            stem = "test_" + "_".join(words[:n])
            if own := [test for test in self.beside(path) if test.stem in {stem, stem + "s"}]:
                return own
        return []

    def naming(self, path: Path, tests: list[Path]) -> list[Path]:
        """Return the tests that name what a file defines; if none does, what is made with it."""
        files, seen = [path], {path}
        if path.stem.startswith("_") and path.stem != "__init__":
            files += self.users(path)
        while files:
            names = frozenset().union(*map(defined, files))
            if found := [test for test in tests if words(test) & names]:
                return found
            seen |= set(files)
            files = [user for file in files for user in self.users(file) if user not in seen]
        return []

    def users(self, path: Path) -> Iterable[Path]:
        """Return the files of the package that import from this one."""
        dotted = ".".join(path.relative_to(self.root).with_suffix("").parts)
        return [m for m in self.modules if dotted in imported(m) and m.stem != "__init__"]

    def primitives(self, path: Path) -> set[str]:
        """Return the primitives in a file, or in the files that it serves."""
        files = [path, *self.users(path)]
        own = set().union(*(operations(f) for f in files[:1]))
        return own or set().union(*(operations(f) for f in files))


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def words(path: Path) -> frozenset[str]:
    """Return all names and attributes in a file."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return frozenset(found)


@cache
def defined(path: Path) -> frozenset[str]:
    """Return the public functions and classes at the top of a file."""
    return frozenset(
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the modules that a file imports from, with dots."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found)


def operations(path: Path) -> set[str]:
    """Return the functions in a file that are decorated as primitives."""
    return {
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and any("primitive" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
