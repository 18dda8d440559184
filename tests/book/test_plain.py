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

SPHINX = os.environ.get("NNBOOK_SPHINX", sys.executable)
ONE = """# One

As {cite:p}`rosenblatt1958` says in {doc}`/index`, see {eq}`eq-a`, {prf:ref}`thm-a`, {ref}`ex-a`.

$$
a = b
$$ (eq-a)

:::{note}
Mind the *gap*.
:::

:::{prf:theorem} Little
:label: thm-a

It holds.
:::

```{exercise} Sum
:label: ex-a
Add them.
```

```{solution} ex-a
:class: dropdown
So.
```
"""
OTHER = """# Another page

$$x = y$$ (eq-b)

```{eval-rst}
.. autofunction:: nnbook.ops.reshape
```
"""
CONTENTS = """format: jb-book
root: index
parts:
  - caption: A part
    numbered: 1
    chapters:
      - file: part/one
  - caption: Appendices
    numbered: 1
    style: alphaupper
    chapters:
      - file: two
      - file: plan
      - file: bibliography
"""
PAGES = {
    "part/one": ONE,
    "two": OTHER,
    "plan": "# Plan\n\n```{weeks}\nFirst: part/one two\nThen: two\n```\n",
    "bibliography": "# Bibliography\n\n```{bibliography}\n```\n",
}


def test_the_same_sources_build_on_plain_sphinx(tiny_book):
    book = tiny_book(PAGES)
    (book.root / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    shutil.copytree(ROOT / "tools/sphinx", book.root / "tools/sphinx")
    command = [SPHINX, "-m", "sphinx", "-W", "-n", "--keep-going", "-q"]
    command += ["-c", "tools/sphinx", "book", "_build/html"]
    environment = {**os.environ, "PYTHONPATH": str(book.root)}
    done = subprocess.run(
        command, cwd=book.root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    page = book.html("part/one")
    assert "Rosenblatt, 1958" in page
    assert ">(1.1)</a>" in page
    words = re.sub("<[^>]*>", "", page)
    assert "(1.1), Theorem 1.1, Exercise 1.1." in words
    assert "1. One" in words
    assert '<span class="section-number">A. </span>Another page' in book.html("two")
    assert "(A.1)" in re.sub("<[^>]*>", "", book.html("two"))
    assert "mjx-container" in page
    assert 'data-page="part/one"' in page
    assert "nnbook.ops.reshape" in book.html("two")
    rows = re.findall("<tr.*?</tr>", book.html("plan"), re.DOTALL)
    cells = [re.sub(r"<[^>]*>|\s+", " ", row).split() for row in rows]
    assert cells[1][:6] == ["1", "First:", "One", ",", "Another", "page"]
    assert cells[1][6] == cells[3][1] == "1", "the exercise of the first chapter"
    assert cells[2][4] == "0"
