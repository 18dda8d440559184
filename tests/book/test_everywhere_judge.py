"""How a claim's values are weighed, and what counts as a change of a chapter."""

import ast
import json
import math
from pathlib import Path

import pytest
from everywhere import judge
from everywhere.digest import NO_CLAIM, bare, chapter_digest
from everywhere.imports import Package
from everywhere.sources import Sources, parsed

FULL = [{"embedded": False}] * 4


def claim(values, limits, kind="level", controls=None, held=""):
    found = {"kind": kind, "values": values, "limits": limits, "held": held or "1" * len(values)}
    return found | ({"controls": controls} if controls else {})


def test_the_distance_is_that_of_the_mean_in_spreads():
    assert judge.distance(claim([1, 2, 3, 2], [0.0, None]), FULL) == pytest.approx(
        2 / (2 / 3) ** 0.5
    )
    both = claim([1.0, 2.0, 3.0, 2.0], [0.0, 2.5])
    assert judge.distance(both, FULL) == pytest.approx(0.5 / (2 / 3) ** 0.5)
    assert judge.distance(claim([2.0] * 4, [1.0, None]), FULL) == math.inf
    assert judge.distance(claim([2.0] * 4, [3.0, None]), FULL) == -math.inf
    assert judge.distance(claim([True] * 4, [None, None]), FULL) is None
    assert judge.distance(claim([1.0, 2.0], [0.0, None]), FULL[:2]) is None


def test_embedded_data_and_runs_left_out_do_not_widen_the_spread():
    runs = [*FULL[:3], {"embedded": True}]
    assert judge.numbers(claim([1.0, 2.0, 3.0, 9.0], [0.0, None]), runs) == [1.0, 2.0, 3.0]
    assert judge.numbers(claim([1.0, 2.0, 3.0, 9.0], [0.0, None], held="1r-1"), runs) == [1.0, 9.0]
    assert judge.counts(claim([1.0] * 4, [0, None], held="10r-")) == (1, 2)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (claim([0.9, 1.0, 1.1, 1.0], [0.95, None]), "near"),
        (claim([0.9, 1.0, 1.1, 1.0], [0.6, None]), ""),
        (claim([0.99, 1.0, 1.01, 1.0], [0.6, None]), ""),  # half of it breaks the bound
        (claim([0.99, 1.0, 1.01, 1.0], [0.4, None]), "far"),
        (claim([0.99, 1.0, 1.01, 1.0], [0.6, None], "difference", [0.8] * 4), "far"),
        (claim([0.99, 1.0, 1.01, 1.0], [0.92, None], "difference", [0.8] * 4), ""),
        # powers: far from a control of 1e-15 by any account, but between themselves a factor of ten
        (claim([9e-9, 1e-9, 3e-9, 9e-9], [1e-10, None], "difference", [1e-15] * 4), ""),
        (claim([9e-9, 1e-9, 3e-9, 9e-9], [8e-10, None], "difference", [1e-15] * 4), "near"),
        (claim([4e-9, 3e-9, 3e-9, 4e-9], [1e-13, None], "difference", [1e-15] * 4), "far"),
        (claim([1e-16, 3e-16, 0.0, 1e-16], [None, 5e-16], "identity"), "near"),
        (claim([1e-16, 3e-16, 0.0, 1e-16], [None, 1e-14], "identity"), ""),
        (claim([1e-16, 3e-16, 0.0, 1e-16], [None, 1e-9], "identity"), "far"),
        (claim([0.0] * 4, [None, 1e-9], "identity"), ""),
        (claim([7] * 4, [None, None], "identity"), ""),
    ],
)
def test_bounds_too_near_and_too_far(found, word):
    assert judge.verdict(found, FULL) == word


def test_comments_docstrings_and_empty_lines_are_no_change():
    code = 'def f(x):\n    """Say."""\n    return x + 1  # more\n\n\ny = "# no comment"\n'
    assert bare(code) == 'def f(x):\n    return x + 1\ny = "# no comment"'
    assert bare("%matplotlib inline\nx = (") == "%matplotlib inline\nx = ("
    assert ast.unparse(parsed(["%timeit x\ny = 1\n!ls\n", "no python", "z = 2"])) == "y = 1\nz = 2"


@pytest.fixture
def package(tmp_path):
    files = {
        "__init__.py": "from nnbook import nn, ops\nfrom nnbook.tape import Tensor\n",
        "tape.py": "class Tensor: ...\n",
        "nn/__init__.py": "from nnbook.nn.linear import Linear\n"
        "from nnbook.nn.rnn import RNN as Cell\n",
        "nn/linear.py": "from nnbook import ops\ndef Linear(): return ops.linear\n",
        "nn/rnn.py": "def RNN():\n    from nnbook.ops import tanh\n",
        "ops/__init__.py": "from nnbook.ops.linalg import linear\n"
        "from nnbook.ops.curves import tanh\n",
        "ops/linalg.py": "from nnbook.tape import Tensor\ndef linear(): ...\n",
        "ops/curves.py": "def tanh(): ...\n",
    }
    for name, text in files.items():
        path = tmp_path / "nnbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Package(tmp_path)


