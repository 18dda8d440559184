"""A scheduler, workers and clients as processes that can be killed, each started in a moment.

They are forked from one process that has imported everything, where the system can do that.
"""

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager

METHOD = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"
# read when Dask is imported: its own workers are then forked from such a process, too
os.environ["DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD"] = METHOD
CONTEXT = multiprocessing.get_context(METHOD)
if METHOD == "forkserver":
    CONTEXT.set_forkserver_preload(["distributed", "nnbook.cluster", "tests.cluster.trials"])


def quiet():
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def _scheduler(pipe, options):
    async def run():
        from distributed import Scheduler

        quiet()
        here = {"host": "127.0.0.1", "port": 0, "dashboard_address": "127.0.0.1:0"}
        async with Scheduler(**here, dashboard=False, **options) as scheduler:
            pipe.send(scheduler.address)
            await scheduler.finished()

    asyncio.run(run())


def _worker(address):
    async def run():
        from distributed import Worker

        quiet()
        async with Worker(address, nthreads=1, host="127.0.0.1", death_timeout=10) as worker:
            await worker.finished()

    asyncio.run(run())


def start(target, *arguments):
    process = CONTEXT.Process(target=target, args=arguments)
    process.start()
    return process


def kill(process):
    """End a process as a power cut would, and wait until it is gone."""
    os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.join(10)


class Cluster:
    """A scheduler and workers, nobody of whom comes back when killed."""

    def __init__(self, workers, **options):
        mine, theirs = CONTEXT.Pipe()
        self.scheduler = start(_scheduler, theirs, options)
        assert mine.poll(60), "the scheduler did not start"
        self.address = mine.recv()
        mine.close()
        theirs.close()
        self.workers = [start(_worker, self.address) for _ in range(workers)]

    def replace(self, number):
        """Kill a worker, and start another in its place."""
        kill(self.workers[number])
        self.workers[number] = start(_worker, self.address)

    def close(self):
        for process in (*self.workers, self.scheduler):
            if process.is_alive():
                kill(process)


@contextmanager
def cluster(workers=2, **options):
    made = Cluster(workers, **options)
    try:
        yield made
    finally:
        made.close()


def until(question, seconds=30):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)
    return answer
