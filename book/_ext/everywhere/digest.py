"""A digest of what a chapter's numbers depend on: its cells, the modules they use, the records.

Comments and docstrings are left out, so that a better sentence in the package runs nothing again.
What only checks a reader's exercise, draws, keeps freed memory, hands a result on to the page of
results, or hands out what was recorded is not counted: no claim rests on it. (The recorded numbers
themselves are.)
"""

import ast
import functools
import hashlib
import io
import json
import os
import tokenize
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from everywhere.sources import Sources

#: The tag of a cell that hands data to a figure to play with, and does nothing else.
FIGURE_DATA = "figure-data"
#: What judges a reader's answer, hands numbers on, keeps memory, or draws. No claim rests on it.
NO_CLAIM = (
    *(
        f"nnbook.teaching.{name}"
        for name in (
            "checker",
            "exercises",
            "figure_data",
            "long_runs",
            "recorded",
            "records",
            "results",
        )
    ),
    "nnbook.ops._memory",
    *(f"nnbook.plotting.{name}" for name in ("animation", "diagrams", "figures")),
)


def chapter_digest(path: Path, sources: Sources) -> str:
    """Return the digest of a chapter as it stands."""
    return code_digest(code_of(path), sources)


def code_of(path: Path) -> list[str]:
    """Return the code on which a chapter's numbers rest, cell by cell."""
    cells = code_cells(jupytext.read(path))
    return [c.source for c in cells if FIGURE_DATA not in c.metadata.get("tags", [])]


def code_digest(code: list[str], sources: Sources) -> str:
    """Return the digest of code and of what it uses."""
    h = hashlib.sha256("\0".join(map(bare, code)).encode())
    for name, text in sorted(sources.of(code, without=NO_CLAIM).items()):
        h.update(f"\0{name}\0{text if '/' in name else bare(text)}".encode())
    return h.hexdigest()[:16]


def has_cells(path: Path) -> bool:
    """Return whether a page is a notebook with cells."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return "kernelspec:" in text and "```{code-cell}" in text


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


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


class Digests:
    """The digests of chapters, looked up where neither chapter nor package changed."""

    def __init__(self, root: Path) -> None:
        self.sources = Sources(root)
        self.file = root / "_build" / "everywhere" / "digests.json"
        self.known = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.state = self.sources.state() + way()

    def __call__(self, path: Path) -> str:
        """Return the digest of a chapter."""
        key = self._key(path.read_bytes())
        if key not in self.known:  # another word of the text changes no code
            code = code_of(path)
            same = self._key(json.dumps(code).encode())
            if same not in self.known:
                self.known[same] = code_digest(code, self.sources)
            self.known[key] = self.known[same]
            self.file.parent.mkdir(parents=True, exist_ok=True)
            beside = self.file.with_suffix(f".{os.getpid()}")
            beside.write_text(json.dumps(self.known))
            beside.replace(self.file)
        return self.known[key]

    def _key(self, content: bytes) -> str:
        return hashlib.sha256(self.state.encode() + content).hexdigest()[:20]


def way() -> str:
    """Return a digest of how digests are made."""
    files = (Path(__file__).with_name(f"{n}.py") for n in ("digest", "imports", "named", "sources"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