LINEAR = {"nn.linear", "ops.linalg", "tape"}
ALL_NN = {"nn", "nn.linear", "nn.rnn", "ops.linalg", "ops.curves", "tape"}


def test_what_a_package_calls_when_it_is_imported_counts_for_all_that_use_any(package):
    init = package.root / "nnbook/ops/__init__.py"
    init.write_text(init.read_text() + "from nnbook.ops import curves\ncurves.tanh()\n")
    found = package.closure(ast.parse("from nnbook import Tensor"))
    assert found == {"nnbook.tape", "nnbook.ops.curves"}
    assert package.closure(ast.parse("import numpy")) == set()


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("from nnbook.nn import Linear", LINEAR),
        ("from nnbook import nn\nnn.Linear(3)", LINEAR),
        ("import nnbook\nnnbook.nn.Linear(3)", LINEAR),
        ("import nnbook.nn as layers\nlayers.Linear", LINEAR),
        ("from nnbook.nn.linear import Linear", LINEAR),
        ("from nnbook.nn import Cell", {"nn.rnn", "ops.curves"}),
        ("from nnbook import nn\nnn.Cell.forward", {"nn.rnn", "ops.curves"}),
        ("from nnbook import nn\nprint(dir(nn))", ALL_NN),
        ("from nnbook import nn\nnn.made_at_run_time", ALL_NN),
        ("from nnbook import nn, Tensor", {"tape"}),
        ("import numpy as np\nnp.ones(3)", set()),
    ],
)
def test_names_are_followed_to_the_module_that_defines_them(package, code, modules):
    assert package.closure(ast.parse(code)) == {f"nnbook.{name}" for name in modules}


def test_a_long_run_that_was_recorded_anew_changes_its_chapter_alone(tmp_path):
    records = tmp_path / "nnbook" / "teaching" / "recorded"
    records.mkdir(parents=True)
    (tmp_path / "nnbook" / "__init__.py").touch()
    head = "---\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n\n"
    for name in ("one", "two"):
        cell = f'```{{code-cell}} ipython3\nlong = LongRun("{name}")\n```\n'
        (tmp_path / f"{name}.md").write_text(head + cell)

    def digests(**values):
        (records / "long_runs.json").write_text(json.dumps(values))
        return [chapter_digest(tmp_path / f"{n}.md", Sources(tmp_path)) for n in ("one", "two")]

    before, after = digests(one=1, two=1), digests(one=2, two=1)
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_another_judge_of_the_exercises_leaves_the_record_as_it_is(tmp_path):
    teaching = tmp_path / "nnbook" / "teaching"
    teaching.mkdir(parents=True)
    (tmp_path / "nnbook" / "__init__.py").touch()
    (teaching / "__init__.py").write_text(
        "from nnbook.teaching.checker import check\nfrom nnbook.teaching.claims import claim\n"
    )
    page = tmp_path / "one.md"
    page.write_text(
        "---\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n\n"
        "```{code-cell} ipython3\nfrom nnbook.teaching import check, claim\n"
        'check("a.b", 1)\nclaim("c", 1)\n```\n'
    )

    def digest(**sources):
        kept = {"checker": "check = print\n", "claims": "claim = print\n"} | sources
        for name, source in kept.items():
            (teaching / f"{name}.py").write_text(source)
        return chapter_digest(page, Sources(tmp_path))

    before = digest()
    assert digest(checker="import nnbook.teaching.slips\ncheck = max\n", slips="a = 1\n") == before
    assert digest(claims="claim = max\n") != before


def test_another_drawing_leaves_the_record_as_it_is(tmp_path):
    plotting = tmp_path / "nnbook" / "plotting"
    plotting.mkdir(parents=True)
    (tmp_path / "nnbook" / "__init__.py").touch()
    (plotting / "__init__.py").write_text("from nnbook.plotting.figures import curves\n")
    page = tmp_path / "one.md"

    def digest(figures, cell="plotting.curves({})"):
        (plotting / "figures.py").write_text(figures)
        page.write_text(
            "---\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n\n"
            f"```{{code-cell}} ipython3\nfrom nnbook import plotting\n{cell}\n```\n"
        )
        return chapter_digest(page, Sources(tmp_path))

    before = digest("curves = print\n")
    assert digest("curves = max\n") == before
    assert digest("curves = print\n", "plotting.curves([])") != before


def test_each_module_that_draws_is_known():
    root = Path(__file__).parents[2]
    names = {f"nnbook.plotting.{p.stem}" for p in (root / "nnbook" / "plotting").glob("[!_]*.py")}
    assert names <= set(NO_CLAIM)
