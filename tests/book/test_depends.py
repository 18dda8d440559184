"""What a chapter depends on is found from its code: all of it, and not the whole package.

The truth comes from elsewhere: from the functions that run, and the objects that modules hold.
"""

import ast
import importlib
import inspect
import json
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

import nnbook
from tests.book.conftest import FRONT_MATTER, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere import named
from everywhere.digest import NO_CLAIM, chapter_digest, code_cells, has_cells
from everywhere.sources import Sources
from execution import cache

#: Not all, for their time.
PARTS = ("components/", "recurrent/", "practice/re", "dense/d", "dense/saving", "convolution/back")
CHAPTERS = [
    path
    for path in sorted((ROOT / "book").rglob("*.md"))
    if path.relative_to(ROOT / "book").as_posix().startswith(PARTS) and has_cells(path)
]
FRAMEWORKS = ("in_pytorch", "in_keras", "pytorch", "keras")


def cells_of(path: Path) -> list[str]:
    return [cell.source for cell in code_cells(jupytext.read(path))]


@pytest.fixture(scope="module")
def sources():
    return Sources(ROOT)


@pytest.fixture(scope="module")
def needs(sources):
    """Return by chapter the names of all that it depends on."""
    return {
        path.relative_to(ROOT / "book").with_suffix("").as_posix(): set(sources.of(cells_of(path)))
        for path in CHAPTERS
    }


@pytest.fixture(scope="module")
def modules():
    """Import the package, without the exercises and what needs frameworks."""
    found, waiting = {}, [nnbook]
    while waiting:
        module = waiting.pop()
        found[module.__name__] = module
        for item in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if item.name not in ("__main__", "exercises", *FRAMEWORKS):
                waiting.append(importlib.import_module(f"{module.__name__}.{item.name}"))
    assert len(found) > 150
    return found


def test_each_name_that_a_package_hands_on_is_followed_to_its_file(sources, modules):
    tried = 0
    for package in (m for m in modules.values() if hasattr(m, "__path__")):
        for name in dir(package):
            what = getattr(package, name)
            home = what.__name__ if inspect.ismodule(what) else getattr(what, "__module__", "")
            if name.startswith("_") or not str(home).startswith("nnbook.") or home not in modules:
                continue
            tried += 1
            code = f"from {package.__name__} import {name}\n{name}()"
            if tried % 2:
                code = f"import nnbook\n{package.__name__}.{name}()"
            found = sources.package.closure(ast.parse(code))
            assert home in found, f"{package.__name__}.{name} is defined in {home}"
    assert tried > 300


def held(what: object, depth: int = 0) -> set[str]:
    """Return the modules of the classes and functions that an object holds."""
    if inspect.isfunction(what) or inspect.isclass(what):
        found = {what.__module__}
        if inspect.isclass(what) and depth < 2:
            found |= {m for each in vars(what).values() for m in held(each, depth + 1)}
        return found
    if isinstance(what, dict) and depth < 2:
        return {m for each in what.values() for m in held(each, depth + 1)}
    if isinstance(what, list | tuple | set) and depth < 2:
        return {m for each in what for m in held(each, depth + 1)}
    return {type(what).__module__, getattr(what, "__module__", None)} - {None}


def test_what_others_put_into_a_module_at_run_time_counts_for_it(sources, modules):
    strangers = {}
    for name, module in modules.items():
        if hasattr(module, "__path__"):
            continue
        found = sources.package.closure(ast.parse(f"import {name} as module\nmodule.anything"))
        for key, what in vars(module).items():
            if key.startswith("__") or key in named.FILLED:
                continue
            more = {m for m in held(what) if m in modules} - found
            if more:
                strangers[f"{name}.{key}"] = more
    assert strangers == {}
    from nnbook.tensor.operators import Operators

    assert Operators.matmul.__module__ == "nnbook.ops.linalg"  # which is put there by another


def test_a_table_that_others_fill_depends_on_all_that_do(sources, modules):
    for table, (by, keepers) in named.FILLED.items():
        keeper = next(m for m in sorted(keepers, key=len, reverse=True) if m in modules)
        assert hasattr(modules[keeper], table)
        found = sources.package.closure(ast.parse(f"from {keeper} import {table}\nlen({table})"))
        assert set(sources.package.below(by)) <= found
    from nnbook.tensor import REGISTRY

    filling = {made.rule.__module__ for made in REGISTRY.values()}
    assert {m for m in filling if m.startswith("nnbook.")} <= set(
        sources.package.below("nnbook.ops")
    )


