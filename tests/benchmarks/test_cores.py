"""What a second thread can bring is measured with the same work in one thread and in two."""

import threading

import pytest

from benchmarks import cores


@pytest.mark.parametrize("threads", [1, 2])
def test_work_is_done_twice_in_one_thread_or_once_in_each_of_two(threads):
    at_work = []
    assert cores.seconds(lambda: at_work.append(threading.current_thread()), threads) > 0
    assert len(at_work) == 2
    assert len(set(at_work)) == threads


def test_a_gain_is_the_time_of_one_thread_by_that_of_two(monkeypatch):
    monkeypatch.setattr(cores, "seconds", lambda work, threads: 3.0 if threads == 1 else 2.0)
    assert cores.gains(5) == {"products": [1.5, 1.5, 1.5], "tanh": [1.5, 1.5, 1.5]}


def test_quartiles_are_in_order(capsys):
    measured = cores.measure(2)
    told = capsys.readouterr().out
    assert set(measured) == {"products", "tanh"}
    for kind, (low, middle, high) in measured.items():
        assert 0 < low <= middle <= high
        assert f"{kind}: {middle:.2f} times" in told
