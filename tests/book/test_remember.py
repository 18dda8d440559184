"""The page remembers what a reader does, in their browser and only there, and nothing is lost."""

import re
from pathlib import Path

from tests.book.remembering import KEY, code, edit, kept, load, open_work, visit, wait

SOLVED = "from nnbook.teaching import check\ncheck('start.double', lambda x: x + x)"
#: What a cell shows when its check passes. (tests/book/test_run.py runs one in earnest.)
PASS = """cell => {
    const record = JSON.stringify({kind: "verdict", name: "start.double", passed: true});
    cell.insertAdjacentHTML("beforeend", "<div class=run-output><p class=nn-verdict></p></div>");
    cell.querySelector(".run-output .nn-verdict").dataset.nnbook = record;
    cell.dispatchEvent(new CustomEvent("nnbook:ran", {bubbles: true}));
}"""
#: A question and two hints, as far as what remembers needs them.
ASKING = """addEventListener("DOMContentLoaded", () => {
    document.querySelector("h1").insertAdjacentHTML("afterend", `<div class=nn-question
        data-question=q></div><details class=nn-hint data-hint=start.double data-number=1></details>
        <details class=nn-hint data-hint=start.double data-number=2></details>`);
    window.given = [];
    const question = document.querySelector(".nn-question");
    question.addEventListener("nnbook:restore", ({detail}) => given.push(detail.choice));
    window.tell = (name, detail) =>
        question.dispatchEvent(new CustomEvent(name, {bubbles: true, detail}));
})"""


def left(page):
    return page.locator(".kept-left").inner_text()


def assert_all_is_there(page):
    assert code(page) == SOLVED
    assert page.locator(".exercise .kept-mark").inner_text() == " solved"
    assert page.locator(".kept-tick input").is_checked()
    assert left(page) == "On this page: 2 of 2 exercises solved."
    assert page.evaluate("nnbook.kept('answer', 'q1').choice") == 2
    marks = page.locator(".bd-links .kept-mark")
    assert [mark.get_attribute("title") for mark in marks.all()] == [
        "read",
        "2 of 2 exercises solved",
    ]


