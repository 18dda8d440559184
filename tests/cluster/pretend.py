"""A client without a cluster, whose answers come, fail or stay away as a test wants it."""

import asyncio
import threading
from types import SimpleNamespace


class Task:
    """What was submitted: computed at once, in this process."""

    def __init__(self, function, arguments):
        arguments = [a.value if isinstance(a, Task) else a for a in arguments]
        self.status, self.value = "finished", function(*arguments)

    def add_done_callback(self, callback):
        callback(self)


class Client:
    """As much of Dask's client as training and searches use.

    `answers` has, for each time that values are fetched, the error that comes instead, the word
    "never", or None for the values. After the last of them everything comes.
    """

    status = "running"

    def __init__(self, *answers, workers=("one", "two")):
        self.answers, self.workers = list(answers), dict.fromkeys(workers, 1)
        self.busy, self.fetched, self.stopped, self.forgotten = [], 0, 0, []
        self.submitted, self.stuck = 0, threading.Event()
        loop = asyncio.new_event_loop()
        self.loop = SimpleNamespace(asyncio_loop=loop)
        self.scheduler = SimpleNamespace(
            address="nowhere", ncores_running=self._threads, processing=self._processing
        )
        self._thread = threading.Thread(target=loop.run_forever, daemon=True)
        self._thread.start()

    def submit(self, function, *arguments, **options):
        self.submitted += 1
        return Task(function, arguments)

    async def _threads(self, workers):
        return self.workers

    async def _processing(self, workers):
        return dict.fromkeys(self.workers, self.busy)

    async def gather(self, tasks, asynchronous):
        self.fetched += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer == "never":
            self.stuck.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.stopped += 1
                raise
        if answer is not None:
            raise answer
        return tasks.value if isinstance(tasks, Task) else [task.value for task in tasks]

    async def cancel(self, tasks, asynchronous):
        self.forgotten += tasks

    def close(self):
        loop = self.loop.asyncio_loop

        async def rest():
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(rest(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(10)
        loop.close()
