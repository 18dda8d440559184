"""Chapters have numbers, and what is in them is numbered by chapter, everywhere alike."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import chapter_numbers
import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import ROOT
from tests.book.numbered import (
    CHAPTERS,
    CONTENTS,
    NUMBERS,
    TITLES,
    Numbered,
    first,
    line,
    make,
    referred,
    text_of,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Numbered:
    made = make(tmp_path_factory.mktemp("numbered"))
    made.build()
    return made


@pytest.mark.parametrize("page", NUMBERS)
def test_everything_has_the_number_of_its_chapter_and_its_own(built, page):
    soup, (_, *equations) = built.soup(page), NUMBERS[page]
    shown = [line(number.get_text()) for number in soup.select("article .eqno")]
    assert shown == [f"({number})" for number in equations]
    titles = soup.select("article :is(figcaption, .admonition-title) .caption-number")
    kinds = [f"{kind} {first(page)}" for kind in ("Fig.", "Theorem", "Exercise")]
    assert [line(title.get_text()) for title in titles] == kinds


@pytest.mark.parametrize("page", NUMBERS)
def test_references_say_the_same_from_every_page(built, page):
    assert built.said(page) == f"See {'; '.join(map(referred, NUMBERS))}."


def test_chapters_and_nothing_below_them_show_their_number(built):
    for page, title in TITLES.items():
        soup = built.soup(page)
        assert {line(each.get_text()) for each in soup.select("h1")} == {title}
        assert soup.title.get_text().startswith(f"{title} — ")
        assert line(soup.select_one("article h2").get_text()) == "A section"
        toc = [line(link.get_text()) for link in soup.select(".bd-links .toctree-l1 > a")]
        assert toc == [*CHAPTERS[:-1], "Index", CHAPTERS[-1]]
    beside = [line(each.get_text()) for each in built.soup("first/two").select(".prev-next-title")]
    assert beside == ["1. Page one", "3. Page three"]


def test_solutions_name_the_exercises_as_their_chapters_do(built):
    soup = built.soup("appendix/below")
    folds = [line(fold.get_text()) for fold in soup.select("details.nn-fold > summary")]
    assert folds == [f"Exercise {n}.1: Sum" for n in (1, 2, 3)]
    assert [line(link.get_text()) for link in soup.select(".nn-jump a")] == [
        TITLES[page] for page in ("first/one", "first/two", "second/three")
    ]


def test_a_notebook_has_the_numbers_of_its_page(built):
    path = built.book.root / "_build/html/_sources/first/two.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    words = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "# 2. Page two\n" in words
    assert "## A section" in words
    assert re.findall(r"\\tag\{(.*?)\}", words) == ["2.1", "2.2"]
    assert "*Fig. 2.1: Words.*" in words
    assert "**Theorem 2.1 (Little)**" in words
    assert "**Exercise 2.1 (Sum)**" in words
    for name, chapter in (("one", "1"), ("more", "A")):
        for shown in (f"({chapter}.2)", f"Fig. {chapter}.1", f"Theorem {chapter}.1"):
            assert f"{shown} in *Page {name}*" in words


@pytest.mark.parametrize("kind", ["pdf", "epub"])
def test_paper_has_the_numbers_of_the_site(built, kind):
    root = built.book.root
    shutil.copytree(ROOT / "tools/paper", root / "tools/paper", dirs_exist_ok=True)
    command = [sys.executable, "-m", "tools.paper", kind, "--sources", "--root", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    folder = root / "_build/paper"
    if kind == "pdf":
        in_latex((folder / "latex/book.tex").read_text("utf-8"))
    else:
        with zipfile.ZipFile(folder / "epub/book.epub") as book:
            in_epub(book)


def in_latex(tex: str) -> None:
    chapters = re.findall(r"\\chapter\{(.*?)\}", tex)
    assert chapters[-len(CHAPTERS) :] == CHAPTERS
    tags = [number for numbers in NUMBERS.values() for number in numbers[1:]]
    assert re.findall(r"\\tag\{(.*?)\}", tex) == tags
    figures = [first(page) for page in NUMBERS]
    assert re.findall(r"\\renewcommand\{\\thefigure\}\{(.*?)\}", tex) == figures
    for page in NUMBERS:
        for kind in ("Theorem", "Exercise"):
            assert re.search(rf"{{{kind} {re.escape(first(page))} \(", tex)
    assert tex.count("Fig. A.2") >= len(NUMBERS) - 1


def in_epub(book: zipfile.ZipFile) -> None:
    for contents in ("nav.xhtml", "toc.ncx"):
        text = book.read(contents).decode("utf-8")
        for page, title in TITLES.items():
            assert re.search(rf">{re.escape(title)}<", text), f"{contents} has no {page}"
    for page, title in TITLES.items():
        soup = BeautifulSoup(book.read(f"{page}.xhtml").decode("utf-8"), "html.parser")
        assert line(soup.h1.get_text()) == title
        assert [n.get_text() for n in soup.select(".eqno")] == [f"({n})" for n in NUMBERS[page][1:]]
        assert referred(page) in line(soup.get_text())


def test_a_later_build_changes_the_numbers_wherever_they_are_shown(tmp_path):
    made = make(tmp_path)
    made.build()
    html = tmp_path / "_build/html"

    text = text_of("second/three")
    made.book.write("second/three", text.replace("$$a", "$$d = e$$ (eq-new)\n\n$$a", 1))
    made.build()
    for page in NUMBERS:
        assert "(3.3), Fig. 3.1" in made.said(page), "a page that refers to it"
    assert made.soup("first/one").select_one(".eqno").get_text()[:5] == "(1.1)"

    made.book.write("first/one", text_of("first/one").replace("eq-one-b`.", "eq-one-a`."))
    for page in NUMBERS:  # what is written again loses the mark
        (html / f"{page}.html").write_text(made.book.html(page) + "<!-- old -->", "utf-8")
    made.build()
    written = {page for page in NUMBERS if "<!-- old -->" not in made.book.html(page)}
    assert written == {"first/one", "appendix/below", "appendix/more"}, "no number changed"

    swapped = CONTENTS.replace("one", "1").replace("two", "one").replace("first/1", "first/two")
    made.build(swapped)
    for page in NUMBERS:
        soup = made.soup(page)
        toc = [line(link.get_text()) for link in soup.select(".bd-links .toctree-l1 > a")]
        assert toc[1:3] == ["1. Page two", "2. Page one"]
        assert "(2.2), Fig. 2.1, Theorem 2.1 and Exercise 2.1; (1.2)" in made.said(page)


def test_numbers_stay_when_nothing_was_read_and_no_page_is_opened_for_them():
    def opened(name):
        raise AssertionError(f"{name} was opened")

    env = SimpleNamespace(get_doctree=opened)
    for removed, names, again in ((set(), [], False), ({"a"}, [], True), (set(), ["b"], True)):
        chapter_numbers.compare(None, env, set(), set(), removed)
        chapter_numbers.read(None, env, names)
        assert env.nnbook_pages_changed == again
        if not again:
            assert chapter_numbers.count_if_read(None, env) == []
        else:
            with pytest.raises(AttributeError):  # it begins to count
                chapter_numbers.count_if_read(None, env)
