"""Answers that do not come are asked for again; then it is an error. Nothing waits for ever."""

import asyncio
import time

import numpy as np
import pytest

from nnbook import cluster, models, ops, optim
from nnbook.cluster import answers, connection, hyperparameters, training
from tests.cluster import pretend, trials


@pytest.fixture
def made(monkeypatch):
    """Make clients. Whoever waits for them waits until there is an answer, or never will be one."""
    clients = []

    def wait(awaited, timeout):
        while not awaited[0].done() and not any(client.stuck.is_set() for client in clients):
            time.sleep(0.0005)
        for client in clients:
            client.stuck.clear()

    monkeypatch.setattr(training, "wait", wait)
    monkeypatch.setattr(training, "GLANCE", 0.001)
    monkeypatch.setattr(hyperparameters, "GLANCE", 0.001)

    def make(*answers, **options):
        clients.append(pretend.Client(*answers, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def trainer(client, answer=0.0):
    rng = np.random.default_rng(0)
    network = models.MLP((5, 7, 3), rng=rng, dtype=np.float64)
    optimizer = optim.SGD(network.named_parameters(), 0.1)
    x, t = rng.standard_normal((9, 5)), rng.integers(0, 3, 9)
    return cluster.DataParallel(
        client, network, ops.softmax_cross_entropy, optimizer, x, t, patience=0.0, answer=answer
    )


def killed():
    from distributed import KilledWorker

    return KilledWorker("task", None, 0)


ROWS = np.arange(9)


@pytest.mark.parametrize(
    ("came", "repeated", "fetched"),
    [
        (["never"], 1, 2),
        (["never", "never"], 2, 3),
        ([OSError("a connection broke")], 0, 2),
        (["killed"] * 9, 9, 10),
        (["killed", "never", "killed", "never"], 4, 5),
    ],
)
def test_a_step_is_asked_for_again_and_is_the_same_step(made, came, repeated, fetched):
    whole = trainer(made())
    whole.step(ROWS)
    client = made(*(killed() if answer == "killed" else answer for answer in came))
    ours = trainer(client, answer=0.0 if "never" in came else 60.0)
    ours.step(ROWS)
    np.testing.assert_array_equal(cluster.flat(ours.network), cluster.flat(whole.network))
    assert ours.repeated == repeated
    assert client.fetched == fetched
    assert client.submitted == 4 * (1 + repeated)  # rows and network to both, and a share of each
    assert client.stopped == 0  # the one that never came was not cut off, which would be the end
    assert len(client.forgotten) == 2 * repeated


@pytest.mark.parametrize(
    ("came", "message"),
    [
        (["never"] * 3, r"no answer from one, two to a step that was sent 3 times.*larger answer="),
        (["killed"] * 10, "workers died in 10 attempts at one step"),
    ],
)
def test_in_the_end_it_is_one_clear_error(made, came, message):
    client = made(*(killed() if answer == "killed" else answer for answer in came))
    ours = trainer(client)
    before = cluster.flat(ours.network)
    with pytest.raises(cluster.ClusterError, match=message):
        ours.step(ROWS)
    np.testing.assert_array_equal(cluster.flat(ours.network), before)


def test_each_time_is_twice_as_long(made, monkeypatch):
    limits = []

    def averaged(rows, limit):
        limits.append(limit)
        raise training._Silent("one")

    ours = trainer(made(), answer=7.0)
    monkeypatch.setattr(ours, "_averaged", averaged)
    with pytest.raises(cluster.ClusterError, match="at last for 28 s"):
        ours.step(ROWS)
    assert limits == [7, 14, 28]


def test_a_broken_connection_is_no_answer_either(made):
    """Each attempt fails at once: it ends when its time is over."""
    client = made(*[OSError("broken")] * 500)
    with pytest.raises(cluster.ClusterError, match="no answer from one, two"):
        trainer(client).step(ROWS)


def test_an_error_of_a_worker_is_not_asked_for_again(made, monkeypatch):
    client = made(ValueError("of the worker"))
    ours = trainer(client, answer=60.0)
    monkeypatch.setattr(pretend.Task, "status", "error", raising=False)
    submit = client.submit

    def failing(*arguments, **options):
        task = submit(*arguments, **options)
        task.status = "error"
        return task

    monkeypatch.setattr(client, "submit", failing)
    with pytest.raises(ValueError, match="of the worker"):
        ours.step(ROWS)
    assert client.fetched == 1


def test_who_stops_waiting_stops_nothing(made):
    client = made("never")
    answer = answers.bring(client, client.submit(max, 2, 3))
    with pytest.raises(TimeoutError):
        answer.result(timeout=0.01)
    assert not answer.done()
    assert answers.bring(client, client.submit(max, 2, 3)).result(timeout=10) == 3
    assert client.stopped == 0


def test_a_closed_client_is_a_clear_error():
    client = pretend.Client()
    task = client.submit(max, 2, 3)
    client.close()
    with pytest.raises(cluster.ClusterError, match="the scheduler at nowhere went away"):
        answers.bring(client, task)
    answers.forget(client, [task])


def test_a_scheduler_is_asked_once_however_long_it_takes(made, monkeypatch):
    """On a busy machine no answer might ever fit between two glances."""
    monkeypatch.setattr(connection, "GLANCE", 0.001)
    client, asked = made(), []

    async def slowly(workers):
        asked.append(1)
        await asyncio.sleep(0.02)
        return {"one": 2}

    client.scheduler.ncores_running = slowly
    assert connection.threads(client) == {"one": 2}
    assert len(asked) == 1
    monkeypatch.setattr(connection, "SILENCE", 0.0)
    with pytest.raises(cluster.ClusterError, match="the scheduler at nowhere went away"):
        connection.threads(client)


def test_many_impatient_looks_at_real_answers(client):
    """With Dask's own limit the client was of no use after some dozens of these."""

    def late(seconds):
        time.sleep(seconds)
        return seconds

    rng = np.random.default_rng(0)
    for seconds in rng.uniform(0, 0.008, 60):
        answer = answers.bring(client, client.submit(late, seconds, pure=False))
        for _ in range(5000):
            try:
                assert answer.result(timeout=0.002) == seconds
                break
            except TimeoutError:
                continue
        else:
            pytest.fail("no answer came")


def test_a_search_fetches_again_what_broke_on_the_way(made, tmp_path):
    wanted = trials.many(4, seconds=0)
    client = made(None, OSError("broken"), None, OSError("broken"), OSError("broken"))
    outcomes = cluster.search(client, trials.work, wanted, tmp_path / "a")
    assert [o.value for o in outcomes] == [trials.value(s["i"], seed) for s, seed in wanted]
    assert all(o.attempts == 1 for o in outcomes)
    assert client.submitted == 4
    assert client.fetched == 7
    assert not client.forgotten


def test_a_search_that_stops_takes_its_trials_back(made, tmp_path, monkeypatch):
    client = made("never", "never")
    submit = client.submit

    def and_all_die(*arguments, **options):
        if client.submitted == 1:
            client.workers = {}
        return submit(*arguments, **options)

    monkeypatch.setattr(client, "submit", and_all_die)
    with pytest.raises(cluster.ClusterError, match="no worker is left"):
        cluster.search(client, trials.work, trials.many(3), tmp_path / "a", patience=0.0)
    cluster.answers.bring(client, client.submit(max, 2, 3)).result(timeout=10)
    assert len(client.forgotten) == 2


def test_a_worker_whose_memory_is_full_may_still_be_at_work(made, monkeypatch):
    """It takes nothing new, so it has no threads, but what it has it finishes."""
    client, looks = made(), []
    client.busy = ["a trial"]
    ended = hyperparameters.SimpleQueue()

    async def none_takes_work(workers):
        looks.append(1)
        if len(looks) == 5:
            ended.put("the trial")
        return {}

    client.scheduler.ncores_running = none_takes_work
    assert hyperparameters._next(client, ended, 0.0) == "the trial"
    client.busy = []
    with pytest.raises(cluster.ClusterError, match="no worker is left"):
        hyperparameters._next(client, ended, 0.0)
