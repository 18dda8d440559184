"""The notebooks that readers download run outside of the book.

The build runs every chapter as a reader would, in an empty folder and without what makes the book
(`execution.alone`), and fails if a cell raises. So a notebook with the cells that the build ran has
run outside. That all notebooks have them is held here, and a few run once more: one of each kind,
and some that the run's seed draws. `SEED=5 pytest ...` draws those of seed 5, and NOTEBOOKS=all
takes all.
"""

import ast
import os
import random
import re
import subprocess
import sys

import nbformat
import pytest
from jupyter_cache import get_cache

from tests.book.test_downloads import (
    ENVIRONMENT,
    MYST,
    chapters,
    code,
    markdown,
    text_of,
    without_examples,
)

# book/_ext is on the path, which conftest does
from everywhere.digest import FIGURE_DATA  # isort: skip
from everywhere.sources import Sources  # isort: skip
from execution import cache  # isort: skip
from execution.alone import GUARD  # isort: skip
from needs import names_of_page  # isort: skip

SEED = os.environ.get("SEED", "0")
#: One of each kind, and each a quick one.
KINDS = {
    "index": "without exercises",
    "start/tour": "with pictures, exercises and a figure to play with",
    "appendix/calculus": "without data",
    "practice/exchange": "with frameworks, and with files that it writes and reads",
}
DRAWN = 3


def some():
    """Return the chapters whose notebooks run here."""
    others = [chapter for chapter in chapters() if chapter not in KINDS]
    if os.environ.get("NOTEBOOKS") == "all":
        return [*KINDS, *others]
    return [*KINDS, *random.Random(SEED).sample(others, DRAWN)]


def both(site, chapter):
    """Return the worked notebook of a chapter, and the unsolved one if there is one."""
    path = site / "_sources" / f"{chapter}.ipynb"
    unsolved = path.with_name(f"{path.stem}-unsolved.ipynb")
    read = [nbformat.read(each, as_version=4) for each in (path, unsolved) if each.exists()]
    return read[0], read[1] if unsolved.exists() else None


def own(notebook):
    """Return the code cells of the page, without those that every notebook begins with."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in cells if "setting" not in tags(cell)]


def tags(cell):
    return cell.metadata.get("tags", [])


@pytest.fixture(scope="module")
def runs():
    """Return the runs with the present libraries, and what a reader finds, that the build keeps."""
    (folder,) = cache.BASE.glob(f"{cache.libraries_digest()}-*")
    return get_cache(folder)


@pytest.fixture(scope="module")
def sources():
    """Return the files of the present package."""
    return Sources(cache.ROOT)


@pytest.mark.parametrize("chapter", chapters())
def test_notebooks_have_the_cells_that_the_build_ran(site, runs, sources, chapter):
    """Each notebook is that of a run which the build has made, and begins like all the others."""
    worked, unsolved = both(site, chapter)
    shown = nbformat.read(site.parent / "jupyter_execute" / f"{chapter}.ipynb", as_version=4)
    record = runs.match_cache_notebook(shown)  # a KeyError if it has no run of these cells
    assert record.data["raised"] == 0
    needed = [cell.source for cell in shown.cells if cell.cell_type == "code"]
    assert record.data["needs"] == cache.chapter_digest(needed, sources), "of another package"
    ran = runs.get_cache_bundle(record.pk).nb
    cells = [cell for cell in ran.cells if cell.cell_type == "code" and cell.source]
    assert all(cell.execution_count for cell in cells)
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert code(worked) == [cell.source for cell in cells if FIGURE_DATA not in tags(cell)]
    assert code(worked)

    assert (unsolved is not None) == ("{solution-start}" in text_of(chapter))
    if unsolved:
        asked = [cell.source for cell in own(worked) if "solution" not in tags(cell)]
        assert code(unsolved) == asked
        assert len(asked) < len(own(worked))
        assert shared(own(worked)) == [], "a cell of the unsolved notebook may need a solution"
    assert ("Solution to" in markdown(worked)) == bool(unsolved)
    first = settings(both(site, "index")[0])
    for notebook in filter(None, (worked, unsolved)):
        nbformat.validate(notebook)
        assert settings(notebook) == first
        assert notebook.metadata.kernelspec.name == "python3"
        assert not MYST.search(without_examples(markdown(notebook)))
    assert "Solution to" not in markdown(unsolved or worked)


def settings(notebook):
    """Return the cells in front of the page's own, which are run with any of the notebooks."""
    return [cell.source for cell in notebook.cells if "setting" in tags(cell)]


