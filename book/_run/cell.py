"""Run one cell of a chapter and return what it shows, as a notebook would show it.

The browser's worker loads this file into Pyodide; it needs nothing but Python.
"""

import ast
import base64
import contextlib
import importlib
import io
import json
import linecache
import os
import sys
import traceback
import types
import warnings
from collections.abc import Callable

os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("NNBOOK_OFFLINE", "1")  # data sets are those that the site carries
warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")  # plt.show() has no window

#: A cell that prints more lines than these would make the page longer than anybody reads.
LINES = 1000


class Session:
    """The names that cells share, and how many cells have run."""

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.module.__dict__["input"] = _no_input
        self.count = 0
        self.shown: list[dict] = []

    def run(self, source: str) -> str:
        """Run a cell. Return JSON: `outputs`, the `error` if there was one, the module `missing`.

        An output is {"text": ...}, {"html": ...}, {"png": base64} or {"svg": ...}.
        """
        self.count += 1
        self.shown = []
        name = f"<cell {self.count}>"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        sys.modules["__main__"] = self.module
        answer = {"error": None, "missing": None}
        lines = Lines(self.shown)
        with contextlib.redirect_stdout(lines), contextlib.redirect_stderr(lines):
            try:
                self._show(self._execute(source, name))
                self._show_figures()
            except BaseException as error:
                answer["error"] = self._explain(error, name)
                if isinstance(error, ModuleNotFoundError) and error.name:
                    answer["missing"] = error.name.partition(".")[0]
                    answer["error"] += (  # shown only where it cannot be loaded
                        f"\nPython in the browser has no {answer['missing']}. "
                        "Download this chapter as a notebook to run the cell.\n"
                    )
            lines.close_up()
        return json.dumps(answer | {"outputs": self.shown})

    def receive(self, bundle: dict, metadata: dict) -> None:
        """Show what `nnbook.teaching` would hand to Jupyter."""
        if "text/html" in bundle:
            self.shown.append({"html": bundle["text/html"]})

    def _execute(self, source: str, name: str) -> object:
        """Run the statements; return the value of the last if it is an expression."""
        tree = ast.parse(source, name)
        names, last = self.module.__dict__, None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), names)
        if last is None:
            return None
        value = eval(compile(last, name, "eval"), names)
        return None if source.rstrip().endswith(";") else value

    def _show(self, value: object) -> None:
        if value is None:
            return
        self.module.__dict__["_"] = value
        as_html = getattr(value, "_repr_html_", None)
        self.shown.append({"html": as_html()} if as_html else {"text": f"{value!r}\n"})

    def _show_figures(self) -> None:
        """Show the figures that the cell has drawn, and close them, as notebooks do."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in pyplot.get_fignums() if pyplot else ():
            picture = io.BytesIO()
            pyplot.figure(number).savefig(picture, format="png", bbox_inches="tight")
            self.shown.append({"png": base64.b64encode(picture.getvalue()).decode()})
        if pyplot:
            pyplot.close("all")

    def _explain(self, error: BaseException, name: str) -> str:
        """Return the traceback from the cell on."""
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename != name:
            frames = frames.tb_next
        return "".join(traceback.format_exception(type(error), error, frames))


class Lines(io.TextIOBase):
    """An output for text that adds to what is shown, in order with what else is."""

    def __init__(self, shown: list[dict]) -> None:
        self.shown, self.count = shown, 0

    def write(self, text: str) -> int:
        """Add to the text at the end of the outputs, or begin one; at most `LINES` lines."""
        length, before = len(text), self.count
        self.count += text.count("\n")
        if before >= LINES:
            return length
        if self.count > LINES:
            text = "".join(text.splitlines(keepends=True)[: LINES - before])
        if self.shown and "text" in self.shown[-1]:
            self.shown[-1]["text"] += text
        elif text:
            self.shown.append({"text": text})
        return length

    def close_up(self) -> None:
        """Say how many lines were left out."""
        if self.count > LINES:
            self.shown.append({"text": f"… and {self.count - LINES:,} more lines, left out here\n"})


class Arriving:
    """Fetches an archive when a module that it carries, or that reads it, is first imported.

    It stands before what finds modules in Python, and leaves the finding to that.
    """

    def __init__(self, archives: dict[str, str], fetch: Callable[[str], None]) -> None:
        self.archives, self.fetch = dict(archives), fetch
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Fetch what the module needs."""
        archive = self.archives.pop(name, None)
        if archive is not None:
            self.fetch(archive)
            importlib.invalidate_caches()


def _no_input(prompt: str = "") -> str:
    raise RuntimeError("a page cannot ask for input(): write the answer into the cell instead")
