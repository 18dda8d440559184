"""Cards show what a link leads to, the contents open where one is, the search shows prose."""

import re

import pytest

from tests.book.conftest import LAID_OUT

CARD = "#nn-card:visible"
BACKPROPAGATION = "components/backpropagation.html"


@pytest.fixture
def visit(browser, address):
    """Open pages of the site, for a reader with a mouse and a keyboard."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        wrong = []
        page.on("pageerror", lambda error: wrong.append(error.stack))

        def go(name, base=address):
            page.goto(f"{base}/{name}")
            page.wait_for_function("document.readyState === 'complete'")
            page.wait_for_function(LAID_OUT)  # or what is under the pointer may move away
            page.evaluate("document.fonts.ready.then(() => true)")
            return page

        yield go
        assert [stack for stack in wrong if "finding" in stack] == []


def link(page, target):
    return page.locator(f"article a.reference.internal[href*='{target}']").first


@pytest.mark.parametrize(
    ("name", "target", "said", "drawn"),
    [
        (BACKPROPAGATION, "#equation-eq-linear-backward", "", "mjx-container[display=true]"),
        (
            "components/gradients.html",
            "searching.html#equation-eq-",
            "Searching for weights",
            "mjx-math",
        ),
        ("components/neuron.html", "#thm-perceptron", "Perceptron convergence", "mjx-math"),
        ("convolution/residual.html", "#fig-residual-norms", "Fig.", "img"),
        ("components/neuron.html", "glossary.html#term-layer", "layer", "div"),
        (BACKPROPAGATION, "#nnbook.gradcheck.check_vjp", "check_vjp(", ".sig-name"),
        ("components/neuron.html", "bibliography.html#", "Fisher", None),
    ],
)
def test_a_card_shows_what_a_link_leads_to(visit, name, target, said, drawn):
    page = visit(name)
    where = link(page, target)
    where.hover()
    card = page.locator(CARD)
    card.wait_for()
    assert said in card.inner_text()
    assert drawn is None or card.locator(drawn).count()
    assert "\\(" not in card.inner_text()
    assert where.get_attribute("aria-describedby") == "nn-card"
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    assert card.locator("a, [tabindex], [id]").count() == 0, "Tab does not enter it"
    near = box["y"] if where.bounding_box()["y"] < box["y"] else box["y"] + box["height"] - 10
    page.mouse.move(box["x"] + 20, near + 5)  # hover() scrolls, which takes the pointer elsewhere
    page.wait_for_timeout(400)
    assert card.count(), "a pointer may go onto the card"
    page.mouse.move(1, 1)
    card.wait_for(state="hidden")


def test_a_card_comes_with_the_focus_and_goes_with_escape_and_with_tab(visit):
    page = visit("components/neuron.html")
    where = link(page, "#thm-perceptron")
    where.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.locator(CARD).wait_for()
    page.keyboard.press("Escape")
    page.locator(CARD).wait_for(state="hidden")
    assert where.evaluate("each => each === document.activeElement"), "the focus stays"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.locator(CARD).wait_for()
    page.keyboard.press("Tab")
    assert not where.evaluate("each => each === document.activeElement")
    assert page.locator("#nn-card:focus-within").count() == 0


def test_a_book_opened_from_a_folder_has_cards_for_its_own_things_and_for_works(visit, site):
    page = visit("components/neuron.html", site.as_uri())
    for target in ("#thm-perceptron", "bibliography.html#"):
        link(page, target).hover()
        page.locator(CARD).wait_for()
        page.mouse.move(1, 1)
        page.locator(CARD).wait_for(state="hidden")


def test_a_touched_link_has_no_card(browser, address):
    phone = {"is_mobile": True, "has_touch": True, "viewport": {"width": 390, "height": 844}}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        page.goto(f"{address}/components/neuron.html")
        link(page, "#thm-perceptron").tap()
        page.wait_for_timeout(800)
        assert page.locator("#nn-card").count() == 0


def test_the_contents_open_at_the_page_one_is_on(visit):
    visit("components/neuron.html")
    page = visit("practice/reflections.html")  # from the top of the contents to their end
    page.wait_for_timeout(200)
    here = page.locator(".bd-links .current.active > a").last.bounding_box()
    assert 0 < here["y"] < 800 - here["height"]


@pytest.mark.parametrize("query", ["momentum", "lstm", "dropout"])
def test_what_the_search_shows_is_prose(visit, query):
    page = visit(f"search.html?q={query}")
    page.locator("#search-results .context").first.wait_for()
    page.wait_for_function(
        "document.querySelectorAll('#search-results li').length > 5"
        " && document.querySelectorAll('#search-results .context').length > 5"
    )
    shown = page.locator("#search-results .context").all_inner_texts()
    furniture = re.compile(r"\n\n|Contents|Toggle|Show code|import numpy|^\s*$|Back to top")
    assert [text for text in shown if furniture.search(text)] == []


def test_an_excerpt_keeps_a_term_from_its_neighbours(visit):
    page = visit("search.html?q=cotangent")
    one, all_of_them = page.evaluate("""async () => {
        const glossary = await (await fetch("glossary.html")).text();
        return [Search.htmlToText(glossary, "#term-cotangent"), Search.htmlToText(glossary, "")];
    }""")
    assert one.startswith("cotangent: The gradient of the loss")
    assert one.endswith("See Gradients and the chain rule.")
    assert f"{one} covariance: The mean product" in all_of_them
