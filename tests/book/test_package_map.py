"""The map of the package shows what the rules of the imports say, all of it and nothing else."""

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from package_map.drawing import HIGH, WIDTH, draw, words
from package_map.layout import crossings, heights, rows_and_ways
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


def test_a_part_stands_just_below_the_lowest_that_imports_it():
    arrows = {"a": set(), "b": {"a"}, "c": {"b"}, "alone": set(), "d": {"c", "alone"}, "e": {"a"}}
    assert heights(arrows) == {"a": 0, "b": 1, "c": 2, "alone": 2, "d": 3, "e": 1}


def numbers(path):
    """Return the places of a path: where it starts, and where each of its curves ends."""
    found = [float(n) for n in re.findall(r"-?\d+\.\d+", path["d"])]
    return [tuple(found[:2])] + [tuple(found[i + 4 : i + 6]) for i in range(2, len(found), 6)]


def near(one, other):
    """Tell whether two places are the same, but for the rounding in the picture."""
    return max(abs(a - b) for a, b in zip(one, other)) < 0.2


def test_arrows_lead_down_from_box_to_box_and_pass_beside_others():
    svg = BeautifulSoup(draw({"a": set(), "middle": {"a"}, "c": {"a", "middle"}}), "html.parser")
    box = {
        text.get_text(): [float(rect[name]) for name in ("x", "y", "width")]
        for rect, text in zip(svg("rect"), svg("text"))
    }
    places_of = {p: (x + w / 2, y) for p, (x, y, w) in box.items()}
    tip, ends = svg.marker["id"], {}
    for path in svg.select("path.nn-map-arrow"):
        assert path["marker-end"] == f"url(#{tip})"
        places = numbers(path)
        (from_x, from_y), *passed, (to_x, to_y) = places
        (start,) = [p for p, (x, y) in places_of.items() if near((x, y + HIGH), (from_x, from_y))]
        (end,) = [p for p, (x, y) in places_of.items() if near((x, y - 1), (to_x, to_y))]
        ends[start, end] = passed
        assert [y for _, y in places] == sorted(y for _, y in places)
    assert set(ends) == {("middle", "a"), ("c", "a"), ("c", "middle")}
    ((x, y),) = ends["c", "a"]
    left, top, wide = box["middle"]
    assert top < y < top + HIGH
    assert x < left - 2 or left + wide + 2 < x
    assert ends["c", "middle"] == ends["middle", "a"] == []


def test_the_words_name_every_arrow_and_who_has_none():
    told = words({"low": set(), "mid": {"low"}, "top": {"mid", "low"}, "own": set()})
    assert told == (
        "A map of the package: a box for each part, in rows, and arrows that all point down, from "
        "a part to those it imports. They lead from mid to low; from top to low and mid. No arrow "
        "starts at low and own."
    )


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
