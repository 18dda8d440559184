"""Results that take longer than a build: computed when asked for, else as they were recorded."""

import json
import re
from pathlib import Path

import pytest

from nnbook.teaching import long_runs
from nnbook.teaching.long_runs import LongRun, duration

BOOK = Path(__file__).parents[2] / "book"
PAGES = [path for path in sorted(BOOK.rglob("*.md")) if "LongRun(" in path.read_text("utf-8")]


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "long_runs.json"
    monkeypatch.setattr(long_runs, "FILE", path)
    monkeypatch.delenv("NNBOOK_LONG", raising=False)
    monkeypatch.delenv("NNBOOK_RECORD", raising=False)
    return path


def test_a_build_gets_what_was_recorded_and_says_so(file, capsys):
    entry = {"date": "2026-01-02", "versions": {"NumPy": "2.4"}, "data": ["MNIST", "tables"]}
    entry |= {"values": {"a": [1, 2]}, "seconds": {"a": 840.0}}
    file.write_text(json.dumps({"page": entry}))
    long = LongRun("page", data=("MNIST",))
    assert (long.live, long.day) == (False, "2026-01-02")
    assert long("a", lambda: pytest.fail("was called")) == [1, 2]
    said = "recorded on 2026-01-02: 14 min of one core, on MNIST and tables, with NumPy 2.4"
    assert capsys.readouterr().out.strip() == said
    with pytest.raises(KeyError, match="'b' of 'page' is not in the record"):
        long("b", None)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b"], ["a", "b", "c"]])
def test_the_data_sets_of_a_record_are_listed_as_a_sentence_lists_them(file, names):
    entry = {"date": "2026-01-02", "versions": {}, "data": names, "values": {}, "seconds": {}}
    file.write_text(json.dumps({"page": entry}))
    assert LongRun("page").data == ("", "a", "a and b", "a, b and c")[len(names)]


@pytest.mark.parametrize("value", [None, "", "0"])
def test_what_was_never_recorded_says_how_to_record_it(file, monkeypatch, value):
    if value is not None:
        monkeypatch.setenv("NNBOOK_LONG", value)
    with pytest.raises(LookupError, match=r"'page' are not recorded: .*long_runs PAGE\.md"):
        LongRun("page")


@pytest.mark.filterwarnings("ignore")  # of the Jupyter client
def test_the_command_computes_it_and_keeps_other_pages(file, tmp_path, capsys):
    file.write_text(json.dumps({"other": {"values": {}}}))
    page = tmp_path / "page.py"
    page.write_text(
        "import os\n"
        "from nnbook.teaching.long_runs import LongRun\n"
        "long = LongRun('new', data=('digits',))\n"
        "assert long.live and long.day == '' and os.environ['OPENBLAS_NUM_THREADS'] == '1'\n"
        "long('a', lambda: sum(range(3_000_000)))\n"
    )
    assert long_runs.main([str(page)]) == 0
    kept = json.loads(file.read_text())
    assert list(kept) == ["new", "other"]
    assert kept["new"]["values"] == {"a": 4499998500000}
    assert kept["new"]["data"] == ["digits"]
    assert kept["new"]["seconds"].keys() == {"a"}
    assert "new" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore")  # of the Jupyter client
def test_what_was_computed_is_kept_when_the_page_stops_later(file, tmp_path):
    page = tmp_path / "page.py"
    page.write_text(
        "from nnbook.teaching import claim\n"
        "from nnbook.teaching.long_runs import LongRun\n"
        "long = LongRun('new')\n"
        "claim('small', long('a', lambda: 3), kind='level', below=2)\n"
        "long('b', lambda: 4)\n"
        "raise RuntimeError('late')\n"
    )
    with pytest.raises(Exception, match="late"):
        long_runs.main([str(page)])
    assert json.loads(file.read_text())["new"]["values"] == {"a": 3, "b": 4}


def test_times_are_said_in_the_unit_that_one_would_use():
    told = [duration(s) for s in (0.0, 0.032, 0.4, 4.04, 9.6, 119, 840, 9000)]
    assert told == [
        "less than 0.1 s",
        "0.032 s",
        "0.4 s",
        "4 s",
        "10 s",
        "119 s",
        "14 min",
        "2.5 h",
    ]


def test_every_record_is_of_a_page():
    kept = json.loads(long_runs.FILE.read_text("utf-8")) if long_runs.FILE.exists() else {}
    assert sorted(kept) == sorted(path.stem for path in PAGES)


def test_the_record_has_what_each_page_asks_for_and_nothing_else():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"LongRun\(\s*\"([a-z0-9-]+)\"", text) == [page.stem]
        asked = set(re.findall(r"\blong\(\s*\"([a-z0-9-]+)\"", text))
        kept = json.loads(long_runs.FILE.read_text(encoding="utf-8"))[page.stem]
        assert asked == set(kept["values"]) == set(kept["seconds"])
        assert asked
