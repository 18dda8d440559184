"""The notebooks that readers download: what is in them."""

import os
import re
import shutil
import subprocess
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
from docutils import nodes

import nnbook
from tests.book.conftest import ROOT

# book/_ext is on the path, which conftest does
from notebooks.downloads import public  # isort: skip
from notebooks.inline import Inline  # isort: skip
from notebooks.opening import installing, preface  # isort: skip

CHAPTER = """(one)=
# One

As {cite:p}`rosenblatt1958` says in {doc}`/index`, see {numref}`fig-line`, {eq}`eq-a`,
{prf:ref}`thm-a` and {ref}`ex-a`. The value is {glue:text}`a-value:.2f`, and `code_1` costs
3 \\$ [sic].

$$
a &= b \\\\
c &= d
$$ (eq-a)

```{code-cell}
---
mystnb:
  image:
    alt: A rising line.
  figure:
    name: fig-line
    caption: A line, $y = x$.
tags: [hide-input]
---
import matplotlib.pyplot as plt
plt.plot([0, 1]);
```

```{code-cell}
:tags: [remove-cell]
from nnbook.teaching import check, quote
quote("a-value", 0.12345)
```

:::{note}
Mind the *gap*.
:::

:::{prf:theorem} Little
:label: thm-a

It holds.
:::

:::{prf:proof}
Look at {eq}`eq-a`, and at {eq}`eq-b`.
:::

::::{tab-set}
:::{tab-item} First
```python
x = 1
```
:::
:::{tab-item} Second
Words.
:::
::::

| left | right |
|---|---|
| $x$ | 2 |

````text
```{code-cell}
```
````

```{literalinclude} ../../nnbook/nn/linear.py
:pyobject: Linear.forward
:dedent: 4
```

```{exercise-start} Sum
:label: ex-a
```
Add them.

```{code-cell}
from math import prod
answer = None
check("components.layer-shapes", answer)
```

```{exercise-end}
```

```{solution-start} ex-a
:label: sol-a
:class: dropdown
```
So:

```{code-cell}
answer = ((784, 10), (10,), (32, 10), prod((785, 10)))
check("components.layer-shapes", answer)
```

```{solution-end}
```

## The end

```{code-cell}
answer is None
```
"""
WORKED = [
    "(Rosenblatt, 1958)",
    "see Fig. 1, (2),\nTheorem 1 and Exercise 1",
    "The value is 0.12, and `code_1` costs\n3 \\$ \\[sic\\].",
    "$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned} \\tag{2}\n$$",
    "*Fig. 1: A line, $y = x$.*",
    "> **Note**\n>\n> Mind the *gap*.",
    "> **Theorem 1 (Little)**\n>\n> It holds.",
    "\n> Proof. Look at (2), and at (1) in *Another page*.",
    "**First**\n\n```python\nx = 1\n```\n\n**Second**\n\nWords.",
    "| left | right |\n| --- | --- |\n| $x$ | 2 |",
    "````\n```{code-cell}\n```\n````",
    '```python\ndef forward(self, x: Tensor) -> Tensor:\n    """Map x',
    "**Exercise 1 (Sum)**\n\nAdd them.",
    "**Solution to Exercise 1 (Sum)**\n\nSo:",
    "## The end",
    "## References\n\n- Frank Rosenblatt",
]
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
MYST = re.compile(r"\{[a-z:]+\}`|^:::|^```\{|%\{", re.MULTILINE)


