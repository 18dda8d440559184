"""The pages of solutions show every exercise with its solution, and follow the chapters."""

import gzip
import re

from bs4 import BeautifulSoup

from tests.book.conftest import ROOT
from tests.book.test_exercises import MODULE, PAPER, PAPER_SOLUTION, page

PLACE = "# Solutions\n\n```{solutions} start dense\n```\n"
DRAWS = '\n\ncheck("start.double", double)\nprint("an output")'


def folds(book, name="solutions"):
    html = BeautifulSoup(book.html(name), "html.parser")
    return html, html.select("article details.nn-fold")


def test_exercises_are_shown_with_their_solutions_and_stay_true(tiny_book):
    chapter = page().replace(
        '\n\ncheck("start.double", double)\n```\n```{sol', DRAWS + "\n```\n```{sol"
    )
    book = tiny_book({"solutions": PLACE})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    book.write("start/doubles", chapter)
    book.write("components/other", "# Other\n" + (PAPER + PAPER_SOLUTION).replace("paper", "third"))
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    html, (coded, paper) = folds(book)
    assert [heading.get_text(strip=True).strip("#") for heading in html.select("h2")] == [
        "Exercises"
    ]
    assert coded.summary.get_text() == "Exercise 1: A number’s double"
    assert "return x + x" in coded.get_text()
    assert "an output" in book.html("start/doubles")
    assert "an output" not in coded.get_text().replace('print("an output")', "")
    assert "..." not in coded.get_text()  # the stub
    assert coded.select('a[href="start/doubles.html#ex-double"]')
    assert "Show that" in paper.get_text()
    assert "By definition." in paper.get_text()
    ids = [node["id"] for node in html.select("article [id]")]
    assert len(ids) == len(set(ids))

    book.write(
        "start/doubles", chapter.replace("x + x", "2 * x").replace("A number's double", "Two times")
    )
    assert book.build().returncode == 0
    _, (coded, _) = folds(book)  # its own file is untouched
    assert coded.summary.get_text() == "Exercise 1: Two times"
    assert "return 2 * x" in coded.get_text()


def test_every_part_with_exercises_has_its_solutions():
    parts = re.findall(r"- file: (\w+)/\w", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    with_exercises = {
        part
        for part in parts
        for file in (ROOT / "book" / part).glob("*.md")
        if re.search(r"^```+\{exercise", file.read_text(encoding="utf-8"), re.M)
    }
    shown = []
    for file in (ROOT / "book/appendix/solutions").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        shown += re.search(r"^```\{solutions\} (.+)$", text, re.M)[1].split()
    assert sorted(shown) == sorted(with_exercises)


def test_every_exercise_of_the_book_is_on_a_page_and_none_is_heavy(site):
    labels = set()
    for file in (ROOT / "book").glob("*/*.md"):
        labels |= set(re.findall(r"^:label: (ex-\S+)$", file.read_text(encoding="utf-8"), re.M))
    shown = []
    for file in (site / "appendix/solutions").glob("*.html"):
        html = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for fold in html.select("article details.nn-fold"):
            shown.append(fold.select("a")[-1]["href"].split("#")[1])
            assert fold.select_one("p.rubric").get_text() == "Solution"
            assert fold.select_one("p.rubric").find_next_sibling() is not None
        assert len(gzip.compress(file.read_bytes())) < 80_000, f"{file.name} is much for a phone"
    assert sorted(shown) == sorted(labels)
