"""The landing page: a cell that runs and says before what it costs, and a drawing on each card."""

import re

import pytest
from bs4 import BeautifulSoup
from finding.thumbnails import DRAWINGS, HEIGHT, WIDTH, drawn

from tests.book.test_first_visit import BUDGET


def test_a_cell_waits_on_the_landing_page_and_nothing_is_loaded_for_it(browser, address, site):
    assert "index" in BUDGET, "what the page weighs is looked at there"
    html = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    (cell,) = [each for each in html.select("div.cell") if each.select("div.cell_input pre")]
    assert cell.select_one(".cell_output pre").get_text().strip() == "8.0"
    said = cell.find_previous("p").get_text()
    assert re.search(r"about (?:[5-9]|1\d) MB once", said), "what the first press fetches"
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/index.html", wait_until="load")
    assert page.get_by_role("button", name="Run this cell in the browser").count() == 1
    assert not [url for url in asked if re.search(r"worker|pyodide|cells/|\.(?:whl|zip)$", url)]
    page.close()


def test_each_part_has_a_drawing_with_words(site):
    html = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    cards = html.select(".nn-path .sd-card")
    drawings = [card.select_one("svg.nn-thumbnail[role=img]") for card in cards]
    assert len(drawings) == len(DRAWINGS)
    assert len({drawing["aria-label"] for drawing in drawings}) == len(DRAWINGS)
    assert len({str(drawing) for drawing in drawings}) == len(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_keeps_inside(name):
    parts = BeautifulSoup(drawn(name, 'a "name"'), "html.parser").svg
    assert parts["aria-label"] == 'a "name"'
    points = [point for each in parts.select("polyline") for point in each["points"].split()]
    places = [tuple(map(float, point.split(","))) for point in points]
    for each in parts.select("circle, rect"):
        x, y, *size = (
            float(each[key])
            for key in ("cx", "cy", "r", "x", "y", "width", "height")
            if each.get(key)
        )
        low, high = (-size[0], size[0]) if each.name == "circle" else (0, None)
        places += [(x + low, y + low), (x + (high or size[0]), y + (high or size[-1]))]
    assert places
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places), places


def test_a_drawing_that_is_not_known_or_has_no_words_is_a_problem(tiny_book):
    wrong = "```{thumbnail} nothing\n:alt: words\n```\n\n```{thumbnail} bars\n```\n"
    done = tiny_book({"one": f"# One\n\n{wrong}"}).build()
    assert done.returncode != 0
    assert (done.stdout + done.stderr).count("thumbnail: expected one of") == 2
