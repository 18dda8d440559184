"""What a type checker says: nothing about right programs, and the right thing about wrong ones."""

import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from nnbook import ops
from nnbook.tensor import REGISTRY

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MYPY = [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context"]


@pytest.fixture(scope="module")
def said():
    """Return what the checker says about the two programs: (file, line, kind) of each error.

    What it says of the package is for `make lint`; NumPy's first stubs do not know all of NumPy.
    """
    files = [str(HERE / name) for name in ("own_network.py", "wrong_calls.py")]
    done = subprocess.run(
        [*MYPY, "--allow-untyped-defs", *files], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    errors = re.findall(r"^(.+?):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    assert len(errors) == done.stdout.count(" error: "), done.stdout
    of_package = {error for error in errors if error[0].startswith("nnbook")}
    return {(Path(name).name, int(line), kind) for name, line, kind in set(errors) - of_package}


def test_a_network_of_its_own_layers_is_right_and_learns(said, toy):
    train = importlib.import_module("tests.typing.own_network").train  # `toy` forgets its operation
    assert {error for error in said if error[0] != "wrong_calls.py"} == set()
    assert train() < 0.1


def test_wrong_calls_are_found_and_the_others_are_not(said):
    lines = (HERE / "wrong_calls.py").read_text(encoding="utf-8").splitlines()
    marks = [(n, re.search(r"# wrong: ([\w-]+)$", line)) for n, line in enumerate(lines, start=1)]
    expected = {("wrong_calls.py", n, mark[1]) for n, mark in marks if mark}
    assert len(expected) > 15
    assert said == expected


def test_the_types_are_shipped():
    assert (ROOT / "nnbook" / "py.typed").exists()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "py.typed" in project["tool"]["setuptools"]["package-data"]["nnbook"]


def test_help_shows_the_signature_of_the_caller():
    shown = inspect.signature(ops.linear)
    assert str(shown) == "(x: 'Input', W: 'Input', b: 'Input | None', /) -> 'Tensor'"
    names = {"x", "h0", "c0", "W", "U", "b", "lengths", "reverse"}
    assert inspect.signature(ops.lstm).parameters.keys() == names
    assert inspect.signature(ops.lstm).return_annotation == "tuple[Tensor, ...]"
    assert str(inspect.signature(ops.stack)) == "(*xs: 'Input', axis: 'int' = 0) -> 'Tensor'"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_rule_says_what_its_inputs_and_values_are(name):
    rule = inspect.signature(REGISTRY[name].rule)
    inputs = [p for p in rule.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    assert {p.annotation for p in inputs} <= {"Input", "Input | None"}
    assert all(p.annotation is not p.empty for p in rule.parameters.values())
    assert re.fullmatch(r"tuple\[.*, Pullback\]", rule.return_annotation)
    assert "needs" not in rule.parameters
