"""What builds keep for each other is only used where nothing that it was made from has changed."""

import contextlib
import json
from types import SimpleNamespace

import pytest

from tests.book.conftest import ROOT  # noqa: F401, it puts book/_ext on the path

import seen  # isort: skip


@pytest.fixture
def app(tmp_path):
    config = SimpleNamespace(nnbook_machinery="code")
    return SimpleNamespace(doctreedir=tmp_path / "trees", config=config)


def found(app, *pages):
    """Return what is found in pages, and which of them were looked at for it."""
    looked_at = []

    def find(content):
        looked_at.append(content)
        return [content.decode().upper()]

    with seen.opened(app, "letters") as known:
        return [known.of(page, find) for page in pages], looked_at


def test_a_page_is_looked_at_again_when_it_has_changed(app):
    assert found(app, b"a", b"b") == ([["A"], ["B"]], [b"a", b"b"])
    assert found(app, b"a", b"b") == ([["A"], ["B"]], [])
    assert found(app, b"a", b"c") == ([["A"], ["C"]], [b"c"])
    assert found(app, b"b", b"c") == ([["B"], ["C"]], [b"b"]), "what was not asked for is forgotten"


def test_nothing_is_kept_that_other_code_found_or_that_cannot_be_read(app):
    found(app, b"a")
    app.config.nnbook_machinery = "other code"
    assert found(app, b"a")[1] == [b"a"]
    assert found(app, b"a")[1] == []
    file = next(app.doctreedir.iterdir())
    for broken in ("", "{", "[]", "{}", '{"code": "other code"}'):
        file.write_text(broken)
        assert found(app, b"a") == ([["A"]], [b"a"])


def test_nothing_is_kept_of_what_broke_off(app):
    with contextlib.suppress(ValueError), seen.opened(app, "letters") as known:
        known.of(b"a", lambda _: 1)
        raise ValueError
    assert found(app, b"a") == ([["A"]], [b"a"])


def test_a_file_is_made_again_when_it_is_not_what_it_was_or_should_be_another(app, tmp_path):
    target = tmp_path / "made"

    def made(state):
        with seen.opened(app, "files") as known:
            return known.make(target, state, lambda: target.write_text(state))

    assert made("one")
    assert not made("one")
    target.write_text("own")
    assert made("one")
    target.unlink()
    assert made("one")
    assert not made("one")
    assert made("two")
    assert target.read_text() == "two"


def test_files_have_another_digest_with_another_name_or_content(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    states = [seen.digest_of([one]), seen.digest_of([one, two])]
    two.write_text("")
    states.append(seen.digest_of([one, two]))
    one.write_text("b")
    states += [seen.digest_of([one, two]), seen.digest_of([two, one])]
    assert len(set(states)) == len(states)


def test_what_is_kept_is_json_that_says_by_which_code(app):
    found(app, b"a")
    kept = json.loads((app.doctreedir / "seen-letters.json").read_text())
    assert kept["code"] == "code"
    assert list(kept["found"].values()) == [["A"]]
