"""Numbers of a page that are kept in a file: computed in this run, or those of the last record.

`nnbook.teaching.recorded` keeps what needs a framework, `nnbook.teaching.long_runs` what takes
longer than a build may. Both ask for a value by its name, with the function that computes it.
"""

from __future__ import annotations

import json
import os
import platform
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from nnbook.teaching.display import show

FOLDER = Path(__file__).with_name("recorded")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Record:
    """The recorded numbers of one page.

    Parameters
    ----------
    page : str
        The name under which they are recorded.
    old : dict or None
        What was recorded, to be returned; None if the numbers are computed in this run.
    versions : dict of str to str
        What they are computed with, beside Python and NumPy.
    data : sequence of str
        The names of the data sets that the page runs on.

    Attributes
    ----------
    live : bool
        Whether the numbers are computed in this run.
    day : str
        When they were recorded, such as "2026-01-31"; "" if they are live.
    """

    def __init__(
        self, page: str, old: dict | None, versions: dict[str, str], data: tuple[str, ...]
    ) -> None:
        self.page = page
        self.live = old is None
        self.day = "" if old is None else old["date"]
        self._record: dict[str, Any] = old or {
            "date": date.today().isoformat(),
            "versions": {
                "Python": platform.python_version(),
                "NumPy": np.__version__,
                **versions,
            },
            "data": list(data),
            "values": {},
            "seconds": {},
        }

    @property
    def versions(self) -> str:
        """What the numbers were computed with, such as "Python 3.11.7, NumPy 2.4.6"."""
        return ", ".join(" ".join(item) for item in self._record["versions"].items())

    @property
    def data(self) -> str:
        """The data sets that they were computed on."""
        *others, last = self._record["data"] or [""]
        return f"{', '.join(others)} and {last}" if others else last

    def mark(self, name: str) -> str:
        """Return what the page says above a recorded value."""
        return f"recorded on {self.day}"

    def __call__(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return `compute()`, or what it returned when it was recorded.

        The value is made of numbers, strings, lists and dicts; arrays become lists.

        Raises
        ------
        KeyError
            If the numbers are not live and the record has no such value.
        """
        values = self._record["values"]
        if not self.live:
            if name not in values:
                raise KeyError(f"{name!r} of {self.page!r} is not in the record: record it again")
            said = self.mark(name)
            show(said, f'<p class="nn-label">{escape(said)}</p>', css="nn-notice")
            return json.loads(json.dumps(values[name]))
        if name in values:
            raise ValueError(f"{name!r} is recorded twice on the page {self.page!r}")
        start = time.process_time()
        text = json.dumps(compute(), default=_plain)
        self._record["seconds"][name] = round(time.process_time() - start, 1)
        values[name] = json.loads(text)
        folder = os.environ.get("NNBOOK_RECORD")
        if folder:
            Path(folder, f"{self.page}.json").write_text(json.dumps(self._record), encoding="utf-8")
        return json.loads(text)  # the page may change it, the record stays


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a recorded value expected numbers, strings, lists, got {type(value)}")


def load(file: Path, page: str) -> dict | None:
    """Return what a file has of a page, None if it has nothing."""
    return json.loads(file.read_text(encoding="utf-8")).get(page) if file.exists() else None


def record(pages: list[Path], file: Path, variables: dict[str, str], timeout: int) -> list[str]:
    """Run pages in kernels of their own and keep what they computed. Returns the pages' names.

    `variables` are set in the kernels' environment; no cell may take longer than `timeout` seconds.
    What was computed is kept even if a page stops at an error later, which is then raised; a claim
    that does not hold stops nothing.
    """
    import jupytext
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as folder:
        kernels = {**os.environ, **dict.fromkeys(THREADS, "1"), **variables}
        kernels |= {"NNBOOK_RECORD": folder, "NNBOOK_CLAIMS": "collect"}
        try:
            for page in pages:
                where = {"metadata": {"path": str(page.resolve().parent)}}
                client = NotebookClient(jupytext.read(page), resources=where, timeout=timeout)
                client.execute(env=kernels)
        finally:
            new = {p.stem: json.loads(p.read_text("utf-8")) for p in Path(folder).glob("*.json")}
            _merge(new, file)
    return sorted(new)


def _merge(new: dict[str, Any], file: Path) -> None:
    old = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    text = json.dumps(dict(sorted((old | new).items())), indent=1)
    # a list of numbers on one line
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    file.write_text(text + "\n", encoding="utf-8")
