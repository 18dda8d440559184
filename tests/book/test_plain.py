"""The way out of Jupyter Book: the same sources build on plain Sphinx, with no warning.

`make newest` runs this with the newest Sphinx, from an environment of its own; else it is the one
that the book is built with.
"""

import os
import re
import shutil
import subprocess
import sys

from tests.book.conftest import ROOT
from tests.book.test_downloads import CHAPTER

SPHINX = os.environ.get("NNBOOK_SPHINX", sys.executable)
OTHER = """# Another page

$$x = y$$ (eq-b)

```{eval-rst}
.. autofunction:: nnbook.ops.reshape
```
"""
PAGES = {
    "part/one": CHAPTER,
    "two": OTHER,
    "solutions": "# Solutions\n\n```{solutions} part\n```\n",
    "plan": "# Plan\n\n```{weeks}\nFirst: part/one two\nThen: two\n```\n",
    "bibliography": "# Bibliography\n\n```{bibliography}\n```\n",
}


def test_the_same_sources_build_on_plain_sphinx(tiny_book):
    book = tiny_book(PAGES)
    shutil.copytree(ROOT / "tools/sphinx", book.root / "tools/sphinx")
    command = [SPHINX, "-m", "sphinx", "-W", "-n", "--keep-going", "-q"]
    command += ["-c", "tools/sphinx", "book", "_build/html"]
    environment = {**os.environ, "PYTHONPATH": str(book.root)}
    done = subprocess.run(
        command, cwd=book.root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    page = book.html("part/one")
    assert "Fig. 1" in page
    assert 'href="../_sources/part/one.ipynb"' in page
    assert "0.12" in page
    assert 'data-page="part/one"' in page
    assert "Sum" in book.html("solutions")
    assert (book.root / "_build/html/_sources/part/one.ipynb").exists()
    rows = re.findall("<tr.*?</tr>", book.html("plan"), re.DOTALL)
    cells = [re.sub(r"<[^>]*>|\s+", " ", row).split() for row in rows]
    assert cells[1][:6] == ["1", "First:", "One", ",", "Another", "page"]
    assert cells[1][6] == cells[3][1] == "1", "the exercise of the first chapter"
    assert cells[2][4] == "0"
