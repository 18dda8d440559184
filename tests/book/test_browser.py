"""The built site in a real browser: every page renders, alone, accessibly, on two widths.

Looks at `_build/html`, which `make book` makes.
"""

import json
import re
from pathlib import Path

import pytest

from tests.book.conftest import LAID_OUT

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if not {"_static", "_sources"} & set(path.relative_to(SITE).parts)
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

#: The colour of every word of code, with the first ground under it that is not transparent.
CODE_COLOURS = """() => {
    const style = (node) => getComputedStyle(node);
    const ground = (node) => style(node).backgroundColor !== "rgba(0, 0, 0, 0)"
        ? style(node).backgroundColor : ground(node.parentElement);
    const words = [...document.querySelectorAll(".highlight pre span")]
        .filter((word) => word.textContent.trim());
    const pairs = words.map((word) => style(word).color + "|" + ground(word));
    return [...new Set(pairs)].map((pair) => pair.split("|"));
}"""
#: Listings and outputs of which a part lies outside of their box, with how many pixels.
CUT_OFF = """() => [...document.querySelectorAll(".bd-article pre")]
    .filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth + 3)
    .map((box) => [box.textContent.trim().slice(0, 60), box.scrollWidth - box.clientWidth])"""
#: The links to the pages before and after of which a part lies outside of their box.
CUT_LINKS = """() => [...document.querySelectorAll(".prev-next-area a")]
    .filter((link) => link.scrollWidth > link.clientWidth)
    .map((link) => link.textContent.trim())"""
#: Words that are broken in titles, of the page and of those before and after, and in the names of
#: parameters: a module's name has two words, and a hyphen ends one, but not that of LeNet-5.
BROKEN_WORDS = """() => {
    const titles = document.querySelectorAll(".prev-next-title, article h1, dl.py dt > strong");
    return [...titles].flatMap((title) => {
        const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT), broken = [];
        for (let text; (text = texts.nextNode());)
            for (const {0: word, index} of text.data.matchAll(/(-\\d|[^\\s.-])+[.-]?/g)) {
                const range = document.createRange();
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                const tops = [...range.getClientRects()].map(({top}) => Math.round(top));
                if (Math.max(...tops) - Math.min(...tops) > 4) broken.push(word);
            }
        return broken;
    });
}"""
#: Formulas in a line of text of which a part lies outside of their box, where nobody sees it.
CUT_FORMULAS = """() => [...document.querySelectorAll("span.math")]
    .filter((box) => box.firstElementChild?.getBoundingClientRect().right
        > box.getBoundingClientRect().right + 1)
    .map((box) => box.textContent)"""
#: Leave three of each form among the rows of a table and the items of a list that leads around the
#: book, unless something elsewhere is named by what would go; and of formulas only a word.
SIMPLIFY = """() => {
    const formulas = [...document.querySelectorAll("mjx-container")];
    for (const node of formulas.splice(0, 3)) node.textContent = "formula";
    for (const node of formulas) (node.closest("span.math") ?? node).replaceWith("formula");
    for (const node of document.querySelectorAll(".highlight pre")) node.textContent = "code";
    const names = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for"];
    const meant = names.flatMap((name) => [...document.querySelectorAll(`[${name}]`)]
        .flatMap((node) => node.getAttribute(name).split(/\\s+/).map((id) => [id, node])));
    const needed = (node) => meant.some(([id, by]) =>
        !node.contains(by) && node.contains(document.getElementById(id)));
    const named = (node) => [...node.attributes].map(({name, value}) =>
        ["class", "role", "scope", "style"].includes(name) ? `${name}=${value}` : name);
    const form = (node) => `${node.tagName} ${named(node)} ${!node.textContent.trim()}`
        + ` (${[...node.children].map(form)})`;
    for (const parent of [...document.querySelectorAll("tbody, nav :is(ul, ol)")].reverse()) {
        const seen = {};
        for (const node of [...parent.children]) {
            const its = form(node);
            seen[its] = (seen[its] ?? 0) + 1;
            if (seen[its] > 3 && !needed(node)) node.remove();
        }
    }
}"""


@pytest.fixture(scope="module")
def axe():
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page(browser, address):
    """A tab that writes down every error and every request that leaves the site."""
    with browser.new_context(color_scheme="light", viewport=WIDE) as context:
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda r: page.complaints.append(f"failed: {r.url}"))
        page.on("request", lambda r: _is_ours(r.url, address) or page.complaints.append(r.url))
        yield page


def _is_ours(url, address):
    return url.startswith((f"{address}/", "data:", "blob:"))


@pytest.mark.parametrize("name", PAGES or ["index.html"])
def test_page(name, page, address, axe):
    """All that is asked of a page, in one test, so that each is loaded once."""
    page.goto(f"{address}/{name}", wait_until="load")
    page.wait_for_function(LAID_OUT)
    assert page.complaints == []
    formulas = page.locator(".math").count()
    assert page.locator(".math mjx-container").count() >= formulas
    assert page.locator("mjx-merror").count() == 0

    assert unreadable_code(page) == []
    if not name.startswith("_modules"):  # a source file's lines are as long as they are
        assert page.evaluate(CUT_OFF) == []

    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.evaluate(CUT_LINKS) == []
    if not name.startswith("_modules"):  # of a file, the title is its name
        assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate(CUT_FORMULAS) == []

    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert unreadable_code(page) == []

    # axe is fast without what has had its own checks (formulas, code) and rows of the same form
    page.evaluate(SIMPLIFY)
    page.evaluate(axe)
    assert violations(page, {"type": "rule", "values": ["color-contrast"]}) == []
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    assert violations(page, RULES) == []


def violations(page, rules, where="document"):
    """Return what axe finds wrong, in the whole page or in what it takes as a context."""
    page.evaluate("document.getAnimations().forEach((motion) => motion.finish())")
    options = {"preload": False, "resultTypes": ["violations"], "runOnly": rules}
    options["rules"] = {"label-content-name-mismatch": {"enabled": True}}  # of WCAG, though new
    found = page.evaluate(f"axe.run({where}, {json.dumps(options)})")["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def unreadable_code(page):
    """Return the colours of code that do not stand out from their ground by 4.5 to 1."""
    return [pair for pair in page.evaluate(CODE_COLOURS) if contrast(*pair) < 4.5]


def contrast(*colours):
    """Return the contrast of two CSS colours as WCAG defines it."""
    light = []
    for colour in colours:
        values = [int(v) / 255 for v in re.findall(r"\d+", colour)[:3]]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(light) + 0.05) / (min(light) + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)
