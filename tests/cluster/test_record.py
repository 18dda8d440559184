"""The file of a search: whole lines, gone on with, and nobody else's file destroyed."""

import json

import numpy as np
import pytest

from nnbook.cluster.record import Outcome, Record, key, plain


def work(seed):
    return seed


def other(seed):
    return seed


def filled(file, count=3):
    record = Record(file, work)
    for i in range(count):
        record.add(Outcome({"lr": i}, i, i / 7))
    return record


def test_what_was_written_is_read(tmp_path):
    filled(tmp_path / "a").add(Outcome({"lr": 9}, 1, None, "ValueError: no"))
    again = Record(tmp_path / "a", work)
    assert list(again.finished.values()) == [Outcome({"lr": i}, i, i / 7) for i in range(3)]
    again.add(Outcome({"lr": 9}, 1, float("inf"), None, 2))
    assert len(Record(tmp_path / "a", work).finished) == 4
    assert json.loads((tmp_path / "a").read_text().splitlines()[0]) == {"search": "work"}


def test_a_file_cut_anywhere_is_gone_on_with(tmp_path):
    filled(tmp_path / "a")
    content = (tmp_path / "a").read_bytes()
    for length in range(len(content)):
        cut = tmp_path / "b"
        cut.write_bytes(content[:length])
        record = Record(cut, work)
        complete = content[:length].count(b"\n")
        assert len(record.finished) == max(0, complete - 1)
        record.add(Outcome({"lr": 5}, 5, 5))
        assert len(Record(cut, work).finished) == len(record.finished) == max(0, complete - 1) + 1


@pytest.mark.parametrize("content", [b"name,value\na,1\n", b"one line without an end", b"[]\n"])
def test_another_file_is_refused_and_left_alone(tmp_path, content):
    file = tmp_path / "mine.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"mine.csv is not the file of a search"):
        Record(file, work)
    assert file.read_bytes() == content


def test_a_damaged_line_is_named(tmp_path):
    filled(tmp_path / "a")
    lines = (tmp_path / "a").read_text().splitlines(keepends=True)
    (tmp_path / "a").write_text(lines[0] + lines[1][:-9] + "\n" + lines[2])
    with pytest.raises(ValueError, match="damaged: line 2"):
        Record(tmp_path / "a", work)


def test_the_file_of_another_function(tmp_path):
    filled(tmp_path / "a")
    with pytest.raises(ValueError, match="a search over work, not over other; give another file"):
        Record(tmp_path / "a", other)


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        Record(tmp_path / "no" / "a", work)


def test_plain_values():
    value = {"a": np.float32(0.5), "b": np.arange(3), "c": (1, np.int64(2)), "d": None, "e": "x"}
    expected = {"a": 0.5, "b": [0, 1, 2], "c": [1, 2], "d": None, "e": "x"}
    assert plain(value) == expected
    assert key({"a": 1, "b": 2}, 3) == key({"b": 2, "a": 1}, 3) != key({"a": 1, "b": 2}, 4)
    for bad in (object(), {1: 2}, [1j], np.array([1j])):
        with pytest.raises(TypeError, match="expected n"):
            plain(bad)
