"""What is remembered can be saved and loaded; what cannot be kept is said, and nothing is lost."""

import pytest

from tests.book.remembering import (
    code,
    edit,
    file_of,
    kept,
    load,
    open_work,
    visit,
    wait,
)

#: What takes the place of the storage in a browser that has none, and in one whose storage is full.
NONE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"


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
