"""A cluster is found, started and closed, and what cannot be reached is one clear error."""

import builtins
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from nnbook import cluster
from tests.cluster import processes


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_nobody_at_the_address():
    address, start = f"tcp://127.0.0.1:{free_port()}", time.monotonic()
    with pytest.raises(cluster.ClusterError, match=f"no Dask scheduler answered at {address}"):
        cluster.connect(address, timeout=0.5)
    assert time.monotonic() - start < 5


def test_somebody_who_says_nothing():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address, start = f"tcp://127.0.0.1:{silent.getsockname()[1]}", time.monotonic()
        with pytest.raises(cluster.ClusterError, match="no Dask scheduler answered"):
            cluster.connect(address, timeout=0.5)
        assert time.monotonic() - start < 5


def test_an_address_that_is_none():
    with pytest.raises(ValueError, match="expected tcp://HOST:PORT, got pigeon://roof"):
        cluster.connect("pigeon://roof", timeout=0.5)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"address": 8786}, TypeError, "an address such as"),
        ({"workers": 0}, ValueError, "at least 1 worker, got 0"),
        ({"workers": 2.0}, TypeError, "a whole number of workers, got 2.0"),
        ({"workers": True}, TypeError, "a whole number of workers, got True"),
        ({"timeout": 0}, ValueError, "more than 0 seconds, got 0"),
        ({"address": "tcp://h:1", "workers": 2}, ValueError, "workers of its own"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        cluster.connect(**options)


def test_the_address_of_a_worker(client):
    worker = next(iter(client.nthreads()))
    with pytest.raises(cluster.ClusterError, match=f"at {worker} is a Worker; give the address"):
        cluster.connect(worker)


def test_a_stranger():
    """A web server, say: what it sends is no message of Dask's."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def talk():
            there, _ = server.accept()
            with there:
                there.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + 4000 * b" ")
                time.sleep(1)

        thread = threading.Thread(target=talk)
        thread.start()
        address, start = f"tcp://127.0.0.1:{server.getsockname()[1]}", time.monotonic()
        with pytest.raises(cluster.ClusterError, match="no Dask scheduler answered"):
            cluster.connect(address, timeout=0.5)
        assert time.monotonic() - start < 5
        thread.join()


def test_a_scheduler_without_workers():
    with (
        processes.cluster(0) as made,
        pytest.raises(cluster.ClusterError, match="has no workers; start some"),
    ):
        cluster.connect(made.address, timeout=1)


def test_the_address_from_the_environment(running, monkeypatch):
    monkeypatch.setenv("NNBOOK_SCHEDULER", running.address)
    with cluster.connect(timeout=30) as client:
        assert client.submit(max, 2, 3).result() == 3
        assert client.scheduler.address == running.address
    monkeypatch.setenv("NNBOOK_SCHEDULER", f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(cluster.ClusterError, match="NNBOOK_SCHEDULER"):
        cluster.connect(timeout=0.3)


def test_a_cluster_of_our_own_stays_on_this_machine_and_leaves_nothing(monkeypatch):
    import psutil

    for variable in ("NNBOOK_SCHEDULER", "MALLOC_TRIM_THRESHOLD_"):
        monkeypatch.delenv(variable, raising=False)
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}
    with cluster.connect(workers=2) as client:
        assert sorted(client.nthreads().values()) == [1, 1]
        pids = set(client.run(os.getpid).values())
        assert len(pids) == 2
        assert me.pid not in pids
        everybody = [me, *(psutil.Process(pid) for pid in pids)]
        listening = {
            c.laddr.ip for p in everybody for c in p.net_connections() if c.status == "LISTEN"
        }
        assert listening == {"127.0.0.1"}
        assert set(client.run(lambda: os.environ["OPENBLAS_NUM_THREADS"]).values()) == {"1"}
        assert set(client.run(lambda: os.environ.get("MALLOC_TRIM_THRESHOLD_")).values()) == {None}
    processes.until(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    after = {child.pid for child in me.children(recursive=True)} - before
    helpers = [psutil.Process(pid).cmdline() for pid in after]  # those of multiprocessing stay
    assert all("forkserver" in str(c) or "resource_tracker" in str(c) for c in helpers), helpers
    mine = [c for c in me.net_connections() if c.status == "LISTEN"]
    assert mine == []


def test_without_dask(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install 'nnbook\[cluster\]'"):
        cluster.connect(workers=1)


UNGUARDED = """
from nnbook import cluster

with cluster.connect(workers=1) as client:
    print(client.submit(max, 2, 3).result())
"""


def test_a_script_without_a_guard_is_told_where_to_put_it(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED)
    run = [sys.executable, str(script)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert 'below `if __name__ == "__main__":`' in done.stderr
    guarded = "\n".join(
        line if "import" in line else f"    {line}" for line in UNGUARDED.splitlines() if line
    ).replace("    with", 'if __name__ == "__main__":\n    with')
    script.write_text(guarded)
    variables = {**os.environ, "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "spawn"}
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, env=variables)
    assert done.stdout.split() == ["3"], done.stderr