def markdown(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def without_examples(text):
    """Leave out blocks of code: a page on how to write pages shows MyST that is not meant."""
    return re.sub(r"^(`{3,})(?!\{).*?^\1\n", "", text + "\n", flags=re.MULTILINE | re.DOTALL)


def code(notebook):
    """Return the code of the page's own cells."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell.source for cell in cells if "setting" not in cell.metadata.get("tags", [])]


def test_directives_become_markdown(tiny_book):
    bibliography = "# Bibliography\n\n```{bibliography}\n```\n"
    other = "# Another page\n\n$$x = y$$ (eq-b)\n"
    book = tiny_book({"two": other, "part/one": CHAPTER, "bibliography": bibliography})
    result = book.build()
    assert result.returncode == 0, result.stderr
    sources = book.root / "_build" / "html" / "_sources" / "part"
    worked = nbformat.read(sources / "one.ipynb", as_version=4)
    unsolved = nbformat.read(sources / "one-unsolved.ipynb", as_version=4)
    solved = nbformat.read(sources / "one-solved.ipynb", as_version=4)
    for notebook in (worked, unsolved, solved):
        nbformat.validate(notebook)

    for text in WORKED:
        assert text in markdown(worked)
    assert not MYST.search(without_examples(markdown(worked)))
    assert "Solution" not in markdown(unsolved)
    assert "Exercise 1 (Sum)" in markdown(unsolved)

    plot, glue, stub, solution, last = code(worked)
    assert plot.startswith("import matplotlib")
    assert glue.startswith("from nnbook.teaching")
    assert stub.startswith("from math import prod\nanswer = None\n")
    assert "785" in solution
    tagged = [c.source for c in worked.cells if "solution" in c.metadata.get("tags", [])]
    assert tagged == [solution]
    assert last == "answer is None"
    assert code(unsolved) == [plot, glue, stub, last]
    assert code(solved) == [plot, glue, f"from math import prod\n\n\n{solution}", last]
    assert "Exercise 1 (Sum)**\n\nAdd them.\n\n**Solution to Exercise 1" in markdown(solved)
    assert "The exercises are filled in" in markdown(solved)
    hidden = [cell.metadata.get("jupyter") for cell in worked.cells if cell.cell_type == "code"]
    assert hidden == [None, {"source_hidden": True}, {"source_hidden": True}, None, None, None]

    page = book.html("part/one")
    assert 'href="../_sources/part/one.ipynb"' in page
    for kind in ("unsolved", "solved"):  # in the menu, and in the line below the title
        assert page.count(f'href="../_sources/part/one-{kind}.ipynb"') == 2
    assert ".ipynb" not in book.html("bibliography")

    check_archive(book)
    first = (sources / "one.ipynb").read_bytes()
    shutil.rmtree(book.root / "_build")
    assert book.build().returncode == 0
    assert (sources / "one.ipynb").read_bytes() == first, "the same chapter gave another file"


def check_archive(book):
    """Unpack all notebooks, and run one where the package, and nothing else, is missing."""
    with zipfile.ZipFile(book.root / "_build/html/_static/notebooks.zip") as archive:
        names = archive.namelist()
        archive.extractall(book.root / "taken home")
    version = nnbook.__version__
    wanted = {f"part/one{kind}.ipynb" for kind in ("", "-unsolved", "-solved")}
    wanted.add(f"nnbook-{version}-py3-none-any.whl")
    assert wanted == set(names) - {"READ-ME.txt"}
    others = book.root / "others"
    others.mkdir()
    for path in Path(np.__file__).parents[1].iterdir():
        if "nnbook" not in path.name:
            (others / path.name).symlink_to(path)
    # a pip of the others' comes before one of its own, which takes seconds to put there
    venv.create(book.root / "empty", with_pip=not (others / "pip").exists())
    python = next(book.root.glob("empty/bin/python"))
    execute = "import nbclient, nbformat, sys; nbclient.execute(nbformat.read(sys.argv[1], 4))"
    alone = {"PYTHONPATH": str(others), "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1"}
    alone |= {"JUPYTER_PATH": str(book.root), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [python, "-c", execute, "one-unsolved.ipynb"],
        cwd=book.root / "taken home/part",
        env={**os.environ, **alone, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (installed,) = book.root.glob("empty/lib/*/site-packages/nnbook/__init__.py")
    assert installed.parent.with_name(f"nnbook-{version}.dist-info").exists()


def test_a_notebook_takes_the_package_from_where_it_is():
    app = SimpleNamespace(config=SimpleNamespace(nnbook_version="1", nnbook_repository=""))
    app.config.html_baseurl, app.config.html_title = "", "Networks"
    assert "put its wheel" in installing(app)
    assert max(map(len, installing(app).splitlines())) <= 80
    assert "which is in `notebooks.zip`" in preface(app, "unsolved")
    app.config.nnbook_repository = "https://git.example/nn"
    assert 'if wheels else "git+https://git.example/nn"\n' in installing(app)
    app.config.html_baseurl = "https://nn.example/"
    wheel = f"https://nn.example/_static/nnbook-{nnbook.__version__}-py3-none-any.whl"
    assert f'if wheels else "{wheel}"\n' in installing(app)
    words = preface(app, "worked")
    assert words.startswith(
        "*A chapter of [Networks](https://nn.example/). It needs Python 3.11 and NumPy 2.0, or"
    )
    assert "runtime 2026.01 has Python 3.12 and NumPy 2.0, and they can stay" in words
    assert f"NumPy {np.__version__}.*" in words
    compile(installing(app), "cell", "exec")


def test_equations_have_the_numbers_that_the_page_shows(site):
    for chapter in chapters():
        path = site / "_sources" / f"{chapter}.ipynb"
        page = (site / f"{chapter}.html").read_text(encoding="utf-8")
        tags = re.findall(r"\\tag\{([A-Z\d.]*)\}", markdown(nbformat.read(path, as_version=4)))
        assert tags == re.findall(r'class="eqno">\(([A-Z\d.]+)\)', page), chapter


def test_references_lead_to_the_site_if_its_address_is_known():
    where = {"html_baseurl": "https://book.example/nn/"}
    for base, wanted in (
        (where, "https://book.example/nn/two.html#equation-eq-b"),
        ({"html_baseurl": ""}, None),
    ):
        app = SimpleNamespace(config=SimpleNamespace(**base))
        assert public(app, "part/one", "../two.html#equation-eq-b") == wanted
    inline = Inline(link=lambda a: f"https://book.example/{a}", title=str, picture=str)
    reference = nodes.reference("", "(1)", refuri="two.html#equation-eq-b", internal=True)
    assert inline.inline(reference) == "[(1)](https://book.example/two.html#equation-eq-b)"


def text_of(chapter):
    return (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")


def chapters():
    """Return the chapters of the real book that are notebooks."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"^\s*(?:- file|root): (\S+)$", toc, re.MULTILINE)
    return [name for name in names if "```{code-cell}" in text_of(name)]
