"""Format the code cells of the chapters: python tools/format_chapters.py [--check] [FILE ...].

They become as wide as a page shows, and a claim that ends one gets a semicolon. Ruff formats
notebooks, not MyST: the cells go through a notebook and back. Without `--check` the chapters are
rewritten; with it they are only compared. Lines that no formatter can break (comments and strings
over the width) are named, and heads of cells that are not YAML: no build could read the page.
"""

import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import yaml

WIDTH = 80
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"\A(---\n.*?^---\n|(?::[^\n]*\n)+\n*)?", re.MULTILINE | re.DOTALL)


def formatted(text: str) -> str:
    """Return the text of a chapter with its code cells formatted."""
    heads, codes = [], []
    for cell in CELL.finditer(text):
        head = OPTIONS.match(cell[1])[0]
        heads.append(head)
        codes.append(cell[1][len(head) :].rstrip("\n"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in codes])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chapter.ipynb"
        nbformat.write(notebook, path)
        command = ("ruff", "format", "--quiet", "--isolated", "--line-length", str(WIDTH))
        subprocess.run([sys.executable, "-m", *command, str(path)], check=True)
        codes = [quiet(c.source) for c in nbformat.read(path, as_version=4).cells]
    parts = iter(zip(heads, codes))

    def put_back(cell: re.Match) -> str:
        head, code = next(parts)
        return cell[0][: cell.start(1) - cell.start()] + head + code + "\n```"

    return CELL.sub(put_back, text)


def quiet(code: str) -> str:
    """Return a cell that does not show, below the badge of its last claim, the claim's value."""
    try:
        body = ast.parse(code).body
    except SyntaxError:  # a command to the notebook
        return code
    match body[-1:]:
        case [ast.Expr(ast.Call(ast.Name("claim")))] if not code.endswith(";"):
            return code + ";"
    return code


def too_wide(path: Path, text: str) -> list[str]:
    """Name the lines of code that a page would have to scroll."""
    found = []
    for cell in CELL.finditer(text):
        code = cell[1][len(OPTIONS.match(cell[1])[0]) :]
        first = text[: cell.end(1) - len(code)].count("\n") + 1
        for number, line in enumerate(code.splitlines(), first):
            if len(line) > WIDTH:
                found.append(
                    f"{path}:{number}: {len(line)} characters in a line of code, not {WIDTH}"
                )
    return found


def unreadable(path: Path, text: str) -> list[str]:
    """Name the heads of cells that are not YAML, such as a caption with a colon in it."""
    found = []
    for cell in CELL.finditer(text):
        head = OPTIONS.match(cell[1])[0].strip().strip("-")
        try:
            yaml.safe_load(re.sub("^:", "", head, flags=re.MULTILINE))
        except yaml.YAMLError as error:
            line = text[: cell.start()].count("\n") + 1
            found.append(f"{path}:{line}: the head of this cell is not YAML: {error.problem}")
    return found


def main(arguments: list[str]) -> int:
    """Format or check the chapters named, or all."""
    check, problems = "--check" in arguments, []
    named = [Path(a) for a in arguments if a != "--check"]
    for path in named or sorted(Path("book").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if not CELL.search(text):
            continue
        new = formatted(text)
        if new != text and check:
            problems.append(f"{path}: its code is not formatted; run tools/format_chapters.py")
        elif new != text:
            path.write_text(new, encoding="utf-8")
            print(f"formatted {path}")
        problems += too_wide(path, new) + unreadable(path, new)
    print("\n".join(problems) if problems else "the code in the chapters is formatted")
    return bool(problems)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
