"""Run a reader's notebook and collect the verdicts of its exercise checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class NotebookError(Exception):
    """A notebook that cannot be checked; the message says why, and what to do."""


def check_notebook(path: str | Path, *, timeout: float = 600) -> list[tuple[str, bool, str]]:
    """Run a notebook and return ``(exercise, passed, message)`` for each check, in order.

    A cell that raises does not stop the others: readers leave exercises half done. Of an exercise
    that is checked twice the last verdict counts.

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
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            record = output.get("metadata", {}).get("nnbook", {})
            if record.get("kind") == "verdict":
                verdicts[record["name"]] = (record["passed"], record["message"])
            if output.output_type == "error":
                errors.append(f"{output.ename}: {output.evalue}")
    if not verdicts:
        why = f"; its first error is {errors[0]}" if errors else ""
        raise NotebookError(f"{path} ran, but no cell of it calls check(...){why}")
    return [(name, passed, message) for name, (passed, message) in verdicts.items()]


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
        text = path.read_text(encoding="utf-8")
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
