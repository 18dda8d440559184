"""Run the chapters, several at a time, before Sphinx reads them.

Sphinx would run them one after the other. Here every chapter that is about to be read and is not in
the cache gets a kernel of its own, with one thread for linear algebra, and its outputs go into the
cache where the page then finds them. What a run cost is kept for the status page. A cell that fails
ends the build with the chapter, the cell and the traceback; such a chapter is never cached, so the
next build fails in the same way.
"""

import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

import cache
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

#: What every kernel is started with: equal bits from build to build, and quiet frameworks.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


class Failure(Exception):
    """A chapter that did not run to its end."""


def set_cache(app: Sphinx, config: Config) -> None:
    """Put the cache where the present package, libraries and data have their own."""
    if config.nb_execution_mode == "cache":
        config.nb_execution_cache_path = str(cache.open_folder())


def run_chapters(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run the chapters among `docnames` that are not in the cache; fail if one fails."""
    if app.config.nb_execution_mode != "cache":
        return
    runs = env.__dict__.setdefault("nnbook_runs", {})  # kept with Sphinx's environment
    store = get_cache(app.config.nb_execution_cache_path)
    waiting = {}
    for docname in docnames:
        runs.pop(docname, None)
        notebook = read_notebook(env, docname)
        if notebook is None:
            continue
        try:
            runs[docname] = dict(store.match_cache_notebook(notebook).data)
        except KeyError:
            waiting[docname] = notebook
    failures = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        timeout = app.config.nb_execution_timeout
        started = {
            pool.submit(run, notebook, Path(env.doc2path(docname)), timeout): docname
            for docname, notebook in waiting.items()
        }
        for result in as_completed(started):  # each is kept at once, whatever becomes of the others
            docname = started[result]
            try:
                cost = runs[docname] = result.result()
            except Failure as failure:
                failures.append(f"{env.doc2path(docname, base=False)}: {failure}")
                continue
            bundle = CacheBundleIn(waiting[docname], str(env.doc2path(docname)), data=cost)
            store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            print(f"  {docname}: {cost['execution_seconds']:.1f} s", file=sys.stderr, flush=True)
    if failures:
        # Not an exception: Jupyter Book would bury the message under its own traceback.
        raise SystemExit("\n\n".join([*failures, f"{len(failures)} chapter(s) failed"]))
    here = str(cache.follow_data(Path(app.config.nb_execution_cache_path)))
    app.config.nb_execution_cache_path = here
    env.mystnb_config = env.mystnb_config.copy(execution_cache_path=here)


def read_notebook(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """Read a chapter as the page will be read; None for a page that is not a notebook."""
    path = Path(env.doc2path(docname))
    if path.suffix != ".md":
        return None
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    return reader and reader.read(text)


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


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the cost of a page that is gone."""
    env.__dict__.get("nnbook_runs", {}).pop(docname, None)


def setup(app: Sphinx) -> dict:
    """Connect to the build."""
    os.environ.update(ENVIRONMENT)
    app.connect("config-inited", set_cache, priority=100)
    app.connect("env-before-read-docs", run_chapters)
    app.connect("env-purge-doc", forget)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
