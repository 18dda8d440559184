"""A digest of what a chapter's numbers depend on: its cells, the modules they use, the records.

Comments and docstrings are left out, so that a better sentence in the package runs nothing again.
What only checks a reader's exercise, draws, hands a result on to the page of results, or hands out
what was recorded is not counted: no claim rests on it. (The recorded numbers themselves are.)
"""

import ast
import contextlib
import functools
import hashlib
import io
import json
import os
import re
import tokenize
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from everywhere.imports import Package

#: The tag of a cell that hands data to a figure to play with, and does nothing else.
FIGURE_DATA = "figure-data"
#: How a chapter asks for its record of a framework; other records are named by their file.
RECORDING = re.compile(r"\b(Recording|LongRun)\(\s*[\"']([\w-]+)[\"']")
#: What judges a reader's answer, hands numbers on, or draws. No claim rests on it.
NO_CLAIM = (
    *(
        f"nnbook.teaching.{name}"
        for name in ("checker", "figure_data", "long_runs", "recorded", "records", "results")
    ),
    *(f"nnbook.plotting.{name}" for name in ("animation", "diagrams", "figures")),
)
KEPT = {"Recording": "frameworks.json", "LongRun": "long_runs.json"}


def chapter_digest(path: Path, package: Package) -> str:
    """Return the digest of a chapter as it stands."""
    cells = code_cells(jupytext.read(path))
    code = [c.source for c in cells if FIGURE_DATA not in c.metadata.get("tags", [])]
    h = hashlib.sha256("\0".join(map(bare, code)).encode())
    for module in sorted(package.closure(parsed(code), without=NO_CLAIM)):
        file = package.path(module)
        source = file.read_text(encoding="utf-8") if file else ""
        h.update(f"\0{module}\0{bare(source)}".encode())
    for name, text in sorted(_records(package.root, "\n".join(code)).items()):
        h.update(f"\0{name}\0{text}".encode())
    return h.hexdigest()[:16]


def has_cells(path: Path) -> bool:
    """Return whether a page is a notebook with cells."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return "kernelspec:" in text and "```{code-cell}" in text


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def parsed(cells: list[str]) -> ast.AST:
    """Return the syntax tree of cells, without those that are no Python and lines with % or !."""
    trees = []
    for source in cells:
        with contextlib.suppress(SyntaxError):
            trees += ast.parse(re.sub(r"^[ \t]*[%!].*$", "", source, flags=re.MULTILINE)).body
    return ast.Module(body=trees, type_ignores=[])


@functools.cache
def bare(source: str) -> str:
    """Return Python without comments, docstrings and empty lines; anything else as it is.

    The text is kept as it was typed, so that two versions of Python agree on it.
    """
    try:
        tree = ast.parse(source)
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        return source
    lines = source.splitlines()
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            text = node.body[0]
            lines[text.lineno - 1 : text.end_lineno] = [""] * (text.end_lineno - text.lineno + 1)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _records(root: Path, code: str) -> dict[str, str]:
    """Return the recorded numbers that the code reads: its own page's, or a file it names."""
    found = {}
    folder = root / "nnbook" / "teaching" / "recorded"
    for file in sorted(folder.glob("*.json")):
        if file.name in code:
            found[file.name] = file.read_text(encoding="utf-8")
    for kind, page in RECORDING.findall(code):
        file = folder / KEPT[kind]
        record = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        key = page if kind == "Recording" else f"{page}, long"
        found[key] = json.dumps(record.get(page), sort_keys=True)
    return found


class Digests:
    """The digests of chapters, looked up where neither chapter nor package changed."""

    def __init__(self, root: Path) -> None:
        self.package = Package(root)
        self.file = root / "_build" / "everywhere" / "digests.json"
        self.known = json.loads(self.file.read_text()) if self.file.exists() else {}
        own = (Path(__file__), Path(__file__).with_name("imports.py"))
        h = hashlib.sha256(b"".join(path.read_bytes() for path in own))
        for path in sorted((root / "nnbook").rglob("*")):
            if path.suffix in (".py", ".json"):
                h.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
        self.sources = h.hexdigest()

    def __call__(self, path: Path) -> str:
        """Return the digest of a chapter."""
        key = hashlib.sha256(self.sources.encode() + path.read_bytes()).hexdigest()[:20]
        if key not in self.known:
            self.known[key] = chapter_digest(path, self.package)
            self.file.parent.mkdir(parents=True, exist_ok=True)
            beside = self.file.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(self.known))
            beside.replace(self.file)
        return self.known[key]
