"""A search: values, errors, workers that always die, and what makes no sense."""

import os
import signal
import threading
import time

import numpy as np
import pytest

from nnbook import cluster
from nnbook.cluster.record import Outcome, Record
from tests.cluster import processes, trials


def test_values_in_the_order_of_the_trials(client, tmp_path):
    wanted = trials.many(7)
    seen = []
    outcomes = cluster.search(client, trials.work, wanted, tmp_path / "a", after=seen.append)
    assert [(o.settings, o.seed) for o in outcomes] == wanted
    assert [o.value for o in outcomes] == [trials.value(s["i"], seed) for s, seed in wanted]
    assert sorted(map(str, seen)) == sorted(map(str, outcomes))


def test_a_function_of_the_notebook(client, tmp_path):
    factor = np.float32(0.5)
    outcomes = cluster.search(
        client, lambda lr, seed: {"v": factor * lr, "s": seed}, [({"lr": 3}, 4)], tmp_path / "a"
    )
    assert outcomes == [Outcome({"lr": 3}, 4, {"v": 1.5, "s": 4})]


def test_only_what_is_missing_is_tried(client, tmp_path):
    wanted = trials.many(5)
    cluster.search(client, trials.work, wanted[:3], tmp_path / "a")
    seen = []
    cluster.search(client, trials.work, wanted[::-1], tmp_path / "a", after=seen.append)
    assert sorted(o.settings["i"] for o in seen) == [3, 4]
    assert cluster.search(client, trials.work, wanted, tmp_path / "a", after=pytest.fail)


def test_trials_that_raise_are_reported_and_tried_in_the_next_search(client, tmp_path):
    many = [({"what": w}, 1) for w in ("raise", "exit", "interrupt", "object", "nan", "many", "")]
    outcomes = cluster.search(client, trials.odd, many, tmp_path / "a")
    errors = [o.error for o in outcomes]
    assert errors[0] == "ValueError: a trial that raises"
    assert errors[1] == "RuntimeError: the trial left by SystemExit: 3"
    assert errors[2].startswith("RuntimeError: the trial left by KeyboardInterrupt")
    assert errors[3].startswith("TypeError: expected numbers, text, or lists and dicts")
    assert errors[4:] == [None, None, None]
    assert np.isnan(outcomes[4].value)
    assert outcomes[5].value == {"losses": [0, 1, 2], "pair": [1, 2]}
    assert outcomes[6].value == 1
    seen = []
    cluster.search(client, trials.odd, many, tmp_path / "a", after=seen.append)
    assert len(seen) == 4


def test_a_trial_that_always_kills_its_worker_is_given_up(tmp_path, monkeypatch):
    monkeypatch.delenv("NNBOOK_SCHEDULER", raising=False)
    many = [({"what": "die" if i == 1 else ""}, i) for i in range(6)]
    with cluster.connect(workers=2) as client:
        outcomes = cluster.search(client, trials.odd, many, tmp_path / "a", attempts=2)
    assert outcomes[1] == Outcome(
        {"what": "die"}, 1, None, "its worker died in each of 2 attempts", 2
    )
    others = outcomes[:1] + outcomes[2:]
    assert [o.value for o in others] == [0, 2, 3, 4, 5]
    assert all(o.error is None for o in others)
    assert len(Record(tmp_path / "a", trials.odd).finished) == 5


def test_no_worker_is_left(tmp_path):
    with processes.cluster(1) as made, cluster.connect(made.address, timeout=30) as client:
        processes.kill(made.workers[0])
        with pytest.raises(cluster.ClusterError, match=r"no worker is left, and none came in 0.3"):
            cluster.search(client, trials.work, trials.many(2), tmp_path / "a", patience=0.3)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to itself on Windows")
def test_an_interrupt_keeps_what_has_finished(client, tmp_path):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
    timer = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            cluster.search(client, trials.work, trials.many(300), tmp_path / "a")
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    kept = len(Record(tmp_path / "a", trials.work).finished)
    assert 0 < kept < 300
    start = time.monotonic()
    assert client.submit(max, 2, 3).result(timeout=10) == 3  # no trial is left in the way
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("many", "error", "message"),
    [
        ([], ValueError, "at least one trial, got none"),
        ([({"a": 1}, 1), ({"a": 1}, 1)], ValueError, "this one twice"),
        ([{"a": 1}], TypeError, r"trials \(settings, seed\)"),
        ([("a", 1)], TypeError, r"trials \(settings, seed\)"),
        ([({"a": 1}, 0.5)], TypeError, "0.5 is not a whole number"),
        ([({"a": 1}, True)], TypeError, "not a dict and a seed"),
        ([({"a": object()}, 1)], TypeError, "expected numbers, text"),
        ([({1: 1}, 1)], TypeError, "expected names as the keys"),
        ([({"a": 1}, "x")], TypeError, "a whole number"),
    ],
)
def test_bad_trials(many, error, message, tmp_path):
    with pytest.raises(error, match=message):
        cluster.search(None, trials.work, many, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_bad_functions_and_attempts(client, tmp_path):
    with pytest.raises(TypeError, match="expected a function, got 3"):
        cluster.search(client, 3, trials.many(1), tmp_path / "a")
    lock = threading.Lock()
    with pytest.raises(TypeError, match="cannot be sent to a worker"):
        cluster.search(client, lambda seed: lock, [({}, 1)], tmp_path / "a")
    for bad in (0, 1.5, True):
        with pytest.raises(ValueError, match="at least 1 attempt"):
            cluster.search(client, trials.work, trials.many(1), tmp_path / "b", attempts=bad)
