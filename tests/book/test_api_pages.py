"""The API pages stay right when a second build documents something else."""

import re

from bs4 import BeautifulSoup

from nnbook import ops
from tests.book.conftest import ROOT

PAGE = """# Splits

```{{eval-rst}}
.. automodule:: {module}
   :members: {members}
```
"""


def test_a_second_build_links_what_is_new(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data.splits", members="split")})
    assert book.build().returncode == 0
    source = "_modules/nnbook/data/splits"
    assert 'id="split"' in book.html(source)
    assert 'id="stratified_split"' not in book.html(source)

    book.write(
        "api/splits", PAGE.format(module="nnbook.data.splits", members="split, stratified_split")
    )
    result = book.build()
    assert result.returncode == 0, result.stderr
    assert '_modules/nnbook/data/splits.html#stratified_split"' in book.html("api/splits")
    assert 'id="stratified_split"' in book.html(source)
    assert 'href="../../../api/splits.html#nnbook.data.splits.stratified_split"' in book.html(
        source
    )


def test_a_source_page_leads_back_to_the_name_that_is_documented_now(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data", members="split")})
    assert book.build().returncode == 0
    book.write("api/splits", PAGE.format(module="nnbook.data.splits", members="split"))
    assert book.build().returncode == 0
    page = book.html("_modules/nnbook/data/splits")
    assert 'href="../../../api/splits.html#nnbook.data.splits.split"' in page


def test_an_entry_names_the_chapters_that_speak_of_it(tiny_book):
    book = tiny_book(
        {"api/splits": PAGE.format(module="nnbook.data.splits", members="split, stratified_split")}
    )
    book.write("part/one", "# Chapter one\n\n{py:func}`nnbook.data.splits.split` cuts.\n")
    result = book.build()
    assert result.returncode == 0, result.stderr
    line = r'<p class="nn-chapters">In the book: (.*?)</p>'
    link = '<a class="reference internal" href="../part/one.html">Chapter one</a>'
    assert re.findall(line, book.html("api/splits")) == [link]

    book.write("two", "# Chapter two\n\n{py:func}`nnbook.data.splits.split` again.\n")
    assert book.build().returncode == 0
    other = '<a class="reference internal" href="../two.html">Chapter two</a>'
    assert re.findall(line, book.html("api/splits")) == [f"{link}, {other}"], "a stale API page"

    book.write("part/one", "# Chapter one\n\nNothing.\n")
    assert book.build().returncode == 0
    assert re.findall(line, book.html("api/splits")) == [other]


def test_an_entry_names_the_chapters_whose_cells_use_it(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data", members="split")})
    cell = "from nnbook import data\n\nparts = data.split"
    book.write("one", f"# Chapter one\n\n```{{code-cell}} ipython3\n{cell}\n```\n")
    result = book.build()
    assert result.returncode == 0, result.stderr
    link = '<a class="reference internal" href="../one.html">Chapter one</a>'
    assert f"In the code of: {link}</p>" in book.html("api/splits")


def test_what_cells_use_is_told_by_the_name_that_the_package_gives_it():
    from api_pages import uses

    cells = ["from nnbook import nn as layers, data", "%magic", "layers.Linear(1, 2)\nnp.split(x)"]
    cells += ["import nnbook.ops as o\no.linear.rule", "def later():\n    return data.iris()"]
    found = {"nnbook.nn.Linear", "nnbook.ops.linear.rule", "nnbook.ops.linear", "nnbook.data.iris"}
    assert set(uses(cells)) - {"nnbook.nn", "nnbook.ops", "nnbook.data"} == found


def test_prose_of_docstrings_is_escaped():
    from api_pages import escape

    lines = ["width : int", "    D. The width |w|.", "    Of x (N, *size) ``|y|`` gives \\ufffd."]
    lines += ["h' = p'ₖ, neither 'h' nor h's, the networks' and ``c'``", ">>> c' ", "x (N,) -> y"]
    escape(None, "function", "x", None, None, lines)
    assert lines == [
        "width : int",
        r"    \D. The width \|w\|.",
        r"    Of x (N, \*size) ``|y|`` gives \\ufffd.",
        "h\u2032 = p\u2032ₖ, neither ``'h'`` nor h's, the networks' and ``c'``",
        ">>> c' ",
        "x (N,) → y",
    ]


def test_strings_in_the_prose_of_docstrings_are_code():
    from api_pages import escape

    lines = ['"valid" adds none (as do "same" and \'none\'), "\\ufffd", named \'\'.']
    lines += ['What is it: "test error"? "cell 3: name \'x\' is not defined".']
    lines += ['`f("a")`, the networks\' "x" and h\' of "a": 5" and padding="valid"', '>>> f("a")']
    escape(None, "function", "x", None, None, lines)
    assert lines == [
        '``"valid"`` adds none (as do ``"same"`` and ``\'none\'``), ``"\\ufffd"``, named ``\'\'``.',
        'What is it: "test error"? ``"cell 3: name \'x\' is not defined"``.',
        '`f("a")`, the networks\' ``"x"`` and h\u2032 of ``"a"``: 5" and padding="valid"',
        '>>> f("a")',
    ]


def test_a_module_is_told_of_by_the_first_sentence_of_its_page():
    from modules import sentence

    page = "# nnbook.x\n\nIs a pullback right? Push it\na little. Then {doc}`more`.\n\nNo.\n"
    assert sentence(page) == "Is a pullback right? Push it a little"


def test_the_api_begins_with_a_sentence_on_each_module(site):
    html = BeautifulSoup((site / "api/index.html").read_text(encoding="utf-8"), "html.parser")
    rows = [row.find_all("td") for row in html.select("article table tbody tr")]
    said = {row[0].a["href"]: row[1].get_text(strip=True) for row in rows}
    assert {*said, "index.html"} == {path.name for path in (site / "api").glob("*.html")}
    assert all(12 < len(words) < 130 for words in said.values()), said


def test_what_a_docstring_has_between_backticks_is_code(tiny_book):
    book = tiny_book({"api/splits": PAGE.format(module="nnbook.data.splits", members="split")})
    result = book.build()
    assert result.returncode == 0, result.stderr
    html = BeautifulSoup(book.html("api/splits"), "html.parser").select_one("article dl.py")
    assert html.select("cite") == []
    assert [code.get_text() for code in html.select("dd p code.literal")] == ["rng"]


def test_the_api_pages_say_nothing_senseless(site):
    for path in sorted((site / "api").glob("*.html")):
        html = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article")
        text = html.get_text()
        assert "Alias for field number" not in text, path.name
        assert "<class '" not in text, path.name
        assert "<function " not in text, path.name
        assert html.select("ol.upperalpha") == [], f"{path.name} takes a letter for a list"


def pages():
    """Return the text of every page of the book, by its name."""
    return {
        path.relative_to(ROOT / "book").with_suffix("").as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "book").rglob("*.md"))
    }


def test_modules_and_chapters_lead_to_each_other():
    texts = pages()
    api = {name: text for name, text in texts.items() if name.startswith("api/")}
    rest = "".join(text for name, text in texts.items() if name not in api)
    alone = [
        name for name in api if name not in ("api/index", "api/ops") and "{doc}" not in api[name]
    ]
    assert alone == [], "these pages of the API lead to no chapter"
    modules = {name: f"nnbook.{name.removeprefix('api/')}" for name in api if name != "api/index"}
    unlinked = [m for m in modules.values() if not re.search(rf"\{{py:\w+\}}`[^`]*{m}\b", rest)]
    assert unlinked == [], "no chapter links anything in these"


def test_the_table_of_operations_has_each_with_its_equation(site):
    html = BeautifulSoup((site / "api/ops.html").read_text(encoding="utf-8"), "html.parser")
    rows = [row.find_all("td") for row in html.select("article table")[0].select("tbody tr")]
    named = {row[0].get_text(strip=True): row[1].get_text() for row in rows if len(row) == 2}
    assert sorted(named) == sorted(ops.__all__)
    assert named["linear"] == "Fully connected layer: y = x W + b"
    assert all(
        row[0].a["href"] == f"#nnbook.ops.{row[0].get_text(strip=True)}"
        for row in rows
        if len(row) == 2
    )
    assert sum(len(row) == 1 for row in rows) == len(
        {getattr(ops, name).__module__ for name in ops.__all__}
    )


def test_each_module_has_a_heading():
    pages = (ROOT / "book" / "api").glob("*.md")
    parts = [
        part for page in pages for part in re.split(r"^#+ ", page.read_text("utf-8"), flags=re.M)
    ]
    crowded = [part.split("\n")[0] for part in parts if part.count(".. automodule::") > 1]
    assert crowded == [], "these headings stand above several modules"
