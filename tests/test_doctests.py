"""Every example in a docstring of the package gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import nnbook

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(nnbook.__path__, "nnbook.")
    if not name.endswith("__main__")
]


def examples(name: str) -> list[doctest.DocTest]:
    """Return the docstrings of a module that have examples."""
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name))
    return [test for test in found if test.examples]


EACH = [
    pytest.param(test, id=test.name) for name in ["nnbook", *MODULES] for test in examples(name)
]


@pytest.mark.parametrize("test", EACH)
def test_example(test, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example that saves a file does it here
    said = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert result.failed == 0, "".join(said)


def test_examples_are_found():
    names = {p.values[0].name for p in EACH}
    assert {"nnbook.tensor.tensor.Tensor", "nnbook.nn.linear.Linear"} <= names
