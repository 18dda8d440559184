"""The page remembers what a reader does, in their browser and only there, and nothing is lost."""

import functools
import http.server
import json
import re
import threading
from pathlib import Path

import pytest

from tests.book import conftest
from tests.book.test_exercises import MODULE
from tests.book.test_exercises import page as exercises
from tests.book.test_run import LOADING, press, type_into

KEY = "neural-networks-from-scratch/1/"
TALL = '\n<div style="height: 2000px"></div>\n'
CHAPTER = (
    f"# Sums\n\n```{{code-cell}} ipython3\na = 2\n```\n\n## Twice\n{TALL}\n## Thrice\n{TALL}\n"
)
SOLVED = "from nnbook.teaching import check\ncheck('start.double', lambda x: x + x)"
KEPT = f"""() => Object.fromEntries(Object.entries(localStorage)
    .filter(([name]) => name.startsWith("{KEY}"))
    .map(([name, value]) => [name.replace("{KEY}", ""), JSON.parse(value)]))"""
#: What takes the place of the storage in a browser that has none, and in one whose storage is full.
NONE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Serve a book of two chapters; return its address."""
    book = conftest.tiny_book.__wrapped__(tmp_path_factory.mktemp("small"))({})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    book.write("start/sums", CHAPTER)
    book.write("start/doubles", exercises())
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    folder = book.root / "_build/html"
    for heavy in ("scripts/fontawesome.js", "mathjax/tex-chtml.js"):  # pages load faster without
        (folder / "_static" / heavy).write_text("")
    handler = functools.partial(conftest.Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def reader(browser):
    """A browser of a reader's own, without a past."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(LOADING)
        context.complaints = []
        context.on("weberror", lambda error: context.complaints.append(error.error.stack))
        yield context
        assert [stack for stack in context.complaints if "remember" in stack] == []


def visit(reader, small, name="start/doubles"):
    page = reader.new_page()
    page.goto(f"{small}/{name}.html", wait_until="domcontentloaded")
    return page


def code(page):
    return page.locator(".exercise div.cell pre").first.inner_text().rstrip()


def edit(page, text):
    type_into(page.locator(".exercise div.cell").first, text)


def kept(page, *kinds):
    """Return what is kept of some kinds, or else all that does not come by reading alone."""
    entries = page.evaluate(KEPT).items()
    return {
        name: value
        for name, value in entries
        if (name.split()[0] in kinds if kinds else name.split()[0] not in ("page", "place"))
    }


def wait(page, kind, text=""):
    """Wait until something of a kind is kept."""
    page.wait_for_function(
        """([start, text]) => Object.entries(localStorage)
            .some(([name, value]) => name.startsWith(start) && value.includes(text))""",
        arg=[f"{KEY}{kind} ", text],
    )


def open_work(page):
    page.locator(".kept-work summary").click()
    page.on("dialog", lambda dialog: dialog.accept())


def load(page, path):
    page.locator(".kept-work input[type=file]").set_input_files(path)
    page.wait_for_function("!document.querySelector('.kept-work input[type=file]').value")
    return page.locator(".kept-status").inner_text()


def file_of(folder, content):
    """Write a file as the page saves it, with other content, or anything else."""
    right = {"format": "nnbook-remembered", "version": 1, "book": KEY.split("/")[0], "records": {}}
    file = folder / "file.json"
    file.write_text(content if isinstance(content, str) else json.dumps(right | content))
    return file


def assert_all_is_there(page):
    assert code(page) == SOLVED
    assert page.locator(".exercise .kept-mark").inner_text() == " solved"
    assert page.locator(".kept-tick input").is_checked()
    assert page.locator(".kept-left").inner_text() == "On this page: 2 of 2 exercises solved."
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
    press(cell)  # the browser's Python judges it
    cell.locator(".run-output", has_text="pass").wait_for()
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
    page.evaluate(f"localStorage.setItem('{KEY}check start/sums x', '{{\"t\": 1}}')")
    open_work(page)
    page.get_by_role("button", name="Forget this page").click()
    assert "def double" in code(page)
    assert list(kept(page)) == ["check start/sums x"]


