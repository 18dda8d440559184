"""Pictures: what a dark page does to their light, and what stands beside them in their cell."""

import ast
import re

import jupytext
import pytest

from tests.book.conftest import ROOT

CELL = "```{{code-cell}}\n---\nmystnb:\n  image:\n    alt: {0}\ntags: [{1}]\n---\n{2}\n```\n\n"
DRAWS = {
    "a line": "from matplotlib import pyplot as plt\nplt.plot([0, 1]);",
    "a picture": "plt.imshow([[0, 1]]);",
    "a table": "from nnbook import plotting\nplotting.heatmap([[0, 1], [1, 0]]);",
    "regions": "plt.contourf([[0, 1], [1, 0]]);",
}
ANIMATION = """fig, ax = plt.subplots()
plotting.animate(lambda i: ax.imshow([[0, i]]), 2, fig=fig, alt="a square that turns dark")"""


@pytest.mark.parametrize("tags", ["", "remove-input"])
def test_pictures_are_marked(tiny_book, tags):
    cells = [CELL.format(alt, tags, code) for alt, code in DRAWS.items()]
    cells.append(CELL.format("frames", tags, ANIMATION))
    book = tiny_book({"one": "# One\n\n" + "".join(cells)})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r'<div class="([^"]*\bcell\b[^"]*)"', book.html("one"))
    assert ["nn-picture" in classes for classes in found] == [False, True, True, False, False]


#: For each image in an output: whether its cell shows a picture, and what the page does to it.
FILTERS = """() => [...document.querySelectorAll("div.cell_output img")].map((image) =>
    [image.closest("div.cell").classList.contains("nn-picture"), getComputedStyle(image).filter])"""
GROUND = """(node) => getComputedStyle(node.closest(".text_html")).backgroundColor"""


def test_the_page_follows_the_theme(browser, address):
    with browser.new_context(color_scheme="dark", viewport={"width": 1100, "height": 800}) as tab:
        page = tab.new_page()
        kinds = set()
        for name in ("components/what-a-network-is", "components/activation"):
            page.goto(f"{address}/{name}.html", wait_until="load")
            page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
            for picture, effect in page.evaluate(FILTERS):
                kinds.add(picture)
                assert ("invert" in effect) == (not picture), effect
        assert kinds == {True, False}
        assert page.locator(".nn-animation").first.evaluate(GROUND) == "rgba(0, 0, 0, 0)"
        page.emulate_media(color_scheme="light")
        page.wait_for_function("document.documentElement.dataset.theme === 'light'")
        assert {effect for _, effect in page.evaluate(FILTERS)} == {"none"}


#: What shows words of its own, which would get the name and the caption of the cell's picture.
SPEAKS = {"claim", "data_notice", "check"}


def test_a_named_picture_is_alone_in_its_cell():
    named, wrong = 0, []
    for page in sorted((ROOT / "book").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        recordings = set(re.findall(r"^(\w+) = (?:Recording|LongRun)\(", text, re.MULTILINE))
        for cell in jupytext.reads(text, fmt="md:myst").cells if "{code-cell}" in text else ():
            if "figure" not in cell.metadata.get("mystnb", {}):
                continue
            named += 1
            calls = {
                node.func.id
                for node in ast.walk(ast.parse(cell.source))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            if speaks := calls & (SPEAKS | recordings):
                wrong.append((page.name, cell.metadata["mystnb"]["figure"]["name"], speaks))
    assert named > 100
    assert wrong == []
