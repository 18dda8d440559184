"""All that a chapter's cells depend on below `nnbook/`: modules, recorded numbers, other files.

The build runs a chapter again when any of it changed, to the letter; the record of
`make everywhere` takes of it what the numbers rest on (`digest`).
"""

import ast
import functools
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from everywhere.imports import PACKAGE, Package, parents

#: How a chapter asks for its record of a framework; other records are named by their file.
RECORDING = re.compile(r"\b(Recording|LongRun)\(\s*[\"']([\w-]+)[\"']")
KEPT = {"Recording": "frameworks.json", "LongRun": "long_runs.json"}
#: How else it gets at records: all of them count.
ANY_RECORD = re.compile(r"\b(?:Recording|LongRun)\((?!\s*[\"'][\w-]+[\"'])|\b(?:FILE|FOLDER)\b")
RECORDS = f"{PACKAGE}/teaching/recorded"
HINTS = f"{PACKAGE}/teaching/hints"
EVERYTHING = ast.parse(f"from {PACKAGE} import *").body
NOT_PYTHON = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)


class Sources:
    """The files of the package below a folder, as they are now."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.package = Package(root)

    def of(self, cells: list[str], without: Iterable[str] = ()) -> dict[str, str]:
        """Return by name what the cells depend on. Names of files that are no modules have a "/".

        Left out are the modules `without` and what only they use.
        """
        tree = parsed(cells)
        if not is_python(cells):
            tree.body += EVERYTHING
        modules = self.package.closure(tree, without)
        found = {module: self.package.source(module) for module in modules}
        for package in {p for module in modules for p in parents(module)} - modules:
            found[f"{package}, itself"] = self.package.own(package)
        return found | self._records("\n".join(cells), PACKAGE in modules) | self._others(modules)

    def state(self) -> str:
        """Return a digest of all there is, but for hints: what chapters are not affected by."""
        h = hashlib.sha256()
        for file in sorted((self.root / PACKAGE).rglob("*")):
            name = file.relative_to(self.root).as_posix()
            hint = name.startswith(HINTS) and file.suffix == ".md"
            if file.is_file() and file.suffix != ".pyc" and not hint:
                h.update(name.encode() + b"\0" + file.read_bytes())
        return h.hexdigest()

    def _records(self, code: str, everything: bool) -> dict[str, str]:
        """Return the recorded numbers that the code reads: its own page's, or a file it names."""
        whole = everything or ANY_RECORD.search(code)
        found = {f: text for f, text in self._recorded.items() if whole or Path(f).name in code}
        for kind, page in RECORDING.findall(code):
            known = json.loads(self._recorded.get(f"{RECORDS}/{KEPT[kind]}", "{}"))
            found[f"{KEPT[kind]}/{page}"] = json.dumps(known.get(page), sort_keys=True)
        return found

    @functools.cached_property
    def _recorded(self) -> dict[str, str]:
        files = sorted((self.root / RECORDS).glob("*.json"))
        return {f"{RECORDS}/{f.name}": f.read_text(encoding="utf-8") for f in files}

    def _others(self, modules: set[str]) -> dict[str, str]:
        """Return the other files that lie beside the modules.

        Where a page asks for the whole package, hints are left out: nothing computes with words.
        """
        packages = {m for m in modules if self.package.is_package(m)}
        packages |= {".".join(m.split(".")[:-1]) for m in modules}
        return {
            name: file.read_bytes().decode("utf-8", "backslashreplace")
            for name, (file, owner) in self._files.items()
            if owner in packages and not (PACKAGE in modules and name.startswith(HINTS))
        }

    @functools.cached_property
    def _files(self) -> dict[str, tuple[Path, str]]:
        """Return the files that are neither modules nor records, and the package of each."""
        found = {}
        for file in sorted((self.root / PACKAGE).rglob("*")):
            name = file.relative_to(self.root).as_posix()
            if file.suffix in (".py", ".pyc") or name.startswith(RECORDS) or not file.is_file():
                continue
            folder = file.parent
            while not (folder / "__init__.py").exists() and folder != self.root:
                folder = folder.parent
            found[name] = file, ".".join(folder.relative_to(self.root).parts)
        return found


def parsed(cells: list[str]) -> ast.Module:
    """Return the syntax tree of cells, without those that are no Python and lines with % or !."""
    trees: list[ast.stmt] = []
    for source in cells:
        try:
            trees += ast.parse(NOT_PYTHON.sub("", source)).body
        except SyntaxError:
            continue
    return ast.Module(body=trees, type_ignores=[])


def is_python(cells: list[str]) -> bool:
    """Return whether all cells can be read: no magic, no call of a shell, no mistake."""
    for source in cells:
        try:
            ast.parse(source)
        except SyntaxError:
            return False
    return True
