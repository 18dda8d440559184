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
import os
import re
import sys
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from nnbook.teaching import records
from nnbook.teaching.display import keep, show

FILE = records.FOLDER / "frameworks.json"
HOW = "`make book FRAMEWORKS=1` installs it"
TITLES = {
    "torch": "PyTorch",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "onnx": "ONNX",
    "onnxruntime": "ONNX Runtime",
}
#: The versions that pages and interchange are tried with, from the first to below the second.
SUPPORTED = {
    "torch": ("2.13", "3"),
    "keras": ("3.12", "4"),
    "tensorflow": ("2.21", "3"),
    "onnx": ("1.17", "2"),
    "onnxruntime": ("1.20", "2"),
}
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

    Raises
    ------
    ImportError
        If its version is not supported: the numbers of another one would be others without a word.
    """
    if os.environ.get("NNBOOK_NO_FRAMEWORKS", "") not in ("", "0"):
        return Missing(name)
    if name in ("keras", "tensorflow"):
        for variable, value in QUIET.items():
            os.environ.setdefault(variable, value)
    try:
        module = importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI", "").lower() not in ("", "0", "false"):
            raise
        return Missing(name)
    check_version(name, module)
    return module


def check_version(name: str, module: ModuleType) -> None:
    """Refuse a framework older or newer than those that this was tried with."""
    if name not in SUPPORTED:
        return
    least, below = SUPPORTED[name]
    version = str(getattr(module, "__version__", "of no version"))
    if not _numbers(least) <= _numbers(version) < _numbers(below):
        raise ImportError(
            f"expected {TITLES[name]} from {least} to below {below}, got {version}: {HOW}, and "
            "NNBOOK_NO_FRAMEWORKS=1 goes by the recorded numbers instead"
        )


def _numbers(version: str) -> tuple[int, ...]:
    """2.13.0+cpu -> (2, 13). What is no version comes before all of them."""
    found = re.match(r"(\d+)(?:\.(\d+))?", version)
    return tuple(int(part or 0) for part in found.groups()) if found else (0,)


class Recording(records.Record):
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
        missing = [TITLES.get(m._name, m._name) for m in modules if isinstance(m, Missing)]
        if not missing:
            found = {
                TITLES.get(str(m.__name__), str(m.__name__)): str(m.__version__) for m in modules
            }
            super().__init__(page, None, found, data)
            return
        listed = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        old = records.load(FILE, page)
        if old is None:
            raise ImportError(f"{listed} not installed, and {page!r} not recorded: {HOW}")
        super().__init__(page, old, {}, data)
        name = f"recording-{page}"
        keep(name, self.day, {"kind": "recording", "name": name, "date": self.day})
        verb = "are" if len(missing) > 1 else "is"
        notice = (
            f"{listed} {verb} not installed here; make book FRAMEWORKS=1 installs PyTorch, "
            "TensorFlow and ONNX. "
            f"The numbers below that are marked so were recorded on {self.day}, with "
            f"{self.versions}, on {self.data}."
        )
        show(
            notice,
            f'<p class="nn-label">Without the frameworks</p><p>{escape(notice)}</p>',
            css="nn-notice",
        )


def main(arguments: list[str] | None = None) -> int:
    """Record the pages named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m nnbook.teaching.recorded")
    parser.add_argument("pages", nargs="+", type=Path, help="chapters, such as book/practice/*.md")
    variables = {**QUIET, "CI": "1", "NNBOOK_NO_FRAMEWORKS": "0"}
    names = records.record(parser.parse_args(arguments).pages, FILE, variables, timeout=600)
    print(f"recorded in {FILE}: {', '.join(names) or 'nothing'}")
    return not names


if __name__ == "__main__":
    sys.exit(main())
