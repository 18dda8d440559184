"""Write the pages on several processors, with only a few of them in memory.

Jupyter Book has no option for it. Sphinx could read them side by side too, but not every extension
can put together what processes have read; the chapters run before, in `execution`.

Sphinx itself resolves all pages before the first is written, and keeps them until the last one is:
six gigabytes for this book, and as many again in every process.
"""

import gc
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import sphinx.builders
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import ParallelTasks

#: How many pages a process writes before it ends.
BATCH = 4


class FewAtATime(ParallelTasks):
    """Tasks that are taken one by one, as processes are free, and dropped when they are done."""

    def add_task(
        self, task_func: Callable, arg: Any = None, result_func: Callable | None = None
    ) -> None:
        """Add a task when no other waits."""
        super().add_task(task_func, arg, result_func)
        while self._waiting():
            if not self._join_one():
                time.sleep(0.01)

    def _waiting(self) -> dict:
        newer = getattr(self, "_precvs_waiting", None)  # its name since Sphinx 8
        return self._precvsWaiting if newer is None else newer

    def _join_one(self) -> bool:
        joined = super()._join_one()
        for number in set(self._procs) - set(self._precvs) - set(self._waiting()):
            del self._procs[number]  # it holds the pages that it has written
        return joined


def batches(pages: Sequence[str], nproc: int) -> list[Sequence[str]]:
    """Cut the pages into those that one process writes."""
    return [pages[i : i + BATCH] for i in range(0, len(pages), BATCH)]


def own(app: Sphinx, doctree: nodes.document) -> None:
    """Make every part of a page belong to it.

    What was rendered by itself, such as a hint or a docstring, belongs to a document of its own,
    which knows the environment. Stored with the page, that is the whole book once more.
    """
    for node in doctree.findall():
        node.document = doctree


def allow(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell Sphinx how many processes it may have, now that all pages are read."""
    app.parallel = os.cpu_count() or 1
    gc.freeze()  # what is known of all pages stays: no use in looking through it for garbage


def setup(app: Sphinx) -> dict:
    """Wait until the pages are read."""
    sphinx.builders.ParallelTasks = FewAtATime
    sphinx.builders.make_chunks = batches
    app.connect("doctree-read", own, priority=900)
    app.connect("env-check-consistency", allow)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
