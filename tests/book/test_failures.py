"""Whatever goes wrong in the chapters, the build ends in a site that shows it, and fails."""

import pytest
from bs4 import BeautifulSoup

from tests.book.test_exercises import MODULE
from tests.book.test_exercises import page as exercises
from tests.book.test_ledger import LEDGER, ONE, TWO

RAISES = """\
# Raises

```{code-cell} ipython3
print("before")
```

```{code-cell} ipython3
def broken():
    raise ValueError("by design")


broken()
```

```{code-cell} ipython3
print("after")
```

```{code-cell} ipython3
missing
```
"""


@pytest.fixture
def failing(tiny_book):
    """Return a book of whose five chapters three fail, each in its own way."""
    book = tiny_book({"ledger": LEDGER})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    book.write("one", ONE.replace("above=0.975", "above=0.99"))
    book.write("raises", RAISES)
    book.write("solves", exercises(answer="x * x"))
    book.write("two", TWO)
    return book


def line_of(book, page, part):
    lines = (book.root / "book" / f"{page}.md").read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if part in line)


def soup(book, page):
    return BeautifulSoup(book.html(page), "html.parser")


def box(book, page):
    found = soup(book, page).select_one("article .nn-problems")
    return found and " ".join(found.get_text().split())


def test_one_build_names_all_failures_and_the_site_stands(failing):
    book = failing
    claim = f"one.md:{line_of(book, 'one', 'one-accuracy')}: claim 'one-accuracy' does not hold: "
    claim += "0.9812 is not > 0.99"
    cell = f"raises.md:{line_of(book, 'raises', 'def broken') - 1}: the cell raised ValueError: by "
    cell += "design, and 1 after it raised too"
    solution = "solves.md:14: exercise ex-double: its solution does not pass the check"
    said = []
    for _ in range(2):
        done = book.build()
        assert done.returncode == 1
        for told in (claim, cell, solution, "3 problems in the pages:", "----> 5 broken()"):
            assert told in done.stderr, done.stderr
        assert f"The site is there all the same, and shows them: {book.root}" in done.stderr
        assert "Traceback (most recent call last):\n  File" not in done.stderr, "of the build"
        said.append(done.stderr[done.stderr.index("3 problems") :])

        badge = soup(book, "one").select_one("#claim-one-accuracy")
        assert badge.select_one(".nn-fails").get_text() == "does not hold: 0.9812 is not > 0.99"
        assert "98.1% were right" in soup(book, "one").get_text(), "the chapter goes on"
        raises = soup(book, "raises")
        assert "ValueError: by design" in raises.select_one("#raised .traceback").get_text()
        assert "after" in [pre.get_text().strip() for pre in raises.select(".cell_output pre")]
        marked = soup(book, "solves").select_one(".exercise .nn-fails").get_text()
        assert marked.startswith("its solution does not pass the check 'start.double'")

        for page in ("index", "ledger"):
            assert all(told in box(book, page) for told in (claim, cell, solution))
            links = [a["href"] for a in soup(book, page).select(".nn-problems a")]
            assert links == [
                "one.html#claim-one-accuracy",
                "raises.html#raised",
                "solves.html#ex-double",
            ]
        assert claim in box(book, "one")
        assert cell not in box(book, "one")
        row = soup(book, "ledger").select_one("table.nn-ledger tbody tr").get_text(" ", strip=True)
        assert "0.9812 > 0.99 does not hold: 0.9812 is not > 0.99" in row
        assert "two-error" in soup(book, "ledger").get_text()
        assert box(book, "two") is None, "a page with no fault has no list"
        assert "From the other page: 0.98." in soup(book, "two").get_text()
    assert said[0] == said[1]

    book.write("one", ONE)
    book.write("raises", "# Raises\n")
    book.write("solves", exercises())
    done = book.build()
    assert done.returncode == 0, done.stderr
    assert not [page for page in book.pages if box(book, page)]


HIDDEN = """\
# Hidden

```{code-cell} ipython3
:tags: [remove-cell]
1 / 0
```

```{code-cell} ipython3
:tags: [raises-exception]
raise KeyError("no tag excuses it")
```
"""
ENDS = """\
# Ends

```{code-cell} ipython3
import os

os._exit(1)
```

```{code-cell} ipython3
print("never")
```
"""


#: Sphinx cannot write the last of these warnings; it leaves out what the per cent signs stand for.
LINKS = """\
# Links

{ref}`nowhere` and <a href='gone.html'>gone</a>

```{eval-rst}
.. automodule:: nnbook.data.splits
   :members: nothing
```
"""


def test_a_hidden_cell_a_dead_kernel_a_warning_and_a_dead_link(tiny_book):
    book = tiny_book({"hidden": HIDDEN, "ends": ENDS})
    book.write("links", LINKS)
    done = book.build()
    assert done.returncode == 1
    for told in (
        "hidden.md:14: the cell raised ZeroDivisionError: division by zero, and 1 after it raised",
        "ends.md:14: the cell raised DeadKernelError: Kernel died, and 1 after it did not run",
        "links.md:3: undefined label: 'nowhere'",
        "links.md: no such file: gone.html",
        "missing attribute mentioned in :members: option",
        "5 problems in the pages:",
    ):
        assert told in done.stderr, done.stderr
    assert "1 / 0" in box(book, "hidden"), "what the page does not show is shown in its list"
    assert "KeyError" in book.html("hidden")
    assert "no such file: gone.html" in box(book, "links")
    assert "no such file: gone.html" in box(book, "index")


def test_the_plain_command_fails_in_the_same_way(failing):
    done = failing.build(".")
    assert done.returncode == 1
    assert "3 problems in the pages:" in done.stderr
    assert "3 problems in this build" in box(failing, "index")
