"""A wide equation is broken into lines on a phone, and is one line where there is room."""

import functools
import http.server
import importlib.util
import threading
from pathlib import Path

import pytest

from tests.book.conftest import ROOT, Quiet

MATHJAX = importlib.util.find_spec("sphinx-mathjax-offline").submodule_search_locations[0]
PAGE = r"""<!doctype html><meta charset="utf-8"><title>t</title>
<link rel="stylesheet" href="book.css">
<script>window.MathJax = {options: {enableMenu: false}}</script>
<script defer src="mathjax/tex-chtml.js"></script><script defer src="equations.js"></script>
<article class="bd-article" style="padding: 0 1rem; --nn-text-width: 60rem">
<section>%s</section></article>"""
#: Of each equation how many lines it has, how far it scrolls, and what its later lines begin with.
LINES = """() => [...document.querySelectorAll("div.math")].map((box) => {
    const math = box.querySelector("mjx-math");
    const starts = [math,
        ...[...math.querySelectorAll(".nn-line")].map((line) => line.nextElementSibling)];
    const wide = box.querySelector("mjx-container");
    return [starts.length, wide.scrollWidth - wide.clientWidth,
        starts.slice(1).map((node) => {
            const glyph = node.matches("mjx-c") ? node : node.querySelector("mjx-c");
            const code = /mjx-c([0-9A-F]+)/.exec(glyph.className)[1];
            return String.fromCodePoint(parseInt(code, 16)).normalize("NFKD");
        })];
})"""
TALL = r"\frac{aaaaaaaa}{bbbbbbbb}"
#: A formula, and what its later lines begin with on a phone.
BROKEN = {
    "a = b": [],
    rf"a = {TALL} {TALL} \qquad x = {TALL} {TALL} {TALL} \quad y = {TALL}": ["x", "y"],
    rf"a = {TALL} {TALL} + {TALL} {TALL} + {TALL} {TALL}": ["+", "+"],
    rf"abcdefghijklm = {TALL} {TALL} {TALL} = {TALL} {TALL} {TALL}": ["=", "="],
    rf"a = {TALL} {TALL} \qquad\text{{so}}\qquad b = {TALL} {TALL} {TALL}": ["s"],
    rf"a \mathrel{{+}}= c {TALL} {TALL} {TALL} b \mathrel{{+}}= {TALL}": ["+"],
    rf"a = {TALL} \bigl( {TALL} {TALL} - {TALL} {TALL} {TALL} \bigr)": ["−"],
    rf"\begin{{aligned}} a &= {TALL} {TALL} \\ &= {TALL} {TALL} {TALL} - {TALL} \end{{aligned}}": [
        "−"
    ],
    rf"x = \begin{{cases}} {TALL} & a = b \\ 0 & a > b \end{{cases}} \qquad y = {TALL} {TALL}": [
        "y"
    ],
    rf"abcdefghijklmnopqr = \begin{{aligned}} {TALL} {TALL} {TALL} \\ x \end{{aligned}}": ["="],
}


@pytest.fixture(scope="module")
def tab(browser, tmp_path_factory):
    """A page with all the formulas, at the width of a phone."""
    folder = tmp_path_factory.mktemp("formulas")
    (folder / "mathjax").symlink_to(Path(MATHJAX) / "static" / "mathjax")
    for name in ("book.css", "equations.js"):
        (folder / name).symlink_to(ROOT / "book" / "_static" / name)
    split = (rf"\begin{{split}}{f}\end{{split}}" if r"\\" in f else f for f in BROKEN)  # as Sphinx
    boxes = (rf'<div class="math"><span class="eqno">(1)</span>\[{f}\]</div>' for f in split)
    page = PAGE % "".join(boxes).replace("&", "&amp;")
    (folder / "index.html").write_text(page, encoding="utf-8")
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with browser.new_context(viewport={"width": 390, "height": 844}) as context:
            tab = context.new_page()
            tab.set_default_timeout(120_000)  # a machine that does much else is slow
            tab.goto(f"http://127.0.0.1:{server.server_port}/")
            tab.wait_for_selector(".nn-line", state="attached")
            yield tab
        server.shutdown()


def test_a_phone_has_lines(tab):
    found = tab.evaluate(LINES)
    assert [starts for _, _, starts in found] == list(BROKEN.values())
    assert [wide for _, wide, _ in found] == [0] * len(BROKEN)


def test_what_still_scrolls_can_be_reached_by_keys(tab):
    stops = "[...document.querySelectorAll('mjx-container')].map((box) => box.tabIndex)"
    assert set(tab.evaluate(stops)) == {-1}
    style = tab.add_style_tag(content="div.math:first-of-type mjx-math {min-width: 600px}")
    tab.set_viewport_size({"width": 380, "height": 844})
    tab.wait_for_selector("mjx-container[tabindex]")
    assert tab.evaluate(stops) == [0, *[-1] * (len(BROKEN) - 1)]
    style.evaluate("(style) => style.remove()")
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.wait_for_selector("mjx-container[tabindex]", state="detached")


def test_the_first_line_begins_at_the_left(tab):
    ahead = tab.evaluate("""() => [...document.querySelectorAll(".nn-line")].map((line) =>
        line.closest("mjx-math").querySelector("mjx-c").getBoundingClientRect().left
            - line.nextElementSibling.getBoundingClientRect().left)""")
    assert max(ahead) < 1


def test_room_puts_them_back(tab):
    tab.set_viewport_size({"width": 1400, "height": 844})
    tab.wait_for_selector(".nn-line", state="detached")
    assert [count for count, _, _ in tab.evaluate(LINES)] == [1] * len(BROKEN)
