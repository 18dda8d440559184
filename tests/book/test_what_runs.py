"""Which chapters a build runs, with a kernel that is faked: those whose cells or needs changed."""

import sys
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from execution import cache, chapters
from jupyter_cache import get_cache

CELLS = {
    "one": "from nnbook.ops import relu\nrelu(1)",
    "two": "from nnbook import ops\nops.softmax(1)",
    "three": "1 + 1",
}
FILES = {
    "nnbook/__init__.py": "from nnbook import ops\n",
    "nnbook/ops/__init__.py": "from nnbook.ops.activation import relu\n"
    "from nnbook.ops.softmax import softmax\n",
    "nnbook/ops/activation.py": "def relu(x): ...\n",
    "nnbook/ops/softmax.py": "def softmax(x): ...\n",
}


class Book:
    """Three chapters, and what a build of them would do."""

    def __init__(self, root) -> None:
        self.root, self.cells, self.raises, self.ran = root, dict(CELLS), False, []
        self.config = SimpleNamespace(
            nb_execution_mode="cache",
            nb_execution_cache_path=str(root / "cache"),
            nb_execution_timeout=10,
        )
        self.env = SimpleNamespace(
            found_docs=set(CELLS),
            doc2path=lambda docname: str(root / "book" / f"{docname}.md"),
            mystnb_config=SimpleNamespace(copy=lambda **_: self.env.mystnb_config),
        )
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name, text):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def read(self, env, docname):
        return new_notebook(cells=[new_code_cell(self.cells[docname])])

    def run(self, notebook, timeout):
        self.ran += [name for name, cell in self.cells.items() if cell == notebook.cells[0].source]
        return {"execution_seconds": 1.0, "raised": int(self.raises)}

    def build(self, *docnames):
        """Read some chapters, or all, and return those that were run."""
        self.ran.clear()
        chapters.run_chapters(SimpleNamespace(config=self.config), self.env, docnames or [*CELLS])
        return sorted(self.ran)

    @property
    def kept(self):
        return len(get_cache(self.config.nb_execution_cache_path).list_cache_records())


@pytest.fixture
def book(tmp_path, monkeypatch):
    made = Book(tmp_path)
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    monkeypatch.setattr(cache, "follow_data", lambda here: here)
    monkeypatch.setattr(chapters, "run", made.run)
    monkeypatch.setattr(chapters, "read_notebook", made.read)
    return made


def test_what_changed_runs_again_and_nothing_else(book):
    assert book.build() == sorted(CELLS)
    assert book.build() == []
    book.write("nnbook/ops/softmax.py", "def softmax(x): return x\n")
    assert book.build("one", "three") == []
    assert book.build() == ["two"]
    assert book.build() == []
    book.write("nnbook/ops/activation.py", FILES["nnbook/ops/activation.py"] + "# a remark\n")
    assert book.build() == ["one"]
    assert book.build() == []


def test_a_module_that_becomes_another_s_counts(book):
    book.build()
    handing_on = FILES["nnbook/ops/__init__.py"]
    book.write("nnbook/ops/new.py", "def softmax(x): ...\n")
    assert book.build() == []
    book.write("nnbook/ops/__init__.py", handing_on.replace("ops.softmax", "ops.new"))
    assert book.build() == ["two"]
    book.write("nnbook/ops/__init__.py", handing_on + "softmax.__doc__ = 'x'\n")
    assert book.build() == ["one", "two"]


def test_a_chapter_that_raised_runs_again(book):
    book.raises = True
    book.build()
    assert book.build() == sorted(CELLS)
    book.raises = False
    assert book.build("one") == ["one"]
    assert book.build() == sorted({*CELLS} - {"one"})


def test_outputs_of_chapters_as_they_were_are_dropped_when_all_are_read(book):
    book.build()
    book.cells["three"] = "1 + 2"
    assert book.build("three") == ["three"]
    assert book.kept == 4
    book.cells["three"] = "1 + 1"
    assert book.build("three") == []
    book.cells["three"] = "1 + 2"
    assert book.build() == []
    assert book.kept == 3
    book.env.found_docs = {"one"}
    assert book.build("one") == []
    assert book.kept == 3