def shared(cells):
    """Return the names that a cell outside of the solutions has in common with one before it.

    It may call what the page has imported or defined, as solutions do, and use what is bound anew.
    So it gives the same without the solutions, and they need not be taken out to see that it runs.
    """
    names = names_of_page([cell.source for cell in cells])
    assert all(names), "a cell is not plain Python"
    trees = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    fixed = {node.name for node in trees if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    fixed = fixed.union(*(each.imports for each in names))
    touched, inner, found = set(), {}, []
    for cell, each in zip(cells, names, strict=True):
        used = each.now | each.later | each.changes
        if "solution" in tags(cell):
            touched |= each.binds | used - fixed
        else:
            reached = {n for name in used for n in through(name, inner)}
            found += sorted(reached & touched)
            touched -= each.binds
        inner |= dict.fromkeys(each.binds, each.later)
    return found


def through(name, inner, seen=()):
    """Yield a name and those that are needed when what it stands for is called."""
    yield name
    for other in inner.get(name, set()) - {name, *seen}:
        yield from through(other, inner, (*seen, name))


CELLS = ["import numpy as np\ndef f(): return limit", "limit = 3\nlist_ = []", "answer = 2"]


@pytest.mark.parametrize(
    ("solution", "after", "names"),
    [
        ("answer = 2; best = 3", "best + 1", ["best"]),
        ("answer = 2; limit = 5", "f()", ["limit"]),
        ("list_.append(1)", "print(list_)", ["list_"]),
        ("answer = fill(list_)", "print(list_)", ["list_"]),
        ("def f(): return 5", "f()", ["f"]),
        ("answer = f() + np.ones(3)", "answer = None; np.ones(f())", []),
    ],
)
def test_a_cell_that_may_need_a_solution_is_noticed(solution, after, names):
    cells = [nbformat.v4.new_code_cell(source) for source in [*CELLS, solution, after]]
    cells[-2].metadata["tags"] = ["solution"]
    assert shared(cells) == names


def test_some_are_of_each_kind_and_some_are_drawn(monkeypatch):
    assert set(KINDS) < set(chapters())
    assert len(set(some())) == len(KINDS) + DRAWN
    monkeypatch.setenv("NOTEBOOKS", "all")
    assert sorted(some()) == sorted(chapters())


@pytest.mark.parametrize("chapter", some())
def test_notebooks_of_the_book_run_outside_of_it(site, tmp_path, chapter):
    """The unsolved notebook runs, and in the same kernel the cells that only the worked one has.

    So each cell of both runs once. The build has run the cells in the worked one's order.
    """
    worked, unsolved = both(site, chapter)
    notebook = unsolved or worked
    solutions = [cell for cell in own(worked) if "solution" in tags(cell)] if unsolved else []
    notebook.cells += [nbformat.v4.new_code_cell(cell.source) for cell in solutions]
    nbformat.write(notebook, tmp_path / "chapter.ipynb")  # nbmake passes over a path with _build
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), **ENVIRONMENT}
    command = [sys.executable, "-m", "pytest", "--nbmake", "--nbmake-timeout=300", "-q"]
    command += ["-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:xdist", "chapter.ipynb"]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"SEED={SEED} draws it\n{result.stdout[-5000:]}"
    assert "1 passed" in result.stdout


def test_the_page_that_tells_of_the_record_has_it(site):
    """It lies in the repository, where no notebook looks; the build tells where."""
    page = (site / "practice" / "reflections.html").read_text(encoding="utf-8")
    assert re.search(r"[\d,]{3,} claims in the record", page)
