"""The workloads are fair, the race throws out who computes something else, the record is whole."""

import importlib
import json

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import race as races
from benchmarks import sweeps
from benchmarks.contestants import functions
from benchmarks.contestants import nnbook as ours
from benchmarks.workloads import GROWTH, MEMORY, TABLE, WORKLOADS, load, save
from nnbook import ops

#: Sizes at which a step takes a few milliseconds.
SMALL = {
    "W1": {"batch": 5, "width": 8},
    "W2": {"batch": 3},
    "W3": {"batch": 3, "length": 5, "width": 7},
    "W4": {"batch": 3, "length": 5, "width": 8},
    "W5": {},
    "W6": {"batch": 3, "size": 5},
}


def first_losses(contestant, workload, count=3):
    step = contestant.make(workload, *WORKLOADS[workload].make(**SMALL[workload]))
    return [step() for _ in range(count)]


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_makes_the_same_arrays_twice(name):
    (x, t, weights), (x2, t2, weights2) = (WORKLOADS[name].make(**SMALL[name]) for _ in range(2))
    np.testing.assert_array_equal(x, x2)
    np.testing.assert_array_equal(t, t2)
    assert list(weights) == list(weights2)
    for key, w in weights.items():
        assert w.dtype == np.float32
        np.testing.assert_array_equal(w, weights2[key])


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_worker_reads_what_was_written(name, tmp_path):
    x, t, weights = WORKLOADS[name].make(**SMALL[name])
    save(tmp_path, (x, t, weights))
    x2, t2, weights2 = load(tmp_path)
    assert list(weights2) == list(weights), "PyTorch gets them in this order"
    for a, b in [(x, x2), (t, t2), *((weights[k], weights2[k]) for k in weights)]:
        assert type(b) is np.ndarray
        assert b.dtype == a.dtype
        assert b.flags.writeable
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("name", "count"),
    # the numbers of trainable values, counted by hand from the layers
    [("W1", 535818), ("W2", 61706), ("W3", 111168), ("W4", 421376), ("W5", 337), ("W6", 48138)],
)
def test_the_networks_are_of_the_size_that_is_claimed(name, count):
    assert sum(w.size for w in WORKLOADS[name].make()[2].values()) == count


@pytest.mark.parametrize("peer", ["torch", "torch_fused", "torch_kept"])
@pytest.mark.parametrize("name", WORKLOADS)
def test_nnbook_and_torch_have_the_same_first_losses(name, peer):
    pytest.importorskip("torch")
    theirs = first_losses(importlib.import_module(f"benchmarks.contestants.{peer}"), name)
    np.testing.assert_allclose(first_losses(ours, name), theirs, rtol=1e-5)
    assert len(set(theirs)) == 3  # it learns


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_functions_for_autograd_and_jax_give_the_same_loss(name):
    def conv2d(x, W, padding):
        return ops.conv2d.rule(x, W, None, padding=padding)[0]

    def scan(step, state, zs):
        ys = []
        for z in zs:
            state, y = step(state, z)
            ys.append(y)
        return np.stack(ys)

    x, t, weights = WORKLOADS[name].make(**SMALL[name])
    loss = functions.losses(np, conv2d, scan)[name](weights, x, t)
    assert loss == pytest.approx(first_losses(ours, name, 1)[0], rel=1e-5)


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_contestant_that_does_not_train_does_not_agree(name):
    losses = first_losses(ours, name)
    assert races.agree(losses, losses)
    assert not races.agree([losses[0]] * 3, losses)
    assert not races.agree(losses[:2], losses)
    assert not races.agree([*losses[:2], float("nan")], losses)


class Played:
    """A contestant that is no process: its losses and times are given."""

    cast = {  # noqa: RUF012
        "torch": ([2.0, 1.5, 1.25], 4.0),
        "nnbook": ([2.0, 1.5, 1.25], 2.0),
        "dezero": ([2.0, 1.6, 1.4], 1.0),
        "autograd": ([2.0, 1.5, 1.25], 8.0),
    }

    def __init__(self, workload, name, folder, threads, held=True):
        self.name, self.times, self.steps = name, [], 1
        self.failure = "" if name in self.cast else "it is out"
        if not self.failure:
            self.losses, self.seconds = self.cast[name]

    def turn(self):
        self.times.append(self.seconds)

    def finish(self):
        return 10 * self.seconds


@pytest.fixture
def played(monkeypatch):
    monkeypatch.setattr(races, "Contestant", Played)
    monkeypatch.setattr(races, "PAUSE", 0.0)


