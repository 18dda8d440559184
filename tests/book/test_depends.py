"""What a chapter depends on is found from its code: all of it, and not the whole package.

The truth comes from elsewhere: from the functions that run, and the objects that modules hold.
"""

import ast
import importlib
import inspect
import pkgutil
import shutil
import sys
from pathlib import Path

import jupytext
import pytest

import nnbook
from tests.book.conftest import FRONT_MATTER, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere import named
from everywhere.digest import chapter_digest, code_cells, has_cells
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
