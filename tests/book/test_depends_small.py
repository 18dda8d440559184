"""No way from a cell to a module is overlooked: each is tried in a package of a few lines."""

import shutil
import sys

import pytest

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere.digest import NO_CLAIM
from everywhere.sources import Sources


@pytest.fixture
def small(tmp_path):
    """Return a function from texts of files to what is found for a cell."""

    def found(cell, without=(), **files):
        shutil.rmtree(tmp_path / "nnbook", ignore_errors=True)
        files = {"__init__": "", "ops/__init__": "", "ops/a": "def f(): ...\n"} | files
        for name, text in files.items():
            path = tmp_path / "nnbook" / (name if "." in name else f"{name}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return set(Sources(tmp_path).of([cell], without))

    return found


@pytest.mark.parametrize(
    ("cell", "files", "module"),
    [
        # a function hides the module of its name
        (
            "from nnbook.ops import a\na()",
            {"ops/__init__": "from nnbook.ops.b import a\n", "ops/b": "def a(): ...\n"},
            "ops.b",
        ),
        # what a package does itself, with what it uses for it
        (
            "from nnbook.ops import a\na.f()",
            {"ops/__init__": "from nnbook.t import T\nT.x = 1\n", "t": "class T: ..."},
            "t",
        ),
        # what a module does to others as it is loaded
        (
            "from nnbook.ops import a\na.f()",
            {"__init__": "from nnbook import p\n", "p": "import numpy as np\nnp.x = 1\n"},
            "p",
        ),
        # in a function, and for types
        (
            "from nnbook.u import g",
            {"u": "def g():\n    from nnbook.ops import a\n    a.f()"},
            "ops.a",
        ),
        # what the syntax does not tell
        ("from nnbook import ops\nprint(vars(ops))", {}, "ops.a"),
        ("from nnbook import ops\ngetattr(ops, 'a')", {}, "ops.a"),
        ("from nnbook import *", {}, "ops.a"),
        ("import nnbook\nprint(nnbook.__file__)", {}, "ops.a"),
        ("import importlib\nimportlib.import_module('nnbook' + '.ops')", {}, "ops.a"),
        ("exec('import ' + 'nnbook')", {}, "ops.a"),
        ("import sys\nsys.modules['nnbook']", {}, "ops.a"),
        ("%run something.py", {}, "ops.a"),
        ("import nnbook\n!python -m nnbook", {}, "ops.a"),
        ("no python", {}, "ops.a"),
        # programs and names in strings
        ("run('-c', 'from nnbook.ops import a')", {}, "ops.a"),
        ("run('-c', 'from nnbook.ops import a; no python')", {}, "ops.a"),
        ("run('-m', 'nnbook.ops.a')", {}, "ops.a"),
        ("run('-m', 'nnbook')", {"__main__": "from nnbook.ops import a\n"}, "ops.a"),
    ],
)
def test_no_way_to_a_module_is_overlooked(small, cell, files, module):
    assert f"nnbook.{module}" in small(cell, **files)


def test_records_and_other_files_beside_a_module_count(small):
    files = {
        "teaching/__init__": "",
        "teaching/x": "",
        "teaching/table.csv": "1",
        "teaching/recorded/frameworks.json": '{"one": 1, "two": 2}',
        "ops/table.csv": "1",
    }
    recorded = "nnbook/teaching/recorded/frameworks.json"
    assert small("from nnbook.ops import a\na.f()", **files) == {
        "nnbook.ops.a",
        "nnbook, itself",
        "nnbook.ops, itself",
        "nnbook/ops/table.csv",
    }
    assert "nnbook/teaching/table.csv" in small("from nnbook.teaching import x", **files)
    assert small("Recording('one')", **files) == {"frameworks.json/one"}
    for cell in ("Recording(page)", "load(FILE, 'one')", "'frameworks.json'"):
        assert recorded in small(cell, **files), cell
    assert small("1 + 1", **files) == set()


def test_exercises_are_those_that_a_chapter_checks(small):
    files = {
        "teaching/__init__": "from nnbook.teaching.checker import check\n",
        "teaching/checker": "check = print\n",
        "teaching/exercises/__init__": "",
        "teaching/exercises/dense/__init__": "",
        "teaching/exercises/dense/one": 'exercise("dense.one")',
        "teaching/exercises/dense/two": 'exercise("dense.two")',
    }
    one, two = (f"nnbook.teaching.exercises.dense.{name}" for name in ("one", "two"))

    def asked(call, name="check"):
        found = small(f"from nnbook.teaching import {name}\n{call}", **files)
        return {one, two} & found

    assert asked('check("dense.one", x)') == {one}
    assert asked('ask("dense.two", x)', "check as ask") == {two}
    assert asked('check("dense.misspelt", x)') == {one, two}
    for call in ("check(name, x)", "map(check, names)", 'check(*["dense.one"])'):
        assert asked(call + '\ncheck("dense.one", x)') == {one, two}
    assert two in small('from nnbook import teaching\nteaching.check("dense.one", x)', **files)
    cell = 'from nnbook.teaching import check\ncheck("dense.one", x)'
    assert one not in small(cell, NO_CLAIM, **files)