@pytest.mark.usefixtures("played")
def test_a_race_throws_out_who_computes_something_else():
    table = races.race("W1", 1, 3, ("torch", "nnbook", "dezero", "autograd", "jax"))
    assert table["nnbook"]["ratio"] == 0.5
    assert table["autograd"]["milliseconds"] == 8000
    assert table["dezero"] == {"failure": "computes something else: [2.0, 1.6, 1.4]"}
    assert table["jax"] == {"failure": "it is out"}
    assert races.lead(table) == ("autograd", 4.0)  # the one thrown out does not count
    assert command.over("W1", "1", table) == []
    assert command.over("W5", "1", table) == ["W5"]
    assert command.over("W2", "1", table) == command.over("W2", "2", table) == []
    assert command.over("W2", "unheld", table) == ["W2 4.0 times faster than autograd, not 8"]
    assert command.over("W5", "2", table) == command.over("W5", "unheld", table) == []


@pytest.mark.usefixtures("played")
def test_without_the_reference_there_is_no_race(monkeypatch):
    monkeypatch.setattr(Played, "cast", {})
    with pytest.raises(RuntimeError, match="PyTorch is the reference, and failed: it is out"):
        races.race("W1", 1, 3)


def test_a_worker_answers(tmp_path):
    save(tmp_path, WORKLOADS["W5"].make())
    worker = races.Contestant("W5", "nnbook", str(tmp_path), 1)
    assert worker.failure == ""
    np.testing.assert_allclose(worker.losses, first_losses(ours, "W5"), rtol=1e-6)
    worker.steps = 2
    worker.turn()
    assert len(worker.times) == 1
    assert worker.finish() >= 0


def test_a_worker_that_cannot_says_why():
    worker = races.Contestant("W5", "nobody", ".", 1)
    assert worker.failure == "ModuleNotFoundError: No module named 'benchmarks.contestants.nobody'"


@pytest.mark.usefixtures("played")
def test_the_record_has_what_the_page_reads(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "RECORD", tmp_path / "recorded" / "benchmarks.json")
    table = races.race("W1", 1, 3, ("torch", "nnbook", "jax"))
    command.keep({"W1": {"1": table}}, {"growth": sweeps.growth(2)})
    # on the same day: both stay
    command.keep({"W2": dict.fromkeys(command.SETTINGS, table)}, {"memory": sweeps.memory(2)})
    command.keep({}, {"table": sweeps.table(2)})
    record = json.loads(command.RECORD.read_text(encoding="utf-8"))
    assert list(record["results"]) == ["W1", "W2"]
    assert len(record["growth"]) == len(GROWTH)
    assert set(record) >= {"table", "memory"}
    check_record(record)
    older = record | {"date": "2020-01-01"}
    command.RECORD.write_text(json.dumps(older), encoding="utf-8")
    command.keep({"W3": {"1": table}}, {})  # of another day: what is older goes
    newer = json.loads(command.RECORD.read_text(encoding="utf-8"))
    assert list(newer["results"]) == ["W3"]
    assert "growth" not in newer
    assert newer["table"] == record["table"]  # it tells its own day
    assert str(command.RECORD) in capsys.readouterr().out


def test_the_record_of_the_book_has_what_the_page_reads():
    check_record(json.loads(command.RECORD.read_text(encoding="utf-8")))


def test_the_record_of_the_book_keeps_the_limits():
    record = json.loads(command.RECORD.read_text(encoding="utf-8"))
    assert list(record["results"]) == list(WORKLOADS)
    assert {"date", "processor"} <= set(record["table"])
    assert np.shape(record["table"]["ratios"]) == (len(TABLE[1][1]), len(TABLE[2][1]))
    for name, by in record["results"].items():
        assert list(by) == list(command.SETTINGS)
        for setting, table in by.items():
            assert command.over(name, setting, table) == []
    ours, theirs = (record["memory"]["peak_mib"][k][-1] for k in ("nnbook", "torch"))
    assert ours <= record["memory"]["must"] * theirs


def check_record(record):
    assert {"date", "processor", "cores", "versions", "limits", "results"} <= set(record)
    assert list(record["limits"]) == list(WORKLOADS)
    for name, w in WORKLOADS.items():
        expected = {"title": w.title, "must": w.must, "goal": w.goal, "lead": w.lead}
        assert record["limits"][name] == expected
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
    if "memory" in record:
        entry = record["memory"]
        assert (entry["workload"], tuple(entry["sizes"]), entry["must"]) == MEMORY
        assert {len(peaks) for peaks in entry["peak_mib"].values()} == {len(entry["sizes"])}
