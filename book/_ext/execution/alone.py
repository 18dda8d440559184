"""The circumstances in which a chapter runs: those of whoever downloads its notebook.

It runs in an empty folder. It can import the package and the libraries, and nothing of what makes
the book: neither the repository's other modules nor Sphinx and its kin. So the build itself proves
that a notebook with the same cells runs outside of the book. Only the record of `make everywhere`
is there, by a variable, for the page that tells of it; a reader's notebook says that it has none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from everywhere.record import FILE

from nnbook.data.cache import data_folder

RECORD = Path(__file__).resolve().parents[3] / FILE
#: Python runs a module of this name when it starts. Importing any of what is named fails.
GUARD = """import sys
class Missing:
    names = {"sphinx", "docutils", "myst_nb", "myst_parser", "jupyter_book", "jupyter_cache"}
    names |= {"benchmarks", "book", "tests", "tools"}
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"{name} is not where readers run this", name=name)
sys.meta_path.insert(0, Missing())
"""


@contextmanager
def alone() -> Iterator[tuple[str, dict[str, str]]]:
    """Make an empty folder and the environment to run a chapter in; the folder goes afterwards."""
    with (
        TemporaryDirectory(prefix="nnbook-", ignore_cleanup_errors=True) as empty,
        TemporaryDirectory(ignore_cleanup_errors=True) as guard,
    ):
        Path(guard, "sitecustomize.py").write_text(GUARD, encoding="utf-8")
        environment = dict(os.environ)
        path = environment.get("PYTHONPATH", "").split(os.pathsep)
        path = [guard, *map(os.path.abspath, filter(None, path))]  # from where the build began
        environment["PYTHONPATH"] = os.pathsep.join(path)
        environment["NNBOOK_EVERYWHERE"] = str(RECORD)
        if data := data_folder():
            environment["NNBOOK_DATA"] = os.path.abspath(data)
        yield empty, environment
