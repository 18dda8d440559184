"""Run one chapter in a Python of its own, as a reader would, and measure what it costs."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_output

from execution.alone import alone


def run(notebook: NotebookNode, timeout: int) -> dict:
    """Run all cells of a notebook in a new kernel, also those below a cell that raised.

    A cell that takes too long, or that takes the kernel with it, is the last one; it gets the error
    as its output, and so does the first cell if the kernel does not start.

    Return what the run cost: seconds, peak memory in bytes, how many cells raised.
    """
    cost = {"execution_seconds": 0.0, "peak_bytes": None, "slowest_cell_seconds": 0.0}
    reached = []

    def measure(**_: object) -> None:
        cost["peak_bytes"] = peak_memory(client.km.provisioner.pid)

    client = NotebookClient(
        notebook,
        timeout=timeout,
        startup_timeout=300,
        allow_errors=True,
        record_timing=True,
        on_cell_execute=lambda cell, cell_index: reached.append(cell),
        on_cell_executed=measure,
    )
    start = time.perf_counter()
    try:
        with alone() as (folder, environment):
            client.resources = {"metadata": {"path": folder}}
            client.execute(env=environment)
    except Exception as error:  # whatever it is: the other chapters go on, and this page shows it
        words = {"ename": type(error).__name__, "evalue": str(error), "traceback": [str(error)]}
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        (reached or code)[-1 if reached else 0].outputs.append(new_output("error", **words))
    cost["execution_seconds"] = time.perf_counter() - start
    cost["ended"] = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cost["cell_seconds"] = [round(cell_seconds(cell), 1) for cell in code]
    cost["slowest_cell_seconds"] = max(cost["cell_seconds"], default=0.0)
    cost["raised"] = sum(error_of(cell) is not None for cell in notebook.cells)
    return cost


def error_of(cell: NotebookNode) -> NotebookNode | None:
    """Return the error that a cell ended with."""
    return next((o for o in cell.get("outputs", ()) if o.output_type == "error"), None)


def cell_seconds(cell: NotebookNode) -> float:
    """Return how long a cell ran, and drop the record, so that equal runs give equal notebooks."""
    times = cell.metadata.pop("execution", {})
    try:
        begin, end = times["iopub.status.busy"], times["iopub.status.idle"]
    except KeyError:
        return 0.0
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def peak_memory(pid: int) -> int | None:
    """Return the most memory a process has held, in bytes, where the system tells (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) * 1024 if found else None
