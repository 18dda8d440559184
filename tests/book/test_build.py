"""What fails a build, what does not, and what is run again: shown on books of one page."""

import re
import shutil
from pathlib import Path

import pytest

CELL = "```{{code-cell}}\n{}\n```\n"
COUNTING = CELL.format(
    """from pathlib import Path
import nnbook
runs = Path(nnbook.__file__).parents[1] / "runs.txt"
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
from nnbook import ops
import numpy as np
print("relu", ops.relu.rule(np.array([-1.0, 2.0]))[0])"""
)
#: What stands in the folder where a chapter runs, and what it can import there.
AROUND = CELL.format(
    """import os
def there(name):
    try:
        return bool(__import__(name))
    except ImportError:
        return False
names = ["docutils", "sphinx", "jupyter_book", "tests", "tools", "numpy", "nnbook"]
print("empty:", os.listdir(), "there:", *filter(there, names))"""
)

FAULTS = {
    "failing cell": (
        "# One\n\n" + CELL.format('def broken():\n    raise ValueError("by design")\n\nbroken()'),
        ["part/one.md", "broken()", "ValueError: by design"],
    ),
    "warning of a cell": (
        "# One\n\n" + CELL.format("import warnings\nwarnings.warn('look out')"),
        ["part/one.md:16", "stderr was found"],
    ),
    "typo in a reference": (
        "(one)=\n# One\n\nSee {ref}`oen`.\n",
        ["part/one.md:4", "undefined label: 'oen'"],
    ),
    "typo in an equation's name": (
        "# One\n\n$$a = b$$ (eq-a)\n\nSee {eq}`eq-b`.\n",
        ["part/one.md:5", "eq-b"],
    ),
    "typo in a citation": (
        "# One\n\n{cite}`nobody1900`\n",
        ["part/one.md:3", "nobody1900"],
    ),
    "link to nothing in the package": (
        "# One\n\n{py:func}`nnbook.ops.nothing`\n",
        ["part/one.md:3", "nnbook.ops.nothing"],
    ),
    "listing of nothing": (
        "# One\n\n```{literalinclude} ../../nnbook/nn/linear.py\n:pyobject: Linaer\n```\n",
        ["part/one.md:3", "Linaer"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_fails_the_first_and_the_second_build_and_the_site_stands(tiny_book, fault):
    text, messages = FAULTS[fault]
    book = tiny_book({"part/one": text})
    for _ in range(2):
        result = book.build()
        assert result.returncode == 1
        for message in messages:
            assert message in result.stderr
        assert "jupyter_book" not in result.stderr, "no traceback of the build"
        assert "1 problem in this build" in book.html("index")
        assert "1 problem<" in book.html("part/one")


def test_a_cell_whose_head_nobody_can_read_is_told_with_its_page(tiny_book):
    head = "---\nmystnb:\n  figure:\n    caption: Two things: a line, and a point: one\n---\n"
    done = tiny_book({"part/one": "# One\n\n" + CELL.format(head + "1")}).build()
    assert done.returncode != 0
    assert re.search(r"part/one\.md: Code cell \d+ at line 14 could not be read", done.stderr)


def test_what_is_run_again(tiny_book):
    three = CELL.format("from nnbook import metrics\nmetrics.accuracy([1], target=[1])")
    pages = {"part/one": COUNTING, "two": AROUND, "three": three}
    book = tiny_book({name: f"# A page\n\n{cells}" for name, cells in pages.items()})
    runs = book.root / "runs.txt"
    relu = book.root / "nnbook" / "ops" / "activation.py"

    first = book.build()
    assert first.returncode == 0, first.stderr
    assert runs.read_text() == "x"
    assert "relu [0. 2.]" in book.html("part/one")
    assert "empty: [] there: numpy nnbook" in book.html("two"), "as a reader's notebook"

    assert "part/one" not in book.build().stderr, "nothing changed, and it ran again"
    assert runs.read_text() == "x"

    book.write("part/one", "# One\n\nOther words.\n\n" + COUNTING)
    assert book.build().returncode == 0
    assert "Other words" in book.html("part/one")
    assert "relu [0. 2.]" in book.html("part/one"), "the outputs are lost"
    assert runs.read_text() == "x", "a change of prose ran the chapter again"

    book.write("part/one", "# One\n\n" + COUNTING + CELL.format("print('new')"))
    second = book.build()
    assert "part/one" in second.stderr
    assert "two" not in second.stderr, "a change of one chapter ran another"
    assert runs.read_text() == "xx"

    source = relu.read_text(encoding="utf-8")
    relu.write_text(
        source.replace("y = x.clip(0, math.inf)", "y = 5 + x.clip(0, math.inf)"), encoding="utf-8"
    )
    assert relu.read_text(encoding="utf-8") != source, "relu is not written as this test expects"
    third = book.build()
    assert third.returncode == 0
    assert runs.read_text() == "xxx", "a change of an operation did not run the chapter again"
    assert "relu [5. 7.]" in book.html("part/one")
    assert "three" not in third.stderr, "a change of an operation ran a chapter without it"


def test_pages_are_written_again_when_what_makes_them_changed(tiny_book):
    book = tiny_book({"one": "# One\n"})
    page = book.root / "_build/html/one.html"
    assert book.build().returncode == 0
    first = page.stat().st_mtime_ns
    assert book.build().returncode == 0
    assert page.stat().st_mtime_ns == first, "nothing changed, and it was written again"
    foot = book.root / "book/_ext/publishing/foot.py"
    foot.write_text(foot.read_text() + "\n# another way\n")
    assert book.build().returncode == 0
    assert page.stat().st_mtime_ns > first


def test_a_chapter_that_is_edited_while_a_build_runs_is_run_by_the_next(tiny_book):
    edit = """from pathlib import Path
import nnbook
chapter = Path(nnbook.__file__).parents[1] / "book/part/two.md"
chapter.write_text(chapter.read_text().replace("one thing", "another thing"))"""
    two = "# Two\n\n" + CELL.format('print("one thing")')
    book = tiny_book({"part/one": "# One\n\n" + CELL.format(edit), "part/two": two})
    assert book.build().returncode == 0
    assert "another thing" in book.html("part/two")
    book.write("part/two", two.replace("one thing", "another thing") + "\nMore.\n")
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert "part/two" in done.stderr, "Sphinx had run it, so what it cost is not known"


def test_build_from_the_root_gives_the_same_pages(tiny_book):
    pages = {"part/one": "(one)=\n# One\n\n{ref}`one` {cite}`rosenblatt1958`\n"}
    pages["bibliography"] = "# Bibliography\n\n```{bibliography}\n```\n"
    book = tiny_book(pages)
    assert book.build().returncode == 0
    by_make = {name: book.html(name) for name in book.pages}
    shutil.rmtree(book.root / "_build")
    result = book.build(".", "-W", "-n", "--keep-going")
    assert result.returncode == 0, result.stderr
    assert {name: book.html(name) for name in book.pages} == by_make


def test_built_pages_and_status(tiny_book):
    status = Path(__file__).parents[2] / "book" / "appendix" / "status.md"
    book = tiny_book(
        {
            "part/one": "# One\n\n" + CELL.format("import numpy as np\nx = np.ones(10**7)"),
            "appendix/read-first": "# Read before the status\n\n" + CELL.format("1 + 1"),
            "appendix/status": status.read_text(encoding="utf-8"),
        }
    )
    result = book.build()
    assert result.returncode == 0, result.stderr
    page = book.html("appendix/status")
    table = page[page.index("Slowest cell") : page.index("All chapters")]
    assert 'href="../part/one.html">One</a>' in table
    assert 'href="read-first.html">Read before the status</a>' in table
    assert "MiB" in table
    assert "numpy" in page
    assert "thebe" not in book.html("part/one")
    mathjax = book.root / "_build" / "html" / "_static" / "mathjax"
    size = sum(path.stat().st_size for path in mathjax.rglob("*") if path.is_file())
    assert 100_000 < size < 500_000, f"{size / 1e6:.1f} MB of MathJax: its fonts"

    file = book.root / "_build/html/appendix/status.html"
    file.write_text(page + "<!-- old -->", encoding="utf-8")  # what is written again loses it
    book.write(
        "appendix/read-first", "# Read before the status\n\nMore.\n\n" + CELL.format("1 + 1")
    )
    assert book.build().returncode == 0
    assert "<!-- old -->" in book.html("appendix/status"), "nothing that it shows has changed"
    book.write("part/one", "# First\n\n" + CELL.format("1 + 2"))
    assert book.build().returncode == 0
    assert 'href="../part/one.html">First</a>' in book.html("appendix/status")
