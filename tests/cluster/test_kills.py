"""Twenty workers, twenty schedulers and twenty clients killed in the middle of a search.

Real processes, ended as a power cut would. No finished trial is lost, and no result is wrong.
"""

import json
import os
import time

import pytest

from nnbook import cluster
from tests.cluster import processes, trials

TIMES = 20


def lines(file):
    """Return the outcomes in a file, without a last line that is being written."""
    content = file.read_bytes() if file.exists() else b""
    return [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()[1:]]


def check(outcomes, wanted):
    """Hold what a search returned against what its trials return here."""
    assert [(o.settings, o.seed) for o in outcomes] == wanted
    for outcome in outcomes:
        assert outcome.error is None
        assert outcome.value == trials.value(outcome.settings["i"], outcome.seed)


def check_file(file, wanted):
    """Every trial is there once, and right."""
    kept = lines(file)
    assert sorted(entry["settings"]["i"] for entry in kept) == list(range(len(wanted)))
    for entry in kept:
        assert entry["value"] == trials.value(entry["settings"]["i"], entry["seed"])


def busy(client, made):
    """Return the number of a worker that is at work now, or None."""
    pids = client.run(os.getpid)
    for address, keys in client.processing().items():
        if keys:
            return [worker.pid for worker in made.workers].index(pids[address])
    return None


def test_twenty_workers_are_killed(tmp_path):
    again = 0
    with (
        processes.cluster(2, allowed_failures=0) as made,
        cluster.connect(made.address, timeout=30) as client,
    ):
        for round_ in range(TIMES):
            file, finished = tmp_path / f"{round_}.jsonl", []
            wanted = [({"i": i, "seconds": 0.15 * (i % 2)}, 1000 + i) for i in range(6)]

            def kill_one(outcome, finished=finished, round_=round_, file=file):
                finished.append(outcome)
                if len(finished) == 1 + round_ % 4:
                    victim = busy(client, made)
                    before = lines(file)
                    made.replace(round_ % 2 if victim is None else victim)
                    assert lines(file) == before
                    assert len(before) == len(finished)

            outcomes = cluster.search(client, trials.work, wanted, file, after=kill_one)
            check(outcomes, wanted)
            check_file(file, wanted)
            again += sum(outcome.attempts > 1 for outcome in outcomes)
            # the worker's own trial, and one that was handed to it at this moment
            assert sum(outcome.attempts - 1 for outcome in outcomes) <= 2
            processes.until(lambda: len(client.nthreads()) == 2)
    # on a busy machine many a trial is over before the kill comes
    assert again >= TIMES // 4, "hardly any worker was killed while it worked"


def test_twenty_schedulers_are_killed(tmp_path):
    file, log = tmp_path / "search.jsonl", tmp_path / "log"
    wanted = trials.many(TIMES * 3, log=str(log))
    for _ in range(TIMES):
        finished, begun = lines(file), len(log.read_text().split()) if log.exists() else 0
        known = {entry["settings"]["i"] for entry in finished}
        with processes.cluster(2) as made:
            new = []

            def kill_it(outcome, new=new, made=made):
                new.append(outcome)
                if len(new) == 2:
                    processes.kill(made.scheduler)

            with cluster.connect(made.address, timeout=30) as client:
                start = time.monotonic()
                with pytest.raises(cluster.ClusterError, match="went away") as caught:
                    cluster.search(client, trials.work, wanted, file, after=kill_it)
                assert time.monotonic() - start < 10
        kept = lines(file)
        assert kept[: len(finished)] == finished
        assert len(kept) >= len(finished) + 2
        assert f"{len(kept)} of {len(wanted)} trials are finished" in str(caught.value)
        tried = {int(i) for i in log.read_text().split()[begun:]}
        assert not tried & known, "a trial that had finished was tried again"
    with processes.cluster(2) as made, cluster.connect(made.address, timeout=30) as client:
        check(cluster.search(client, trials.work, wanted, file), wanted)
    check_file(file, wanted)


def test_twenty_clients_are_killed(tmp_path):
    file, log = tmp_path / "search.jsonl", tmp_path / "log"
    wanted = trials.many(TIMES * 4, log=str(log))
    with processes.cluster(2) as made:
        for round_ in range(TIMES):
            finished, begun = lines(file), len(log.read_text().split()) if log.exists() else 0
            known = {entry["settings"]["i"] for entry in finished}
            client = processes.start(trials.search_on, made.address, wanted, file)
            processes.until(lambda before=finished: len(lines(file)) > len(before))
            time.sleep(0.003 * (round_ % 4))
            processes.kill(client)
            kept = lines(file)
            assert kept[: len(finished)] == finished
            tried = {int(i) for i in log.read_text().split()[begun:]}
            assert not tried & known, "a trial that had finished was tried again"
        assert len(lines(file)) < len(wanted), "the last clients had nothing left to do"
        with cluster.connect(made.address, timeout=30) as last:
            check(cluster.search(last, trials.work, wanted, file), wanted)
    check_file(file, wanted)