#: Runs programs, and tells of each which files had a function called, but for those that a module
#: calls while it is imported.
TRACE = """\
import contextlib, io, json, sys
import matplotlib
matplotlib.use("agg")
import nnbook
def trace(frame, event, argument):
    if frame.f_code not in called and not importing(frame):
        called.add(frame.f_code)
def importing(frame):
    while frame:
        if frame.f_code.co_name == "<module>" and "nnbook" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
for name, code in json.load(sys.stdin).items():
    called = set()
    with contextlib.redirect_stdout(io.StringIO()):
        sys.settrace(trace)
        try:
            exec(code, {})
        finally:
            sys.settrace(None)
    # what a package has to hand on names later computes nothing
    files = {c.co_filename for c in called if not (
        c.co_name == "__getattr__" and c.co_filename.endswith("__init__.py"))}
    print(json.dumps([name, sorted(files)]))
"""
PROGRAMS = {
    "lstm": (
        "import numpy as np\nfrom nnbook import nn, ops, optim\n"
        "net = nn.LSTM(3, 5, rng=np.random.default_rng(0))\n"
        "loss = ops.mean(net(np.ones((2, 7, 3), np.float32))[0] ** 2)\nloss.backward()\n"
        "optim.Adam(net.parameters(), lr=0.1).step()"
    ),
    "images": (
        "import numpy as np\nfrom nnbook import models, ops\n"
        "net = models.LeNet(rng=np.random.default_rng(0))\n"
        "y = net(np.ones((2, 1, 28, 28), np.float32))\n"
        "ops.softmax_cross_entropy(y, target=np.array([0, 1])).backward()"
    ),
    "training": (
        "import numpy as np\nimport nnbook\nfrom nnbook.training import Model\n"
        "rng = np.random.default_rng(0)\n"
        "x, y = nnbook.data.moons(20, rng=rng)[:2]\n"
        "net = nnbook.models.MLP((2, 3, 2), rng=rng)\n"
        "print(nnbook.metrics.accuracy(net(x.astype(np.float32)).data.argmax(1), target=y))\n"
        "nnbook.check_layer(nnbook.nn.Linear(3, 2, rng=rng), np.ones((4, 3)), rng=rng)"
    ),
    "exercise": (
        "from nnbook.teaching import check, claim\nimport numpy as np\n"
        "check('components.border-distance', lambda X, w, b: (X @ w + b) / np.linalg.norm(w))\n"
        "check('dense.batch-norm-count', 3)\n"
        "claim('a-b', 1.0, kind='identity', equals=1.0)"
    ),
    "drawing": (
        "import numpy as np\nfrom nnbook import plotting\nplotting.style()\n"
        "plotting.heatmap(np.ones((3, 4)))"
    ),
}


def test_the_functions_that_run_lie_in_modules_that_were_found(sources, needs):
    cheap = {
        name: "\n".join(cells_of(ROOT / "book" / f"{name}.md")[:12])
        for name in ("recurrent/cell", "components/neuron", "convolution/backward")
    }
    done = subprocess.run(
        [sys.executable, "-c", TRACE],
        input=json.dumps(PROGRAMS | cheap),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, files = json.loads(line)
        ran = {Path(f).relative_to(ROOT) for f in files if f.startswith(str(ROOT / "nnbook"))}
        ran = {".".join(f.with_suffix("").parts).removesuffix(".__init__") for f in ran}
        found = set(sources.of([PROGRAMS[name]])) if name in PROGRAMS else needs[name]
        assert ran, name
        assert ran <= found, f"{name}: {sorted(ran - found)} ran"
        assert len(found) < 110, f"{name} depends on everything"


def test_a_change_of_each_module_in_turn(sources, monkeypatch):
    """All that a module's text enters change with it, and nothing else does."""
    package = sources.package
    programs = {name: [code] for name, code in PROGRAMS.items()}

    def digests() -> dict[str, str]:
        return {n: cache.chapter_digest(c, sources) for n, c in programs.items()}

    before, source = digests(), package.source
    found = {name: set(sources.of(cells)) for name, cells in programs.items()}
    for module in [m for m in package.below("nnbook") if ".exercises" not in m]:
        text = source(module) + "\nCHANGED = 1\n"
        monkeypatch.setattr(
            package, "source", lambda m, a=module, t=text: t if m == a else source(m)
        )
        now = digests()
        monkeypatch.undo()
        users = {name for name in programs if module in found[name]}
        itself = {name for name in programs if f"{module}, itself" in found[name]}
        changed = {name for name in programs if now[name] != before[name]}
        assert users <= changed <= users | itself, module


def test_chapters_that_do_not_use_a_module_stay(needs):
    part = {name for name in needs if name.startswith("components/")}
    assert len(part) > 8
    for module in ("nnbook.nn.recurrent", "nnbook.ops.recurrent_lstm", "nnbook.models.gpt"):
        users = {name for name, found in needs.items() if module in found}
        assert users
        assert not users & part, module
    assert {n for n, f in needs.items() if "nnbook.nn.recurrent" in f} >= {
        f"recurrent/{name}" for name in ("bptt", "cell", "lstm", "text", "generating")
    }
    assert {n for n in part if "nnbook.ops.softmax" in needs[n]} >= {"components/losses"}
    everything = {n for n, found in needs.items() if "nnbook.data.flights" in found}
    assert "practice/reflections" in everything  # it counts the lines of all files
    assert len(everything) < 10
    of_it = [n for n, f in needs.items() if "nnbook.teaching.exercises.dense.saving" in f]
    assert of_it == ["dense/saving", "practice/reflections"]


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


def test_the_record_and_the_build_ask_in_one_way(tmp_path):
    """What a build does not run again, the record does not either."""
    shutil.copytree(ROOT / "nnbook", tmp_path / "nnbook")
    page = tmp_path / "page.md"
    cell = "from nnbook import nn, plotting\nnn.Dropout(0.5)\nplotting.curves({})"
    page.write_text(f"{FRONT_MATTER}```{{code-cell}} ipython3\n{cell}\n```\n")
    cells = cells_of(page)

    def digests():
        sources = Sources(tmp_path)
        return chapter_digest(page, sources), cache.chapter_digest(cells, sources)

    before = digests()
    for name, changes in {
        "nn/dropout": (True, True),
        "nn/convolution": (False, False),
        "plotting/figures": (False, True),
    }.items():
        file = tmp_path / "nnbook" / f"{name}.py"
        text = file.read_text()
        file.write_text(text + "\nCHANGED = 1\n")
        assert tuple(a != b for a, b in zip(before, digests(), strict=True)) == changes, name
        file.write_text(text)
    assert digests() == before
