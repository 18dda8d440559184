"""Run one chapter in a Python of its own, and measure what it costs."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode


class Failure(Exception):
    """A chapter that did not run to its end."""


def run(notebook: NotebookNode, path: Path, timeout: int) -> dict:
    """Run a notebook in a new kernel. Return its cost: seconds, and peak memory in bytes."""
    cost = {"execution_seconds": 0.0, "peak_bytes": None, "slowest_cell_seconds": 0.0}

    def measure(**_: object) -> None:
        cost["peak_bytes"] = peak_memory(client.km.provisioner.pid)

    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=True,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_executed=measure,
    )
    start = time.perf_counter()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise Failure(re.sub(r"\x1b\[[0-9;]*m", "", str(error))) from error
    cost["execution_seconds"] = time.perf_counter() - start
    cost["ended"] = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    cost["slowest_cell_seconds"] = max(map(cell_seconds, notebook.cells), default=0.0)
    return cost


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
