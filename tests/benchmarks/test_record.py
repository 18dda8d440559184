"""The record has what the page reads, keeps processors side by side, and keeps the limits."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import race as races
from benchmarks import record as records
from benchmarks import sweeps
from benchmarks.limits import Limit, limits_of
from benchmarks.workloads import GROWTH, MEMORY, TABLE, WORKLOADS
from tests.benchmarks.test_benchmarks import Played

CPUINFO = """processor : 0
cpu family : 25
model : 17
model name : AMD EPYC
flags : fpu avx2 {flags}

processor : 1
model name : another
"""


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Races are played, and the record goes into a folder of its own."""
    monkeypatch.setattr(races, "Contestant", Played)
    monkeypatch.setattr(races, "PAUSE", 0.0)
    monkeypatch.setattr(records, "RECORD", tmp_path / "recorded" / "benchmarks.json")
    return lambda: records.read()


def race():
    return races.race("W1", 1, 3, ("torch", "nnbook", "jax"))


def test_the_record_has_what_the_page_reads(kept, capsys):
    table = race()
    records.keep({"W1": {"1": table}}, {"growth": sweeps.growth(2)})
    # on the same day: both stay
    records.keep({"W2": dict.fromkeys(command.SETTINGS, table)}, {"memory": sweeps.memory(2)})
    records.keep({}, {"table": sweeps.table(2) | {"date": "2020-01-01", "processor": "a"}})
    assert str(records.RECORD) in capsys.readouterr().out
    ((name, record),) = kept().items()
    assert name == record["processor"] == records.processor()
    assert list(record["results"]) == ["W1", "W2"]
    assert len(record["growth"]) == len(GROWTH)
    assert set(record) >= {"table", "memory"}
    check_record(record)
    eased = {name: record | {"limits": {"W1": "other ones"}}}
    records.RECORD.write_text(json.dumps({"processors": eased}), encoding="utf-8")
    records.keep({}, {})  # what is asked has changed, what was measured has not
    assert kept()[name] == record
    older = {name: record | {"date": "2020-01-01"}}
    records.RECORD.write_text(json.dumps({"processors": older}), encoding="utf-8")
    records.keep({"W3": {"1": table}}, {})  # of another day: what is older goes
    newer = kept()[name]
    assert list(newer["results"]) == ["W3"]
    assert "growth" not in newer
    assert newer["table"] == record["table"]  # it tells its own day


def test_growth_is_that_of_the_sizes_where_the_machine_slows_down(kept, monkeypatch):
    """A step takes as long as its size says, times what the machine makes of it at the time."""
    turns = []

    class Slowing(Played):
        def __init__(self, workload, name, folder, threads, held=True):
            super().__init__(workload, name, folder, threads, held)
            self.seconds *= int(Path(folder).name)

        def turn(self):
            turns.append(self)
            self.times.append(self.seconds * (3.0 if len(turns) > 3.5 * sizes else 1.0))

    monkeypatch.setattr(races, "Contestant", Slowing)
    sizes = 2 * len(GROWTH[0][2])
    curve = sweeps.growth(7)[0]
    assert len(set(turns[:sizes])) == sizes, "all have their turn in the first round"
    by_size = np.array(curve["sizes"]) * 1e3
    assert np.allclose(curve["milliseconds"]["torch"], 4 * by_size)
    assert np.allclose(curve["milliseconds"]["nnbook"], 2 * by_size)


def test_recording_leaves_other_processors_as_they_are(kept, monkeypatch):
    for name in ("one", "two", "one"):
        monkeypatch.setattr(records, "processor", lambda name=name: name)
        monkeypatch.setattr(records, "model_name", lambda: "a system's name")
        records.keep({"W1" if name == "one" else "W2": {"1": race()}}, {})
        before = kept()
    assert {name: list(r["results"]) for name, r in before.items()} == {
        "one": ["W1"],
        "two": ["W2"],
    }
    assert before["one"]["limits"] == {}  # their kind has none yet


def test_a_record_with_the_systems_name_alone_gives_way_in_its_place(kept, monkeypatch):
    for name in ("AMD EPYC", "other", "AMD EPYC (family 25)", "AMD EPYC (family 26)"):
        monkeypatch.setattr(records, "processor", lambda name=name: name)
        monkeypatch.setattr(records, "model_name", lambda name=name: name.split(" (")[0])
        records.keep({"W1": {"1": race()}}, {})
    assert list(kept()) == ["AMD EPYC (family 25)", "other", "AMD EPYC (family 26)"]
    assert [r["processor"] for r in kept().values()] == list(kept())


@pytest.mark.parametrize(("flags", "told"), [("avx512f", "AVX-512"), ("", "no AVX-512")])
def test_processors_of_one_name_are_told_apart(flags, told, monkeypatch):
    lines = (line.partition(":") for line in CPUINFO.format(flags=flags).splitlines())
    first = {}
    for key, _, value in lines:
        first.setdefault(key.strip(), value.strip())
    monkeypatch.setattr(records, "_told", lambda: first)
    assert records.processor() == f"AMD EPYC (family 25, model 17, {told})"


def test_the_record_of_the_book_has_what_the_page_reads():
    for name, record in records.read().items():
        assert record["processor"] == name
        check_record(record)


def test_the_record_of_the_book_keeps_the_limits():
    for name, record in records.read().items():
        limits = {workload: Limit(**asked) for workload, asked in record["limits"].items()}
        assert limits == limits_of(name)
        assert list(record["results"]) == list(WORKLOADS)
        for workload, by in record["results"].items():
            assert set(by) >= {"1", "2", "unheld"}
            for setting, table in by.items():
                assert command.over(workload, setting, table, limits.get(workload)) == []
        if "table" in record:
            assert {"date", "processor"} <= set(record["table"])
            assert np.shape(record["table"]["ratios"]) == (len(TABLE[1][1]), len(TABLE[2][1]))
        ours, theirs = (record["memory"]["peak_mib"][k][-1] for k in ("nnbook", "torch"))
        assert ours <= record["memory"]["must"] * theirs


def check_record(record):
    assert {"date", "processor", "cores", "versions", "titles", "limits", "results"} <= set(record)
    assert record["titles"] == {name: w.title for name, w in WORKLOADS.items()}
    asked = {name: asdict(limit) for name, limit in limits_of(record["processor"]).items()}
    assert record["limits"] == asked
    for by in record["results"].values():
        assert set(by) <= set(command.SETTINGS)
        for table in by.values():
            assert {"torch", "nnbook"} <= set(table)
            for row in table.values():
                numbers = {"ratio", "low", "high", "milliseconds", "peak_mib"}
                assert set(row) in (numbers, {"failure"})
    for curve in record.get("growth", []):
        for times in curve["milliseconds"].values():
            assert len(times) == len(curve["sizes"])
        assert {"workload", "title", "axis"} <= set(curve)
    if "table" in record:
        entry = record["table"]
        down, across = (
            (entry["down"], tuple(entry["rows"])),
            (entry["across"], tuple(entry["columns"])),
        )
        assert (entry["workload"], down, across) == TABLE
        assert [len(row) for row in entry["ratios"]] == len(down[1]) * [len(across[1])]
    for low, middle, high in record.get("second_thread", {}).values():
        assert 0 < low <= middle <= high
    if "memory" in record:
        entry = record["memory"]
        assert (entry["workload"], tuple(entry["sizes"]), entry["must"]) == MEMORY
        assert {len(peaks) for peaks in entry["peak_mib"].values()} == {len(entry["sizes"])}