def test_a_readers_morning(reader, small, tmp_path):
    page = visit(reader, small, "start/sums")
    page.clock.install()
    page.keyboard.press("End")
    page.locator(".kept-work").scroll_into_view_if_needed()
    page.wait_for_timeout(200)  # until the browser has told the page what is in sight
    page.clock.run_for(5000)
    wait(page, "page", '"read":true')
    page.close()

    page = visit(reader, small)
    cell = page.locator(".exercise div.cell").first
    edit(page, SOLVED)
    cell.evaluate(PASS)
    page.get_by_label("I have solved it").check()
    page.evaluate(
        """document.querySelector("h1").dispatchEvent(new CustomEvent("nnbook:answered",
        {bubbles: true, detail: {id: "q1", choice: 2, right: false}}))"""
    )
    assert_all_is_there(page)
    page.reload()
    assert_all_is_there(page)
    page.close()
    page = visit(reader, small)
    assert_all_is_there(page)

    open_work(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    before = kept(page)
    page.get_by_role("button", name="Forget everything").click()
    assert kept(page) == {}
    assert "def double" in code(page)
    page.reload()
    assert "def double" in code(page)
    assert page.locator(".kept-mark").count() == 0

    assert "of them were new here" in load(page, saved)
    assert kept(page) == before
    assert_all_is_there(page)
    page.reload()
    assert_all_is_there(page)


def test_a_cell_and_a_page_are_put_back(reader, small):
    page = visit(reader, small)
    edit(page, "1 + 1")
    wait(page, "cell")
    page.locator(".exercise .cell").get_by_role("button", name="Restore").click()
    assert "def double" in code(page)
    assert kept(page, "cell") == {}
    edit(page, "1 + 1")
    page.close()  # at once: what was typed last is kept all the same
    page = visit(reader, small)
    assert code(page) == "1 + 1"
    assert page.locator(".kept-tick").count() == 1, (
        "a check judges the first, whatever stands there"
    )
    page.evaluate(f"localStorage.setItem('{KEY}check start/sums x', '{{\"t\": 1}}')")
    open_work(page)
    page.get_by_role("button", name="Forget this page").click()
    assert "def double" in code(page)
    assert list(kept(page)) == ["check start/sums x"]


def test_when_the_book_changes_both_codes_are_kept(reader, small):
    page = visit(reader, small)
    edit(page, "mine = 1")
    wait(page, "cell")

    def changed(route):
        body = (
            route.fetch()
            .text()
            .replace('<span class="o">...</span>', '<span class="o">pass</span>')
        )
        route.fulfill(body=body, content_type="text/html")

    page.route("**/doubles.html", changed)
    page.reload()
    assert "pass" in code(page)
    offer = page.locator(".kept-offer")
    assert "The book's code has changed" in offer.inner_text()
    page.reload()  # looking does not decide
    offer.get_by_role("button", name="Show it").click()
    assert code(page) == "mine = 1"
    page.reload()
    assert code(page) == "mine = 1"
    assert offer.count() == 0


def test_two_tabs_do_not_overwrite_each_other_silently(reader, small):
    reader.add_init_script(
        "addEventListener('storage', (e) => window.deaf && e.stopImmediatePropagation())"
    )
    first, second = visit(reader, small), visit(reader, small)
    edit(first, "one = 1")
    wait(second, "cell", "one = 1")
    second.locator(".run-status", has_text="Changed in another tab").wait_for()
    assert code(second) == "one = 1"
    assert kept(first, "other") == {}, "the second has lost nothing"

    # what a tab writes that has not heard of what another has written
    second.evaluate("deaf = true")
    edit(first, "two = 2")
    wait(first, "cell", "two = 2")
    edit(second, "three = 3")
    wait(first, "cell", "three = 3")
    for tab in (first, second):
        tab.locator(".kept-offer", has_text="Two tabs have changed this code").wait_for()
        assert code(tab) == "three = 3"
    first.locator(".kept-offer").get_by_role("button", name="Show it").click()
    assert code(first) == "two = 2"
    assert [record["text"] for record in kept(first).values()] == ["two = 2", "three = 3"]


def test_the_place_is_offered_and_not_forced(reader, small):
    page = visit(reader, small, "start/sums")
    page.locator("#thrice").evaluate("section => section.scrollIntoView()")
    wait(page, "place", "Thrice")
    page.close()
    page = visit(reader, small, "start/sums")
    assert page.evaluate("scrollY") == 0
    offer = page.locator(".kept-place")
    assert offer.inner_text() == "Continue where you were: Thrice"
    home = visit(reader, small, "index")
    home.locator(".kept-place a", has_text="Sums, Thrice").click()
    home.wait_for_url("**/start/sums.html#thrice")
    assert home.locator(".kept-place").count() == 0


def test_hints_and_answers_are_given_back(reader, small):
    page = reader.new_page()
    page.add_init_script(ASKING)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    page.evaluate("tell('nnbook:hint', {id: 'start.double', hint: 1})")
    page.evaluate("tell('nnbook:answered', {id: 'q', choice: [0, 2], right: true})")
    assert "0 of 2 exercises solved, 1 of 1 question answered" in left(page)
    page.reload(wait_until="domcontentloaded")
    assert page.evaluate("given") == [[0, 2]]
    first, second = page.locator(".nn-hint").all()
    assert first.evaluate("hint => hint.open")
    assert not second.evaluate("hint => hint.open")
    open_work(page)
    page.get_by_role("button", name="Forget this page").click()
    assert page.evaluate("given.at(-1)") is None
    assert not first.evaluate("hint => hint.open")


def test_what_the_page_adds_is_accessible_and_light(reader, small):
    import axe_playwright_python

    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    page = visit(reader, small)
    edit(page, "mine = 1")
    wait(page, "cell")
    page.get_by_label("I have solved it").check()
    page.evaluate(
        """() => { for (const {id} of nnbook.store.list("cell"))
            nnbook.store.put("other", id, {text: "2", why: "tab"}); nnbook.say("Words."); }"""
    )
    page.locator(".kept-offer").wait_for()
    open_work(page)
    page.evaluate(script)
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.evaluate("document.getAnimations().forEach((motion) => motion.finish())")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
    response = page.request.get(f"{small}/_static/remember/remember.js")
    assert len(response.body()) < 24_000
    assert not re.search(r"fetch\(|XMLHttpRequest|sendBeacon", response.text()), "nothing is sent"
