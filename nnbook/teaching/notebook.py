"""Run a reader's notebook and collect the verdicts of its exercise checks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

#: The name in a call of `check`, as the chapters write it, but not in a comment.
CHECK = re.compile(r"""^[^#\n]*\bcheck\(\s*["']([^"'\n]+)["']""", re.MULTILINE)


class NotebookError(Exception):
    """A notebook that cannot be checked; the message says why, and what to do."""


class Report(NamedTuple):
    """What came of a notebook: its verdicts, and the cells that raised.

    verdicts : list of (exercise, passed, message)
        In order. Of an exercise that is checked twice the last verdict counts, but none of a cell
        tagged `solution`. A check whose cell raised before it gave a verdict has failed.
    errors : list of str
        "cell 3: NameError: name 'x' is not defined".
    """

    verdicts: list[tuple[str, bool, str]]
    errors: list[str]

    @property
    def passed(self) -> bool:
        """Whether every check passed and no cell raised."""
        return not self.errors and all(passed for _, passed, _ in self.verdicts)


def check_notebook(path: str | Path, *, timeout: float = 600) -> Report:
    """Run a notebook and report the verdict of each check, and the cells that raised.

    A cell that raises does not stop the others: readers leave exercises half done.

    Parameters
    ----------
    path : str or Path
        An .ipynb file, or a .py file, which is run as one cell.
    timeout : float
        Seconds that one cell may take.

    Raises
    ------
    NotebookError
        If the file is missing, is not a notebook, has no code, does not finish, or checks nothing.
    """
    path = Path(path)
    notebook = _read(path)
    _run(notebook, path, timeout)
    verdicts: dict[str, tuple[bool, str]] = {}
    errors = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        given, error = _outcome(cell)
        if "solution" in cell.metadata.get("tags", []):
            continue
        verdicts |= given
        if error:
            errors.append(f"cell {number}: {error}")
            missed = [name for name in CHECK.findall(cell.source) if name not in given]
            verdicts |= dict.fromkeys(missed, (False, f"its cell raised {error}"))
    if not verdicts:
        why = f"; its first error is in {errors[0]}" if errors else ""
        raise NotebookError(f"{path} ran, but no cell of it calls check(...){why}")
    return Report([(name, *verdict) for name, verdict in verdicts.items()], errors)


def _outcome(cell: Any) -> tuple[dict[str, tuple[bool, str]], str | None]:
    """Return the verdicts that a cell gave, and its error if it raised one."""
    verdicts, error = {}, None
    for output in cell.outputs:
        record = output.get("metadata", {}).get("nnbook", {})
        if record.get("kind") == "verdict":
            verdicts[record["name"]] = (record["passed"], record["message"])
        if output.output_type == "error":
            error = ": ".join(" ".join(part.split()) for part in (output.ename, output.evalue))
    return verdicts, error


def _read(path: Path) -> Any:
    try:
        import nbclient  # noqa: F401
        import nbformat
    except ImportError as error:
        raise NotebookError(
            f"checking a notebook needs {error.name}: pip install nbclient"
        ) from None
    if not path.is_file():
        raise NotebookError(f"{path} is not a file")
    if path.suffix not in (".ipynb", ".py"):
        raise NotebookError(f"expected an .ipynb or a .py file, got {path.name}")
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin with a byte-order mark
        if path.suffix == ".py":
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text)])
        else:
            notebook = nbformat.reads(text, as_version=4)
        cells = [c for c in notebook.cells if c.cell_type == "code"]
    except Exception as error:  # bad bytes, bad JSON, a wrong schema: nbformat raises many kinds
        reason = (str(error).splitlines() or [""])[0][:120]
        raise NotebookError(f"{path} is not a readable notebook: {reason}") from None
    if not any(c.source.strip() for c in cells):
        raise NotebookError(f"{path} has no code cells")
    return notebook


def _run(notebook: Any, path: Path, timeout: float) -> None:
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    try:
        client.execute()
    except CellTimeoutError:
        raise NotebookError(f"a cell of {path} took longer than {timeout:g} s") from None
    except DeadKernelError:
        raise NotebookError(f"the Python that ran {path} died") from None
    except NoSuchKernel:
        raise NotebookError("no Python kernel to run it: pip install ipykernel") from None
