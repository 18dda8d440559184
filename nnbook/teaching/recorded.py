"""Numbers that need a framework: computed where it is installed, else those of the last record.

A page asks for its frameworks with `framework`, which gives the module or, where there is none, a
stand-in of which classes can be derived and nothing can be called. Everything that computes with
them goes through a `Recording`: live, it calls the function; without the framework, it returns what
was recorded, and says so on the page. Under CI a missing framework is an error.

    python -m nnbook.teaching.recorded book/practice/pytorch.md book/practice/keras.md

runs the pages with the frameworks and writes the record, `recorded/frameworks.json`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from nnbook.teaching.display import keep, show

FILE = Path(__file__).with_name("recorded") / "frameworks.json"
HOW = "`make book FRAMEWORKS=1` installs it"
TITLES = {"torch": "PyTorch", "keras": "Keras", "tensorflow": "TensorFlow"}
#: One thread, on the processor, and no log lines on the page. TensorFlow reads them when imported.
QUIET = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}


class Missing:
    """What stands in for a module that is not installed, and for everything in it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self._name}.{name}")

    def __mro_entries__(self, bases: tuple) -> tuple:
        return (object,)  # so `class Net(torch.nn.Module)` can be read

    def __bool__(self) -> bool:
        return False

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Raise ImportError, with how to get it."""
        raise ImportError(f"{self._name} was called, and it is not installed here: {HOW}")


def framework(name: str) -> ModuleType | Missing:
    """Import a framework; return a `Missing` where it is not installed.

    With NNBOOK_NO_FRAMEWORKS=1 in the environment none is. With CI set, each has to be.
    """
    if os.environ.get("NNBOOK_NO_FRAMEWORKS", "") not in ("", "0"):
        return Missing(name)
    if name in ("keras", "tensorflow"):
        for variable, value in QUIET.items():
            os.environ.setdefault(variable, value)
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI", "").lower() not in ("", "0", "false"):
            raise
        return Missing(name)


class Recording:
    """The numbers of one page that need frameworks, live or recorded.

    Parameters
    ----------
    page : str
        The name under which they are recorded.
    *modules : module or Missing
        What `framework` gave.
    data : sequence of str
        The names of the data sets that the page runs on.

    Attributes
    ----------
    live : bool
        Whether the frameworks are there, and the numbers are computed in this run.
    day : str
        When they were recorded, such as "2026-01-31"; "" if they are live.

    Raises
    ------
    ImportError
        If a framework is missing and the page was never recorded.
    """

    def __init__(self, page: str, *modules: ModuleType | Missing, data: tuple = ()) -> None:
        self.page = page
        self.live = all(modules)
        self.day = ""
        if self.live:
            versions: dict[str, Any] = {
                "Python": platform.python_version(),
                "NumPy": np.__version__,
            }
            for module in modules:
                name = str(module.__name__)
                versions[TITLES.get(name, name)] = module.__version__
            self._record: dict[str, Any] = {
                "date": date.today().isoformat(),
                "versions": versions,
                "data": list(data),
                "values": {},
            }
            return
        missing = [TITLES.get(m._name, m._name) for m in modules if isinstance(m, Missing)]
        listed = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        record = json.loads(FILE.read_text(encoding="utf-8")).get(page) if FILE.exists() else None
        if record is None:
            raise ImportError(f"{listed} not installed, and {page!r} not recorded: {HOW}")
        self._record = record
        self.day = record["date"]
        self._mark = f"recorded on {self.day}"
        name = f"recording-{page}"
        keep(name, self.day, {"kind": "recording", "name": name, "date": self.day})
        listing = ", ".join(" ".join(item) for item in record["versions"].items())
        verb = "are" if len(missing) > 1 else "is"
        notice = (
            f"{listed} {verb} not installed here; make book FRAMEWORKS=1 installs PyTorch and "
            "TensorFlow. "
            f"The numbers below that are marked so were {self._mark}, with {listing}, on "
            f"{' and '.join(record['data'])}."
        )
        show(
            notice,
            f'<p class="nn-label">Without the frameworks</p><p>{escape(notice)}</p>',
            css="nn-notice",
        )

    def __call__(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return `compute()`, or what it returned when it was recorded.

        The value is made of numbers, strings, lists and dicts; arrays become lists.

        Raises
        ------
        KeyError
            If there is no framework and the record has no such value.
        """
        values = self._record["values"]
        if not self.live:
            if name not in values:
                raise KeyError(f"{name!r} of {self.page!r} is not in {FILE.name}: record it again")
            show(self._mark, f'<p class="nn-label">{escape(self._mark)}</p>', css="nn-notice")
            return json.loads(json.dumps(values[name]))
        if name in values:
            raise ValueError(f"{name!r} is recorded twice on the page {self.page!r}")
        text = json.dumps(compute(), default=_plain)
        values[name] = json.loads(text)
        folder = os.environ.get("NNBOOK_RECORD")
        if folder:
            Path(folder, f"{self.page}.json").write_text(json.dumps(self._record), encoding="utf-8")
        return json.loads(text)  # the page may change it, the record stays


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a recorded value expected numbers, strings, lists, got {type(value)}")


def record(pages: list[Path]) -> list[str]:
    """Run pages in kernels of their own and keep what they computed. Returns the pages' names."""
    import jupytext
    from nbclient import NotebookClient

    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    with tempfile.TemporaryDirectory() as folder:
        kernels = {**os.environ, **QUIET, **dict.fromkeys(threads, "1")}
        kernels |= {"NNBOOK_RECORD": folder, "CI": "1", "NNBOOK_NO_FRAMEWORKS": "0"}
        for page in pages:
            where = {"metadata": {"path": str(page.resolve().parent)}}
            client = NotebookClient(jupytext.read(page), resources=where, timeout=600)
            client.execute(env=kernels)
        new = {p.stem: json.loads(p.read_text("utf-8")) for p in Path(folder).glob("*.json")}
    old = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    merged = dict(sorted((old | new).items()))
    text = json.dumps(merged, indent=1)
    # a list of numbers on one line
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    FILE.write_text(text + "\n", encoding="utf-8")
    return sorted(new)


def main(arguments: list[str] | None = None) -> int:
    """Record the pages named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m nnbook.teaching.recorded")
    parser.add_argument("pages", nargs="+", type=Path, help="chapters, such as book/practice/*.md")
    names = record(parser.parse_args(arguments).pages)
    print(f"recorded in {FILE}: {', '.join(names) or 'nothing'}")
    return not names


if __name__ == "__main__":
    sys.exit(main())
