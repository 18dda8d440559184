"""The map of the package shows what the rules of the imports say, all of it and nothing else."""

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from package_map.drawing import HIGH, WIDTH, draw, words
from package_map.layout import crossings, rows_and_ways
from package_map.rules import named, reach, rules, shortest

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)
from tests.test_imports import ALLOWED

ARROWS = shortest(named(rules()))


def test_the_rules_are_those_of_the_test():
    assert rules() == ALLOWED
    assert rules('A = 1\nALLOWED = {"a": set(), "b": {"a"} | {"c"}}') == {
        "a": set(),
        "b": {"a", "c"},
    }
    with pytest.raises(LookupError, match="expected the rules"):
        rules("A = 1")


def test_what_follows_from_other_arrows_is_left_out_and_nothing_else():
    may = {"a": set(), "b": {"a"}, "c": {"a", "b"}, "d": {"a", "c"}}
    assert shortest(may) == {"a": set(), "b": {"a"}, "c": {"b"}, "d": {"c"}}
    full = named(rules())
    assert all(reach(ARROWS, part) == reach(full, part) for part in full)


def test_every_arrow_points_down_and_passes_each_row():
    rows, ways = rows_and_ways(ARROWS)
    height = {place: h for h, row in enumerate(rows) for place in row}
    assert sorted(place for row in rows for place in row if ">" not in place) == sorted(ARROWS)
    assert {(way[0], way[-1]) for way in ways} == {(p, o) for p in ARROWS for o in ARROWS[p]}
    assert all(height[a] == height[b] + 1 for way in ways for a, b in pairwise(way))


def test_crossings_are_counted_and_untangled():
    assert crossings([["c", "d"], ["a", "b"]], [("a", "d"), ("b", "c")]) == 1
    rows, ways = rows_and_ways({"c": set(), "d": set(), "a": {"d"}, "b": {"c"}})
    assert crossings(rows, [pair for way in ways for pair in pairwise(way)]) == 0


def test_boxes_lie_in_the_picture_and_beside_each_other():
    svg = BeautifulSoup(draw(ARROWS), "html.parser")
    boxes = [[float(rect[name]) for name in ("x", "y", "width")] for rect in svg("rect")]
    assert [text.get_text() for text in svg("text")] == list(ARROWS)
    assert len(svg.select("path.nn-map-arrow")) == sum(map(len, ARROWS.values()))
    tall = float(svg.svg["viewbox"].split()[-1])
    for n, (x, y, wide) in enumerate(boxes):
        assert 0 <= x < x + wide <= WIDTH
        assert 0 <= y < y + HIGH <= tall
        for left, top, width in boxes[:n]:
            assert top != y or x >= left + width or left >= x + wide


def test_the_page_shows_the_map_and_says_it_in_words(tiny_book):
    book = tiny_book({"map": "# Map\n\n```{package-map}\nA caption.\n```\n"})
    (book.root / "tests").mkdir()
    test = 'ALLOWED = {"low": set(), "mid": {"low"}, "": {"low", "mid"}}\n'
    (book.root / "tests/test_imports.py").write_text(test)
    assert book.build().returncode == 0
    html = BeautifulSoup(book.html("map"), "html.parser")
    label = html.select_one("svg.nn-map")["aria-label"]
    assert label == words({"low": set(), "mid": {"low"}, "nnbook": {"mid"}})
    assert "from mid to low; from nnbook to mid" in label
    listed = [li.get_text(strip=True) for li in html.select("details.nn-fold li")]
    assert [re.sub(r"\s", "", line) for line in listed] == [
        "low:nothing.",
        "mid:low.",
        "nnbook:low,mid.",
    ]
    assert "A caption." in html.get_text()

    (book.root / "tests/test_imports.py").write_text(test.replace("low", "base"))
    assert book.build().returncode == 0
    assert "mid to base" in book.html("map")
