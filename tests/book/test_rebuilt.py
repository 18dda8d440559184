"""A site built step by step is the one that is built at once, and each step finds what it broke.

Much of what a build finds out is kept for the next one. Here pages, works and files change between
the builds of a tiny book, and nothing may be shown that was true before.
"""

import pickle
import re

import pytest
from bs4 import BeautifulSoup

from tests.book import conftest
from tests.book.test_numbers import PIXEL

ONE = """# One

WORDS {cite:p}`huber1964`, {numref}`fig-two`, {ref}`sol-two`, {ref}`ex-two`,
{ref}`sol-three`, $a^2$.

```{code-cell}
1 + 1
```

<a href="two.html#there">there</a>
"""
TWO = """# Two

<span id="there"></span>

```{figure} /picture.png
---
name: fig-two
alt: it
---
Words.
```

```{exercise} Sum
:label: ex-two
Add $b$.
```

```{solution} ex-two
:label: sol-two
So.
```

```{exercise-start} Product
:label: ex-three
```
Multiply.
```{exercise-end}
```

```{solution-start} ex-three
:label: sol-three
```
So.
```{solution-end}
```
"""
WORKS = "# Bibliography\n\n```{bibliography}\n```\n"
COMPARED = (".html", ".css", ".js", ".ipynb", ".whl", ".wasm", ".json", ".inv", ".png", ".svg")
VERSION = re.compile(rb"\?v=[0-9a-f]{8}")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    book = make(tmp_path_factory.mktemp("steps"))
    for name, text in (("one", ONE), ("two", TWO), ("bibliography", WORKS)):
        book.write(name, text)
    build(book)
    return book


def make(root):
    book = conftest.tiny_book.__wrapped__(root)({})
    (root / "book/picture.png").write_bytes(PIXEL)
    return book


def build(book, *wrong):
    done = book.build()
    assert bool(done.returncode) == bool(wrong), done.stderr
    for words in wrong:
        assert words in done.stderr
    return done


def files(book):
    """Return what the files of a site hold, by name."""
    site = book.root / "_build/html"
    paths = [path for path in site.rglob("*") if path.suffix in COMPARED]
    held = {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}
    del held["searchindex.js"]  # Sphinx leaves words in it that are on no page any more
    # what stands behind an address only tells browsers whether they have the file already
    return {name: VERSION.sub(b"", content) for name, content in held.items()}


def words(book, page):
    return " ".join(BeautifulSoup(book.html(page), "html.parser").article.get_text().split())


def test_each_step_is_seen_and_the_last_one_is_what_a_first_build_gives(place, tmp_path):
    place.write("one", ONE.replace("WORDS", "Other words, <b class='caution'>bold</b>,"))
    build(place)
    assert "Other words, bold, [Huber, 1964], Fig. 1, Solution to" in words(place, "one")

    place.write("two", TWO.replace('id="there"', 'id="elsewhere"'))  # page one has not changed
    build(place, "one.md", "no such anchor: two.html#there")
    place.write("two", TWO.replace("Words.", "More.").replace("# Two", "# Two\n\n" + FIGURE))
    build(place)
    assert "Fig. 2, Solution to" in words(place, "one"), "a number on another page"

    works = place.root / "book/references.bib"
    text = works.read_text("utf-8")
    works.write_text(text.replace("Robust estimation of a", "Sturdy estimation of a"), "utf-8")
    build(place)
    assert "Sturdy estimation of a" in words(place, "bibliography")

    place.write("one", ONE.replace("WORDS", "Last words, <i class='danger'>slanted</i>,"))
    build(place)
    fresh = make(tmp_path)
    for name, written in place.pages.items():
        fresh.write(name, written)
    (tmp_path / "book/references.bib").write_text(works.read_text("utf-8"), "utf-8")
    build(fresh)
    stepwise, at_once = files(place), files(fresh)
    assert stepwise.keys() == at_once.keys()
    assert [name for name in at_once if stepwise[name] != at_once[name]] == []


FIGURE = """```{figure} /picture.png
---
name: fig-first
alt: it
---
First.
```
"""


def test_nothing_keeps_whole_pages_in_what_every_build_loads(place):
    with (place.root / "_build/.doctrees/environment.pickle").open("rb") as file:
        env = pickle.load(file)
    nodes = {name: entry["node"] for name, entry in env.sphinx_exercise_registry.items()}
    assert {"ex-two", "sol-two", "ex-three", "sol-three"} == nodes.keys()
    for node in nodes.values():
        assert node.parent is None
        assert all(each._document is None for each in node.findall())
    assert nodes["sol-two"][0].astext() == "Solution to"


@pytest.mark.parametrize("file", ["one.html", "_static/run/nnbook.zip", "_static/notebooks.zip"])
def test_a_file_that_somebody_changed_is_mended_or_checked_as_it_is(place, file):
    path = place.root / "_build/html" / file
    before = path.read_bytes()
    if path.suffix == ".html":
        path.write_bytes(before.replace(b"two.html#there", b"two.html#gone"))
        build(place, "no such anchor: two.html#gone")
        build(place)
    else:
        path.write_bytes(before[:-1])
        build(place)
        assert len(path.read_bytes()) == len(before)
