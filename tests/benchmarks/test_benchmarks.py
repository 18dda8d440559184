"""The workloads are fair, the race throws out who computes something else."""

import importlib

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import race as races
from benchmarks.contestants import functions
from benchmarks.contestants import nnbook as ours
from benchmarks.limits import limits_of
from benchmarks.workloads import WORKLOADS, load, save
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
        "floor": ([None, None, None], 0.5),
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


@pytest.mark.parametrize(
    ("seconds", "steps"), [(1e-6, 500), (0.001, 150), (0.04, 5), (0.19, 5), (0.3, 3), (2.0, 1)]
)
def test_a_turn_is_short_and_not_only_its_cold_first_step(seconds, steps):
    assert races.steps_of_a_turn(seconds) == steps


@pytest.fixture
def played(monkeypatch):
    monkeypatch.setattr(races, "Contestant", Played)
    monkeypatch.setattr(races, "PAUSE", 0.0)


@pytest.mark.usefixtures("played")
def test_a_race_throws_out_who_computes_something_else():
    table = races.race("W1", 1, 3, ("torch", "nnbook", "floor", "dezero", "autograd", "jax"))
    assert table["nnbook"]["ratio"] == 0.5
    assert table["autograd"]["milliseconds"] == 8000
    assert table["floor"]["ratio"] == 0.125  # without a loss
    assert table["dezero"] == {"failure": "computes something else: [2.0, 1.6, 1.4]"}
    assert table["jax"] == {"failure": "it is out"}
    assert races.lead(table) == ("autograd", 4.0)  # the one thrown out does not count


def test_limits_are_those_of_the_kind_of_processor():
    known = limits_of("AMD EPYC (family 25, model 17, AVX-512)")
    assert list(known) == list(WORKLOADS)
    assert limits_of("Intel(R) Xeon(R)") == {}


@pytest.mark.usefixtures("played")
def test_nnbook_is_judged_by_the_limits_if_there_are_any():
    table = races.race("W1", 1, 3, ("torch", "nnbook", "autograd"))

    def over(name, setting, limits):
        return command.over(name, setting, table, limits.get(name))

    known = limits_of("AMD EPYC")
    assert over("W1", "1", known) == []
    assert over("W5", "1", known) == ["W5"]
    assert over("W2", "1", known) == over("W2", "2", known) == []
    assert over("W2", "unheld", known) == ["W2 4.0 times faster than autograd, not 8"]
    assert over("W5", "2", known) == over("W5", "unheld", known) == []
    assert over("W5", "1", {}) == over("W2", "unheld", {}) == []
    failed = table | {"nnbook": {"failure": "it is out"}}
    assert command.over("W1", "1", failed, None) == ["W1 failed"]


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
