"""A line below each title, the map of what builds on what, and what the landing page says."""

import json
import re
from posixpath import dirname, join, normpath

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from tests.book.conftest import ROOT
from tests.book.remembering import KEY
from tests.book.test_prerequisites import NEEDS

LINK = re.compile(r"\{doc\}`(?:[^`<]*<)?([\w/-]+)>?`")
CELL = "```{code-cell} ipython3\nfrom nnbook.teaching import claim\n\n%s\n```\n"
ONE = "# One\n\nA few words.\n\n" + CELL % 'claim("one-holds", 1.0, kind="level", above=0.5)'
TWO = "# Two\n\n**You need** {doc}`one`. Not {doc}`/index`, which comes later.\n\n" + CELL % "2 + 2"
CHART = "# Map\n\n```{chapter-map}\n```\n"
INDEX = "# Tiny\n\n{so-far}`claims`; {so-far}`A part`\n\n```{where-it-is}\n```\n"
CONTENTS = """format: jb-book
root: index
parts:
  - caption: A part
    chapters:
      - file: part/one
      - file: part/two
  - caption: Another
    chapters:
      - file: chart
"""


def test_lines_map_and_counts_follow_the_pages(tiny_book):
    book = tiny_book(
        {"part/one": ONE, "part/two": TWO, "chart": "# Map\n\n```{chapter-map}\n```\n"}
    )
    book.write("index", INDEX)
    (book.root / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    result = book.build()
    assert result.returncode == 0, result.stderr
    two = BeautifulSoup(book.html("part/two"), "html.parser")
    line = [span.get_text() for span in two.select("h1 + .nn-facts > span:not(.nn-facts-run)")]
    assert line == ["A part, 2 of 2", "5 minutes to read", "what it builds on", "notebook"]
    assert len(two.select(".nn-facts-run button")) == len(two.select("script[src*='run/run.js']"))
    there = {link["href"] for link in two.select(".nn-facts a")}
    assert there == {"../chart.html#way-part-two", "../_sources/part/two.ipynb"}
    chart = BeautifulSoup(book.html("chart"), "html.parser")
    needs = {line["id"]: json.loads(line["data-needs"]) for line in chart.select(".nn-way li")}
    assert needs == {"way-part-one": [], "way-part-two": ["way-part-one"]}
    assert [(p["data-from"], p["data-to"]) for p in chart.select(".nn-way path")] == [
        ("way-part-two", "way-part-one")
    ]
    assert "1 claim; 2 chapters, 1 hour of reading" in book.html("index")

    again = CELL % 'claim("two-holds", 1.0, kind="level", above=0.5)'
    book.write("part/two", f"# Two\n\nNothing is needed.\n\n{again}")
    (book.root / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    assert book.build().returncode == 0
    assert "2 claims; " in book.html("index"), "the landing page is written again"
    assert "way-part-two" not in book.html("chart"), "and the map"


def test_an_arc_that_others_imply_is_left_out():
    from finding.chapter_map import arcs

    needs = {"a": [], "b": ["a"], "c": ["b", "a"], "d": ["c", "a"], "e": ["a", "a"]}
    assert arcs(needs) == [("b", "a"), ("c", "b"), ("d", "c"), ("e", "a")]


def test_time_is_that_of_the_text_and_the_code_that_are_read_through():
    from finding.facts import minutes, rounded

    many, code = "word " * 300, "x = 1\n" * 20
    text = nodes.section("", nodes.paragraph("", many), ids=["text"])
    cell = nodes.container("", nodes.literal_block("", code))
    cell += nodes.container("", nodes.literal_block("", code), classes=["cell_output"])
    asked = nodes.section("", nodes.paragraph("", many), ids=["quick-questions"])
    document = nodes.section("", text, cell, asked, ids=[])
    assert minutes(document) == 5.0
    assert [rounded(count) for count in (0.2, 12.4, 12.6, 70.1)] == [5, 10, 15, 70]


def test_a_repository_is_linked_where_there_is_one():
    from finding.said import where_it_is

    assert where_it_is("") == []
    (line,) = where_it_is("https://example.org/book")
    there = [link["refuri"] for link in line.findall(nodes.reference)]
    assert there[0] == "https://example.org/book"
    files = [address.rpartition("/")[2] for address in there[1:]]
    assert [(ROOT / name).exists() for name in files] == [True, True]


def test_each_chapter_says_what_it_is_and_the_map_has_what_each_needs(site):
    chart = BeautifulSoup((site / "start/map.html").read_text("utf-8"), "html.parser")
    drawn = {line["id"]: json.loads(line["data-needs"]) for line in chart.select(".nn-way li")}
    for page in re.findall(r"- file: (\S+)", (ROOT / "_toc.yml").read_text("utf-8")):
        source = ROOT / "book" / f"{page}.md"
        text = source.read_text("utf-8") if source.exists() else ""
        if (site / "_sources" / f"{page}.ipynb").exists():
            html = (site / f"{page}.html").read_text("utf-8")
            assert re.search(r"</h1>\s*<p class=\"nn-facts\">.*minutes to read", html), page
        said = NEEDS.search(text)
        links = LINK.findall(said[1]) if said else []
        needs = [normpath(join(dirname(f"/{page}"), link)).lstrip("/") for link in links]
        names = ["way-" + need.replace("/", "-") for need in needs]
        assert drawn.get("way-" + page.replace("/", "-"), []) == names, page
    assert "way-components-what-a-network-is" in drawn, "a chapter that needs nothing is there too"
    assert sum(map(len, drawn.values())) > 100


def test_the_plan_for_teachers_says_what_the_chapters_say(site):
    plan = BeautifulSoup((site / "appendix/teaching.html").read_text("utf-8"), "html.parser")
    weeks = [row for row in plan.select("table tbody tr") if row.select("a")]
    assert len(weeks) == 12
    for week in weeks:
        pages = [site / "appendix" / link["href"] for link in week.select("a")]
        lines = [re.search(r"nn-facts.*?</p>", p.read_text("utf-8"), re.DOTALL)[0] for p in pages]
        exercises = sum(int(re.search(r"(\d+) exercise", line)[1]) for line in lines)
        reading = sum(int(re.search(r"(\d+) minutes", line)[1]) for line in lines) / 60
        told = [float(cell.get_text()) for cell in week.select("td")[-3:]]
        assert told[0] == exercises
        assert told[1] == pytest.approx(reading, abs=0.05 + len(pages) * 2.5 / 60), "rounded"
        assert told[2] == pytest.approx(exercises / 3, abs=0.06), "twenty minutes each"


def test_the_map_marks_what_a_chapter_rests_on(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}/start/map.html#way-recurrent-cell")
    marked = page.locator(".nn-way-below:is(li)")
    marked.first.wait_for()
    assert "way-components-neuron" in marked.evaluate_all("all => all.map((each) => each.id)")
    assert page.locator("li.nn-way-here").get_attribute("id") == "way-recurrent-cell"
    page.locator("#way-components-stacking a").focus()
    assert page.locator("li.nn-way-here").get_attribute("id") == "way-components-stacking"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    rows = page.locator(".nn-way > div").bounding_box()
    chart = page.locator(".nn-way > svg").bounding_box()
    assert rows["height"] == pytest.approx(chart["height"], abs=1), "arcs meet their lines"
    page.close()


def test_the_map_and_the_contents_mark_what_is_read_and_solved(reader, address):
    page = reader.new_page()
    page.goto(f"{address}/start/map.html")
    done = {"t": 1, "read": True, "exercises": 8, "solved": 3, "questions": 4, "answered": 0}
    store = "([name, value]) => localStorage.setItem(name, JSON.stringify(value))"
    page.evaluate(store, [f"{KEY}page components/neuron ", done])
    page.reload()
    for place in (".nn-way #way-components-neuron", ".bd-links"):
        mark = page.locator(f"{place} .kept-mark")
        mark.first.wait_for(state="attached")
        said = [each.get_attribute("aria-label") for each in mark.all()]
        assert said == ["read, 3 of 8 exercises solved"]


def test_the_landing_page_is_seen_at_once_and_counts_the_claims(browser, address, site):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/index.html")
    words, picture = (page.locator(each).bounding_box() for each in (".nn-hero", "#landing-spiral"))
    assert words["x"] + words["width"] <= picture["x"], "side by side"
    assert picture["y"] + picture["height"] < 900, "above the fold"
    ledger = (site / "appendix/proof-ledger.html").read_text("utf-8")
    count = re.search(r"(\d+) claims in \d+ chapters", ledger)[1]
    assert (
        f"{int(count):,} claims checked in this build" in page.locator(".nn-checked").inner_text()
    )
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_all_cells_can_be_run_from_the_line_below_the_title(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/components/backpropagation.html")
    page.locator(".nn-facts button").click()
    page.locator("div.cell .run-status:not(:empty)").first.wait_for()
    page.close()
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/components/backpropagation.html")
        assert page.locator(".nn-facts").is_visible()
        assert not page.locator(".nn-facts button").is_visible(), "it has its place, and waits"