def test_a_wrong_file_is_refused_and_changes_nothing(reader, small, tmp_path):
    page = visit(reader, small)
    page.get_by_label("I have solved it").check()
    before = kept(page)
    open_work(page)
    bad = {"check a ok": {"t": 1}, "cell start/doubles x": {"t": 1}}
    for content, said in [
        ("no JSON", "not a file that this book has saved"),
        ('{"records": {}}', "not a file that this book has saved"),
        ({"book": "another"}, "belongs to another book, “another”"),
        ({"version": 9}, "has version 9; this page reads version 1"),
        ({"records": bad}, "“cell start/doubles x” is not what"),
        ({"records": {"constructor a b": {"t": 1}}}, "“constructor a b” is not what"),
        ({"records": None}, "The file is damaged"),
    ]:
        status = load(page, file_of(tmp_path, content))
        assert said in status
        assert status.endswith("Nothing was changed.")
        assert kept(page) == before


def test_a_file_brings_what_is_newer_and_keeps_what_it_replaces(reader, small, tmp_path):
    page = visit(reader, small)
    edit(page, "mine = 1")
    wait(page, "cell")
    for time, text in ((1, "old = 1"), (9e12, "new = 1")):
        ((name, record),) = kept(page, "cell").items()
        records = {name: record | {"t": time, "text": text}}
        load(page, file_of(tmp_path, {"records": records}))
        assert code(page) == ("mine = 1" if time == 1 else "new = 1")
    page.reload()
    offer = page.locator(".kept-offer")
    assert "The file had newer code" in offer.inner_text()
    offer.get_by_role("button", name="Show it").click()
    assert code(page) == "mine = 1"
    page.locator(".kept-offer").get_by_role("button", name="Forget it").click()
    assert kept(page, "other") == {}
    page.reload()
    assert code(page) == "mine = 1"
    assert offer.count() == 0


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
    first, second = visit(reader, small), visit(reader, small)
    edit(first, "one = 1")
    wait(second, "cell", "one = 1")
    second.locator(".run-status", has_text="Changed in another tab").wait_for()
    assert code(second) == "one = 1"
    assert kept(first, "other") == {}, "the second has lost nothing"

    # what a tab writes that has not heard of what another has written
    second.evaluate("addEventListener('storage', (e) => e.stopImmediatePropagation(), true)")
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


@pytest.mark.parametrize(
    ("stub", "said"), [(NONE, "a private window"), (FULL, "storage for this site is full")]
)
def test_what_cannot_be_kept_is_said_once_and_can_be_saved(reader, small, stub, said, tmp_path):
    page = reader.new_page()
    page.add_init_script(stub)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    assert page.locator(".kept-say").count() == 0, "nothing is lost yet"
    edit(page, "mine = 1")
    say = page.locator(".kept-say")
    say.wait_for()
    assert said in say.inner_text()
    say.get_by_role("button", name="Close").click()
    page.get_by_label("I have solved it").check()
    assert say.count() == 0
    open_work(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "saved.json")
    text = (tmp_path / "saved.json").read_text(encoding="utf-8")
    assert "mine = 1" in text

    other = visit(reader, small)
    load(other, tmp_path / "saved.json")
    assert code(other) == "mine = 1"


def test_a_file_for_which_there_is_no_room_changes_nothing(reader, small, tmp_path):
    page = visit(reader, small)
    records = {f"check start/doubles {i}": {"t": 1} for i in range(9)}
    page.evaluate("""() => { const set = Storage.prototype.setItem; let room = 5;
        Storage.prototype.setItem = function (...all) {
            if (room-- <= 0) throw new DOMException("", "QuotaExceededError");
            set.apply(this, all); } }""")
    assert "is full. Nothing was changed." in load(page, file_of(tmp_path, {"records": records}))
    assert kept(page) == {}


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
    page.add_init_script(
        """document.addEventListener("nnbook:restore",
            ({detail}) => (window.given ??= []).push(detail))"""
    )
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    page.evaluate(
        """document.body.dispatchEvent(new CustomEvent("nnbook:hint",
        {bubbles: true, detail: {id: "start.double", n: 1}}))"""
    )
    page.reload()
    ((hint),) = page.evaluate("window.given")
    assert (hint["kind"], hint["id"], hint["value"]["n"]) == ("hint", "start.double", 1)
    assert page.evaluate("nnbook.kept('hint', 'start.double').n") == 1
    open_work(page)
    page.get_by_role("button", name="Forget this page").click()
    assert page.evaluate("window.given.at(-1).value") is None


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
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
    response = page.request.get(f"{small}/_static/remember/remember.js")
    assert len(response.body()) < 20_000
    assert not re.search(r"fetch\(|XMLHttpRequest|sendBeacon", response.text()), "nothing is sent"
