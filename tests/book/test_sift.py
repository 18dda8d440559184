"""Tables that a reader sorts and chooses from, and the figures of all results and all papers."""

import re

import pytest

from tests.book.sifting import PAGES
from tests.book.test_browser import RULES, axe, violations  # noqa: F401  (a fixture)

#: The first words of the rows that are seen, table by table.
SEEN = """(name) => [...document.querySelectorAll(`table.${name}`)]
  .map((table) => [...table.tBodies[0].rows].filter((row) => row.checkVisibility())
    .map((row) => row.querySelector("td").textContent.trim().split(" ").slice(0, 2).join(" ")))"""
DIGITS = ["another network", "a network", "stored images", "straight <lines>"]
TEXT = ["counts best,", "a cell"]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Build a book with results, papers, and the chapters that they are from."""
    from tests.book import conftest

    folder = tmp_path_factory.mktemp("sifted")
    book = conftest.tiny_book.__wrapped__(folder)(PAGES)
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    return book


@pytest.fixture
def opened(book, browser, axe):  # noqa: F811
    """Open a page from the disk; at the end look at its width, and for complaints."""
    contexts = []

    def visit(name, *, phone=False, **more):
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        scheme = "dark" if phone else "light"
        context = browser.new_context(
            viewport=size, color_scheme=scheme, has_touch=phone, reduced_motion="reduce", **more
        )
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda r: r.url.startswith("http") and page.errors.append(r.url))
        page.goto((book.root / f"_build/html/{name}.html").as_uri())
        contexts.append((context, page, size["width"]))
        return page

    yield visit
    for context, page, width in contexts:
        assert page.errors == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(axe)
        wrong = [words for words in violations(page, RULES) if re.search(r"nn-s|play", words)]
        assert wrong == []
        context.close()


def shown(page, name="nn-results"):
    return page.evaluate(SEEN, name)


def test_a_head_sorts_by_the_numbers_behind_the_words(opened):
    page = opened("results")
    table = page.locator("table.nn-results").first
    heads = table.locator("thead th")
    assert shown(page) == [DIGITS, TEXT]
    training = table.get_by_role("button", name="Training")
    training.click()
    up = ["straight <lines>", "another network", "a network", "stored images"]
    assert shown(page) == [up, TEXT], "0.2 s, 30 s, 3 min, none"
    assert heads.nth(3).get_attribute("aria-sort") == "ascending"
    training.press("Enter")
    down = ["a network", "another network", "straight <lines>", "stored images"]
    assert shown(page)[0] == down, "what has no number stays at the end"
    assert heads.nth(3).get_attribute("aria-sort") == "descending"
    training.press("Tab")
    page.keyboard.press("Space")  # the next head: the chapters
    assert heads.nth(3).get_attribute("aria-sort") is None
    assert heads.nth(4).get_attribute("aria-sort") == "ascending"
    assert shown(page)[0][0] == "another network", "Chapter two comes before Digits"
    for _ in range(2):
        page.keyboard.press("Enter")
    assert table.locator("[aria-sort]").count() == 0
    assert shown(page)[0] == DIGITS, "the third press restores the order"
    table.get_by_role("button", name="Network").click()
    assert shown(page)[0] == sorted(DIGITS)
    assert page.locator("table.nn-results").last.get_by_role("button", name="Budget").count() == 0


def test_fields_choose_rows_and_say_how_many(opened):
    page = opened("results", phone=True)
    fields = page.locator(".nn-sift form")
    said = page.locator(".nn-shown")
    assert said.get_attribute("role") in (None, "status")  # <output> is one by itself
    assert said.inner_text() == "Shown: all 6 results."
    assert page.get_by_text("Choose a baseline.").is_visible()
    everything = page.get_by_role("button", name="Show all")
    assert everything.is_disabled()
    fields.get_by_label("Kind").select_option("baseline")
    assert shown(page) == [DIGITS[2:], TEXT[:1]]
    assert said.inner_text() == "Shown: 3 of 6 results, in 2 of 2 tables."
    fields.get_by_label("Task").select_option("Digits: test error")
    assert said.inner_text() == "Shown: 2 of 6 results, in 1 of 2 tables."
    assert (
        not page.get_by_text("Text: bits per character", exact=True).locator("visible=true").all()
    )
    page.get_by_role("button", name="Parameters").locator("visible=true").tap()
    assert shown(page)[0] == ["straight <lines>", "stored images"], "sorting keeps the choice"
    fields.get_by_label("Words").fill("STORED recorded")
    assert shown(page)[0] == ["stored images"]
    fields.get_by_label("Words").press("Enter")
    fields.get_by_label("Words").fill("nothing such")
    assert said.inner_text() == "Shown: 0 of 6 results, in 0 of 2 tables."
    everything.tap()
    assert said.inner_text() == "Shown: all 6 results."
    assert fields.get_by_label("Words").evaluate("(field) => field === document.activeElement")
    assert [len(rows) for rows in shown(page)] == [4, 2]


def test_papers_are_chosen_by_verdict_and_kind(opened):
    page = opened("papers", phone=True)
    fields = page.locator(".nn-sift form")
    verdicts = fields.get_by_label("Verdict", exact=True)
    options = ["all", "reproduced", "smaller", "not tested"]
    assert verdicts.locator("option").all_inner_texts() == options, "in the order of the verdicts"
    assert fields.get_by_label("Part").locator("option").all_inner_texts()[1:] == [
        "Dense networks",
        "Later",
    ]
    verdicts.focus()
    page.keyboard.press("End")  # by keys
    page.keyboard.press("Enter")
    verdicts.select_option("smaller")
    said = page.locator(".nn-shown")
    assert said.inner_text() == "Shown: 1 of 3 papers, in 1 of 2 tables."
    assert page.locator("#paper-dropout").is_visible()
    assert not page.locator("#paper-lenet").is_visible()
    page.evaluate("location.hash = '#paper-lenet'")
    page.locator("#paper-lenet").wait_for(state="visible")
    assert said.inner_text() == "Shown: all 3 papers."
    fields.get_by_label("Kind of claim").select_option("level")
    assert not page.locator("#paper-dropout").is_visible()
    page.locator("p a[href='#paper-dropout']").click()
    assert page.locator("#paper-dropout").is_visible(), "a link to a hidden row shows it"
    rows = "[...document.querySelectorAll('tr[id]')].map((row) => row.id)"
    page.locator("thead").first.get_by_role("button", name="Verdict").tap()
    assert page.evaluate(rows)[:2] == ["paper-lenet", "paper-dropout"]
    assert page.evaluate("document.querySelector('th[aria-sort]').ariaSort") == "ascending"


def test_without_scripts_and_on_paper_the_tables_are_whole(opened, book, browser):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((book.root / "_build/html/papers.html").as_uri())
        assert page.locator("tr[id]:visible").count() == 3
        assert not page.locator(".nn-sift").is_visible()
        assert page.locator(".nn-sort").count() == 0
    page = opened("papers")
    page.locator(".nn-sift form").get_by_label("Verdict", exact=True).select_option("smaller")
    assert page.locator("tr[id]:visible").count() == 1
    page.emulate_media(media="print")
    assert page.locator("tr[id]:visible").count() == 3
    assert not page.locator(".nn-sift").is_visible()
    page.emulate_media(media="screen")


def figure(page):
    page.locator(".play").scroll_into_view_if_needed()
    page.wait_for_selector(".play[data-state=ready]", state="attached")
    return page.locator(".play-stage")


def says(page, words):
    """Wait until the words of the figure hold these."""
    told = "(words) => document.querySelector('.play-words').textContent.includes(words)"
    page.wait_for_function(told, arg=words)


def test_a_point_names_its_result_and_links_its_chapter(opened):
    page = opened("results")
    stage = figure(page)
    points = stage.get_by_role("radio", name=":")
    assert points.count() == 4
    says(page, "another network (best)")
    strokes = stage.locator(".play-line.a:not(.dashed)")
    assert strokes.count() == 1, "one of the four has a spread"
    points.first.hover()
    says(page, "stored images (baseline, recorded): test error 5.00%.")
    points.nth(2).hover()
    says(page, "a network (level with the best): test error 1.23% ± 0.20%; 60,000 parameters; ")
    assert points.nth(2).get_attribute("aria-checked") == "true"
    link = stage.locator(".play-link")
    assert link.inner_text() == "Its chapter: Digits"
    points.nth(2).press("ArrowRight")
    says(page, "another network (best): test error 1.15%; 120,000 parameters; training: 30 s.")
    assert link.get_attribute("href") == "two.html"
    assert points.nth(3).evaluate("(point) => point === document.activeElement")
    points.nth(3).press("ArrowRight")
    says(page, "stored images")
    points.first.press("ArrowLeft")
    stage.get_by_role("radio", name="training time", exact=True).check()
    # The words were the same before: it is the third of them now, once all is drawn anew.
    third = "document.querySelectorAll('.play-point')[2].getAttribute('aria-checked') === 'true'"
    page.wait_for_function(third)
    says(page, "another network (best)")
    stage.get_by_role("radio", name="baselines", exact=True).check()
    says(page, "stored images")
    assert stage.locator(".play-point").count() == 2
    stage.locator("select").select_option("Text: bits per character")
    stage.get_by_role("radio", name="networks", exact=True).check()
    says(page, "a cell (level with the best): bits per character 1.50 ± 0.10; 5,000 parameters; ")
    says(page, "keeps 2 KB for an answer; budget: the best of 3 rates.")
    link.click()
    assert page.title().startswith("Chapter two")
    page.go_back()


@pytest.mark.parametrize("phone", [False, True])
def test_a_line_names_its_paper_and_links_its_row(opened, phone):
    page = opened("papers", phone=phone)
    stage = figure(page)
    says(page, "LeNet: the paper has 0.95%, we have 1.02%. That is 1.07 times the paper's: repr")
    second = stage.locator(".play-point").nth(1)
    if phone:
        second.tap()
    else:
        box = second.bounding_box()
        page.mouse.move(box["x"] - 100, box["y"] + box["height"] / 2)  # anywhere on its line
    says(page, "dropout: the paper has 22%, we have 15%. That is 0.68 times the paper's: smaller.")
    assert second.get_attribute("aria-checked") == "true"
    assert stage.locator(".play-link").get_attribute("href") == "#paper-dropout"
    stage.get_by_role("checkbox", name="smaller").uncheck()
    says(page, "LeNet")
    stage.get_by_role("radio", name="effect", exact=True).check()
    says(page, "No row is left")
    assert not stage.locator(".play-link").is_visible()
