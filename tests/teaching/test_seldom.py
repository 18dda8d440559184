"""Numbers that are computed only when a page is recorded."""

import json

import pytest

from nnbook.teaching import recorded
from nnbook.teaching.recorded import Recording, framework
from nnbook.teaching.seldom import seldom

ENTRY = {"date": "2026-01-02", "versions": {"json": "2.0"}, "data": ["digits"], "values": {"a": 5}}


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "frameworks.json"
    monkeypatch.setattr(recorded, "FILE", path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NNBOOK_NO_FRAMEWORKS", raising=False)
    monkeypatch.delenv("NNBOOK_RECORD", raising=False)
    return path


def test_the_record_is_given_where_the_framework_is(file, capsys):
    file.write_text(json.dumps({"page": ENTRY}))
    run = Recording("page", framework("json"))
    slow = seldom(run)
    assert run.live
    assert (slow.live, slow.day) == (False, "2026-01-02")
    assert slow("a", lambda: pytest.fail("was called")) == 5
    assert "recorded on 2026-01-02" in capsys.readouterr().out


def test_without_the_framework_it_is_the_recording(file):
    file.write_text(json.dumps({"page": ENTRY}))
    run = Recording("page", framework("no_such_framework"))
    assert seldom(run) is run


def test_what_was_never_recorded_is_computed(file):
    run = Recording("page", framework("json"))
    assert seldom(run)("a", lambda: 6) == 6


def test_while_recording_everything_is_computed(file, tmp_path, monkeypatch):
    file.write_text(json.dumps({"page": ENTRY}))
    monkeypatch.setenv("NNBOOK_RECORD", str(tmp_path))
    run = Recording("page", framework("json"))
    run("b", lambda: 1)
    assert seldom(run)("a", lambda: 6) == 6
    kept = json.loads((tmp_path / "page.json").read_text())
    assert kept["values"] == {"a": 6, "b": 1}
