"""Code that a reader changes keeps its colours while it is typed; caret and undo stay too."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from pygments.lexers import Python3Lexer
from pygments.token import STANDARD_TYPES

from tests.book.conftest import ROOT
from tests.book.remembering import type_into, visit

TRICKY = '''
from __future__ import annotations
import os.path as p  # two
class A(Exception):
    """Doc 'string'
    # no comment"""
    @staticmethod
    def __init__(self, x: int = 0x1F, *, y=1_000.5e-3) -> None:
        print(f"{x!r:>{y}} {{no}} {self.name:.1%}", r"\\d", b'a\\n', sep="\\t")
        return x if x is not None and True else [1, .5, 0b11]
def f(a): lambda: a @ a != a
raise ValueError('no "way"')
'''
#: Kinds that have one colour in both themes.
LIKE = dict.fromkeys(("s1", "s2", "sd", "si"), "s")
TOKENS = """async ([source, texts]) => {
    const module = await import("data:text/javascript," + encodeURIComponent(source));
    return texts.map((text) => module.tokens(text)); }"""


CELL = re.compile(r"^```\{code-cell\}.*?\n(?:---\n.*?^---\n)?(.*?)^```", flags=re.M | re.S)


def cells(name):
    text = (ROOT / "book" / name).read_text(encoding="utf-8")
    return re.findall(
        r"^```\{code-cell\}.*?\n(?:---\n.*?^---\n)?(.*?)^```", text, flags=re.M | re.S
    )


def test_words_are_told_apart_as_pygments_does(browser):
    texts = [TRICKY, *cells("components/neuron.md"), *cells("dense/evaluation.md")]
    page = browser.new_page()
    source = (ROOT / "book/_run/colours.mjs").read_text(encoding="utf-8")
    found = page.evaluate(TOKENS, [source, texts])
    page.close()
    wrong, count = [], 0
    for text, tokens in zip(texts, found, strict=True):
        mine = [""] * len(text)
        for kind, start, end in tokens:
            mine[start:end] = [kind] * (end - start)
        lexer = Python3Lexer(stripnl=False, ensurenl=False)
        for at, token, value in lexer.get_tokens_unprocessed(text):
            kind = LIKE.get(STANDARD_TYPES[token], STANDARD_TYPES[token])
            plain = kind in ("n", "p", "w", "")
            seen = mine[at] in ("", "n") if plain else LIKE.get(mine[at], mine[at]) == kind
            if value.strip() and not seen:
                wrong.append((value, kind, mine[at]))
            count += bool(value.strip())
    assert count > 5000
    assert wrong == []


def test_a_string_that_is_not_closed_ends_with_its_line(browser):
    page = browser.new_page()
    source = (ROOT / "book/_run/colours.mjs").read_text(encoding="utf-8")
    (one, many) = page.evaluate(TOKENS, [source, ["a = 'b\nc = 1", 'a = """b\nc = 1']])
    page.close()
    assert one[-1] == ["mi", 11, 12]
    assert many[-1] == ["s2", 4, 14]


#: Of each kind, the words that are marked.
MARKED = """() => Object.fromEntries([...CSS.highlights]
    .map(([name, marks]) => [name.slice(3), [...marks].map(String)])
    .filter(([, marks]) => marks.length))"""
WANTED = """([kind, wanted]) => [...(CSS.highlights.get(`nn-${kind}`) ?? [])].join() === wanted"""


def waits(page, kind, wanted):
    page.wait_for_function(WANTED, arg=[kind, wanted])


def colour(page, kind):
    """Return the colour of words of a kind in changed code."""
    return page.locator(".exercise pre.run-edited").evaluate(
        "(pre, kind) => getComputedStyle(pre, `::highlight(nn-${kind})`).color", kind
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stay_while_one_types(reader, small, theme):
    page = visit(reader, small)
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
    style = "(word) => getComputedStyle(word).color"
    recorded = {
        kind: page.locator(f".cell .highlight .{kind}").first.evaluate(style)
        for kind in ("k", "nf", "mi")
    }
    assert len(set(recorded.values())) == 3
    assert "colours" not in str(page.evaluate("performance.getEntries().map((e) => e.name)"))
    cell = page.locator(".exercise .cell").first
    type_into(cell, "def cubed(x):\nreturn x**3  # three")
    waits(page, "k", "def,return")
    waits(page, "mi", "3")
    marked = page.evaluate(MARKED)
    assert (marked["nf"], marked["c1"]) == (["cubed"], ["# three"])
    assert {kind: colour(page, kind) for kind in recorded} == recorded
    pixels = Image.open(io.BytesIO(cell.locator("pre").first.screenshot())).convert("RGB")
    for seen in recorded.values():
        near = np.abs(np.array(pixels, int) - [int(c) for c in re.findall(r"\d+", seen)]).max(-1)
        assert near.min() < 24, "the screen shows it"

    for _ in "3  # three":
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("1")  # where the caret is
    waits(page, "mi", "13")
    pre = cell.locator("pre").first
    assert pre.inner_text().rstrip() == "def cubed(x):\n    return x**13  # three"
    page.keyboard.press("Control+Z")
    waits(page, "mi", "3")
    assert pre.inner_text().rstrip() == "def cubed(x):\n    return x**3  # three"
    cell.get_by_role("button", name="Restore").click()
    page.wait_for_function("[...CSS.highlights.values()].every((marks) => !marks.size)")


def test_code_that_comes_back_has_its_colours(reader, small):
    page = visit(reader, small)
    type_into(page.locator(".exercise .cell").first, "kept = 'here'")
    waits(page, "s1", "'here'")
    page.wait_for_function("Object.values(localStorage).some((value) => value.includes('here'))")
    page.reload(wait_until="domcontentloaded")
    waits(page, "s1", "'here'")


def test_a_browser_without_highlights_shows_one_colour(reader, small):
    page = reader.new_page()
    page.add_init_script("delete window.Highlight")
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    cell = page.locator(".exercise .cell").first
    type_into(cell, "x = 1")
    page.wait_for_function("performance.getEntries().some((e) => e.name.includes('colours'))")
    assert cell.locator("pre").first.inner_text().rstrip() == "x = 1"
    assert page.evaluate("CSS.highlights.size") == 0
