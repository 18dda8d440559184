"""A client of a Dask cluster: one that is started here, or any by its address."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

#: The variable of the environment that names a cluster's scheduler, such as tcp://10.0.0.5:8786.
VARIABLE = "NNBOOK_SCHEDULER"
#: Seconds after which a wait looks whether scheduler and workers are still there.
GLANCE = 0.2
#: Seconds after which a scheduler that does not answer is given up.
SILENCE = 20.0
#: Seconds that a worker's process may take to start.
START = 100.0
GUARD = 'in a script, connect() has to stand below `if __name__ == "__main__":`'


class ClusterError(RuntimeError):
    """A cluster that cannot be reached, has no workers, or went away."""


def connect(address: str | None = None, *, workers: int | None = None, timeout: float = 5.0) -> Any:
    """Return a client of a cluster, to be closed at the end or used in a `with`.

    Parameters
    ----------
    address : str, optional
        Where the scheduler listens, such as ``"tcp://10.0.0.5:8786"``. By default what the
        environment has in NNBOOK_SCHEDULER; if that is not set, a cluster is started on this
        machine. It listens on the loopback address only, and ends with the client.
    workers : int, optional
        How many processes a cluster of our own has, each with one thread; by default as many as
        there are processors, but no more than four.
    timeout : float
        Seconds to wait for a scheduler, and for its first worker.

    Returns
    -------
    distributed.Client

    Raises
    ------
    ImportError
        If Dask's `distributed` is not installed.
    ClusterError
        If nothing answers at the address, or what answers has no workers, or the processes of a
        cluster of our own do not start.
    TypeError, ValueError
        If the address is not text or not an address, `workers` is not a whole number of at least 1
        or is given for a cluster that is not ours, or the timeout is not positive.

    Notes
    -----
    Source: Rocklin (2015). Book: :ref:`outgrowing`.
    """
    if address is None:
        address = os.environ.get(VARIABLE) or None
    _check(address, workers, timeout)
    if address is None:
        return _local(min(os.cpu_count() or 1, 4) if workers is None else workers)
    distributed = _distributed()
    problem = (
        f"no Dask scheduler answered at {address} within {timeout:g} s. Is it running, and is "
        f"the address (from {VARIABLE}, if you gave none) the one that it printed?"
    )
    with ThreadPoolExecutor(1) as thread:  # a notebook's own loop is at work in this one
        try:
            kind = thread.submit(asyncio.run, _kind(address, timeout)).result()
        except ValueError as error:
            raise ValueError(f"connect expected tcp://HOST:PORT, got {address}: {error}") from error
        except Exception as error:  # whatever a stranger's answer looks like to Dask
            raise ClusterError(problem) from error
    if kind != "Scheduler":
        raise ClusterError(f"at {address} is a {kind}; give the address of the scheduler")
    try:
        client = distributed.Client(address, timeout=timeout, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ClusterError(problem) from error
    try:
        client.wait_for_workers(1, timeout=timeout)
    except TimeoutError as error:
        client.close()
        raise ClusterError(
            f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
        ) from error
    return client


def _guarded() -> bool:
    """Tell whether a worker can import the program that runs without running it once more."""
    try:
        script = Path(sys.modules["__main__"].__file__ or "").read_text(encoding="utf-8")
    except (AttributeError, OSError, ValueError):  # a notebook, or nothing that can be read
        return True
    return "__name__" in script


async def _kind(address: str, timeout: float) -> str:
    """Return what listens at an address. Dask's own client waits for an answer without a limit."""
    from distributed.comm import connect

    async def ask() -> str:
        comm = await connect(address, timeout=timeout)
        try:
            await comm.write({"op": "identity", "reply": True})
            return (await comm.read())["type"]
        finally:
            comm.abort()

    return await asyncio.wait_for(ask(), timeout)


def _check(address: str | None, workers: int | None, timeout: float) -> None:
    if address is not None and not isinstance(address, str):
        raise TypeError(f"connect expected an address such as 'tcp://HOST:PORT', got {address!r}")
    if not timeout > 0:
        raise ValueError(f"connect expected a timeout of more than 0 seconds, got {timeout}")
    if workers is None:
        return
    if address is not None:
        raise ValueError(f"connect: {address} has workers of its own, leave out workers={workers}")
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise TypeError(f"connect expected a whole number of workers, got {workers!r}")
    if workers < 1:
        raise ValueError(f"connect expected at least 1 worker, got {workers}")


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise ImportError(
            "nnbook.cluster needs Dask, which is not installed: pip install 'nnbook[cluster]'"
        ) from error
    return distributed


def _local(workers: int) -> Any:
    distributed = _distributed()
    import dask  # on which it stands

    if not _guarded():
        raise ClusterError(f"the workers would run this script as well: {GUARD}")
    # Dask would give up a place for good whose worker is dead 15 s after another one died there
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1 h"})
    # Dask lets a worker keep no freed memory: each large array then comes anew from the system,
    # page by page, and a step of LeNet takes twice as long
    dask.config.set({"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None})
    try:
        return distributed.Client(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            death_timeout=START,  # without it Dask waits for ever
            host="127.0.0.1",
            # no dashboard; what is left of its server takes any free port, so that none is in use
            dashboard_address="127.0.0.1:0",
            # who dies is counted by `search`, which knows which trials are suspects
            scheduler_kwargs={"dashboard": False, "allowed_failures": 0},
            silence_logs=50,  # a worker that is killed is no news to who reads the results
            set_as_default=False,
        )
    except (RuntimeError, OSError, TimeoutError) as error:
        raise ClusterError(f"the workers did not start: {error}. ({GUARD}.)") from error


def threads(client: Any) -> dict[str, int]:
    """Return how many threads each worker has that takes work, or say that the scheduler is gone.

    A worker whose memory is nearly full takes none.
    """
    return _asked(client, "ncores_running")


def at_work(client: Any) -> bool:
    """Tell whether any worker has something to do, or say that the scheduler is gone."""
    return any(_asked(client, "processing").values())


def _asked(client: Any, what: str) -> dict[str, Any]:
    """Return what the scheduler answers to a question about all workers.

    The question is put once: where the machine is busy, an answer may take several glances.
    """
    start = time.monotonic()
    with suppress(OSError, AttributeError, CancelledError):  # closed, or closing at this moment
        answer = begin(client, getattr(client.scheduler, what)(workers=None))
        while client.status == "running" and time.monotonic() - start < SILENCE:
            if wait([answer], timeout=GLANCE).done:
                return answer.result()
    raise gone(client)


def begin(client: Any, coroutine: Coroutine) -> Future:
    """Begin something in the client's own loop; return what can be waited for, with a limit.

    Raises
    ------
    ClusterError
        If the client is closed.
    """
    try:
        return asyncio.run_coroutine_threadsafe(coroutine, client.loop.asyncio_loop)
    except (RuntimeError, AttributeError) as error:  # there is no loop any more
        coroutine.close()
        raise gone(client) from error


def gone(client: Any) -> ClusterError:
    """Return the error that says that the scheduler went away."""
    address = getattr(client.scheduler, "address", None) or "its address"
    return ClusterError(f"the scheduler at {address} went away")
