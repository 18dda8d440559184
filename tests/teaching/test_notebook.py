"""Running a reader's notebook: verdicts in order, a sentence for a file that cannot be run."""

import nbformat
import pytest

from nnbook.teaching import EXERCISES, NotebookError, Report, check_notebook

CELLS = """\
from nnbook.teaching import check, claim, data_notice, exercise, quote
exercise("start.a", asks="a number", solution=3)
exercise("start.b", asks="a number", solution=4)
exercise("start.c", asks="a number", solution=5)
---
check("start.a", 2)
claim("a-claim", 0.5, kind="level", above=0.1)
quote("a-quote", 3)
---
raise ValueError("a cell that fails")
---
check("start.b")
check("start.a", 3)
---
answer = 5
# check("start.old", 5)
check("start.c", anwser)
"""


def write(path, text):
    cells = [nbformat.v4.new_code_cell(source) for source in text.split("---\n")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.filterwarnings("ignore")  # of the Jupyter client
def test_verdicts_are_collected_past_a_failing_cell(tmp_path):
    report = check_notebook(write(tmp_path / "reader.ipynb", CELLS))
    lost = "NameError: name 'anwser' is not defined"
    assert report.verdicts == [
        ("start.a", True, ""),
        ("start.b", False, "not solved yet, expected a number"),
        ("start.c", False, f"its cell raised {lost}"),
    ]
    assert report.errors == ["cell 3: ValueError: a cell that fails", f"cell 5: {lost}"]
    assert not report.passed
    assert "start.a" not in EXERCISES  # the reader's code ran in its own process


@pytest.mark.filterwarnings("ignore")
def test_a_script_is_run_as_one_cell(tmp_path):
    script = tmp_path / "reader.py"
    script.write_text("from nnbook.teaching import check\ncheck('start.none', 3)\n")
    report = check_notebook(script)
    assert report.verdicts == [("start.none", False, "there is no exercise of this name")]
    assert report.errors == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["reader.py", "reader.ipynb"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path, name):
    path = tmp_path / name
    if path.suffix == ".py":
        path.write_text("from nnbook.teaching import check\ncheck('start.none', 3)\n")
    else:
        write(path, "from nnbook.teaching import check\ncheck('start.none', 3)\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    report = check_notebook(path)
    assert report.verdicts == [("start.none", False, "there is no exercise of this name")]


def test_a_report_passes_if_all_checks_do_and_no_cell_raised():
    right, wrong = ("start.a", True, ""), ("start.b", False, "why")
    assert Report([right], []).passed
    assert not Report([right, wrong], []).passed
    assert not Report([right], ["cell 2: ValueError: x"]).passed


@pytest.mark.filterwarnings("ignore")
def test_the_book_s_solution_does_not_speak_for_the_reader(tmp_path):
    source = (
        "from nnbook.teaching import check, exercise\nexercise('start.a', asks='', solution=3)\n"
    )
    path = write(tmp_path / "worked.ipynb", source + "check('start.a')\n---\ncheck('start.a', 3)")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"] = ["solution"]
    nbformat.write(notebook, path)
    ((name, passed, _),) = check_notebook(path).verdicts
    assert (name, passed) == ("start.a", False)


@pytest.mark.filterwarnings("ignore")
def test_a_notebook_without_checks_is_told_its_first_error(tmp_path):
    with pytest.raises(NotebookError, match=r"no cell of it calls check.*ZeroDivisionError"):
        check_notebook(write(tmp_path / "reader.ipynb", "1 / 0"))


@pytest.mark.filterwarnings("ignore")
def test_a_cell_that_hangs_is_stopped(tmp_path):
    with pytest.raises(NotebookError, match="took longer than 1 s"):
        check_notebook(write(tmp_path / "r.ipynb", "import time; time.sleep(60)"), timeout=1)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gone.ipynb", None, "is not a file"),
        ("notes.txt", b"check", r"expected an \.ipynb or a \.py file, got notes\.txt"),
        ("text.ipynb", b"not json", "is not a readable notebook"),
        ("bytes.ipynb", b"\xff\xfe\x00", "is not a readable notebook"),
        ("list.ipynb", b"[1, 2]", "is not a readable notebook"),
        ("empty.ipynb", b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
         "has no code cells"),
        ("empty.py", b"\n", "has no code cells"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_files_that_cannot_be_checked(tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(NotebookError, match=told):
        check_notebook(tmp_path / name)
