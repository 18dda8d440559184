"""Notebooks whose exercises are filled in: each solution is there once, and passes its check."""

import re
import shutil

import nbformat

from nnbook.teaching.notebook import check_notebook
from tests.book.test_downloads import chapters, code, text_of

CHECK = re.compile(r"\bcheck\(\s*['\"]([\w.-]+)")


def read(path):
    """Return a notebook, which other tests have found valid."""
    return nbformat.v4.reads(path.read_text(encoding="utf-8"))


def test_solved_notebooks_have_each_solution_once_in_the_place_of_the_stub(site):
    """What runs is what the build ran, without the stubs, so all solutions pass; one is tried."""
    for chapter in chapters():
        path = site / "_sources" / f"{chapter}-solved.ipynb"
        assert path.exists() == ("{solution-start}" in text_of(chapter)), chapter
        if not path.exists():
            continue
        solved, worked = read(path), read(site / "_sources" / f"{chapter}.ipynb")
        solutions = [c for c in worked.cells if "solution" in c.metadata.get("tags", [])]
        named = {name for cell in solutions for name in CHECK.findall(cell.source)}
        sources = [c.source for c in solutions]
        wanted = [s for s in code(worked) if s in sources or not named & set(CHECK.findall(s))]
        assert all(own.endswith(s) for own, s in zip(code(solved), wanted, strict=True)), chapter
        checks = [name for source in code(solved) for name in CHECK.findall(source)]
        assert [checks.count(name) for name in named] == [1] * len(named), chapter
        text = path.read_text(encoding="utf-8")
        assert "your code here" not in text, chapter
        for cell in solved.cells:
            folded = "source_hidden" in cell.metadata.get("jupyter", {})
            assert not (folded and named & set(CHECK.findall(cell.source))), chapter


def test_the_solutions_of_a_solved_notebook_pass_its_checks(site, tmp_path):
    path = shutil.copy(site / "_sources/components/neuron-solved.ipynb", tmp_path)
    report = check_notebook(path)
    assert report.passed, report
    assert len(report.verdicts) == len(set(CHECK.findall(text_of("components/neuron"))))
