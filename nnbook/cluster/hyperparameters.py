"""A search: many trials of one function, as many at a time as the cluster has threads."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from nnbook.cluster.answers import bring, forget
from nnbook.cluster.connection import GLANCE, ClusterError, at_work, gone, threads
from nnbook.cluster.record import Outcome, Record, Trial, key, plain


def search(
    client: Any,
    function: Callable[..., Any],
    trials: Iterable[tuple[dict[str, Any], int]],
    file: str | os.PathLike,
    *,
    attempts: int = 3,
    patience: float = 30.0,
    after: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Try `function(**settings, seed=seed)` for every trial, and keep each result at once.

    Parameters
    ----------
    client : distributed.Client
        Of `connect`.
    function : callable
        Returns a number, or what else JSON can hold. It is sent to the workers with all that it
        refers to in the program or notebook; modules that it imports have to be installed there.
    trials : iterable of (settings, seed)
        What to try; all different.
    file : path
        Where the results are kept, a line of JSON each. Trials that are in it with a value are not
        tried again, so a search that was stopped goes on if it is started once more.
    attempts : int
        How many workers a trial may lose. Others are tried in the meantime; its last attempt it has
        to itself, so that no trial is blamed for a death that another one caused.
    patience : float
        Seconds to wait for a worker when none is left, or none takes work since all memory is
        full.
    after : callable, optional
        Called with each outcome when it is in the file.

    Returns
    -------
    list of Outcome
        In the order of the trials. One whose function raised, or that lost its worker in every
        attempt, has an error instead of a value; all others are tried nevertheless.

    Raises
    ------
    ClusterError
        If the scheduler goes away, or there is no worker. What has finished is in the file.
    TypeError, ValueError
        If a trial is not (settings, seed), two are the same, there is none, the function cannot be
        sent, or the file belongs to another search.

    Notes
    -----
    A trial may take as long as it likes: whether it will ever end, only its author can tell.

    Book: :ref:`outgrowing-search`.
    """
    wanted = _checked(function, trials)
    if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 1:
        raise ValueError(f"search expected at least 1 attempt, got {attempts!r}")
    record = Record(file, function)
    outcomes = dict(record.finished)
    ended = 0
    try:
        for outcome in _outcomes(client, function, wanted, set(outcomes), attempts, patience):
            record.add(outcome)
            outcomes[key(outcome.settings, outcome.seed)] = outcome
            ended += 1
            if after is not None:
                after(outcome)
    except ClusterError as error:
        kept = sum(name in record.finished for name in wanted)
        raise ClusterError(
            f"{error}. {kept} of {len(wanted)} trials are finished and kept in {file}; start the "
            "search again to go on from there"
        ) from error
    return [outcomes[name] for name in wanted]


def _checked(function: Callable[..., Any], trials: Iterable) -> dict[str, Trial]:
    """Return the trials by their keys, or say which is not one."""
    if not callable(function):
        raise TypeError(f"search expected a function, got {function!r}")
    wanted: dict[str, Trial] = {}
    for trial in trials:
        try:
            settings, seed = trial
            if not isinstance(settings, dict) or isinstance(seed, bool):
                raise TypeError("not a dict and a seed")
            one = Trial(plain(settings), int(seed))
            if one.seed != seed:
                raise TypeError(f"{seed} is not a whole number")
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"search expected trials (settings, seed), a dict that JSON can hold and a whole "
                f"number; got {trial!r}: {error}"
            ) from error
        name = key(*one)
        if name in wanted:
            raise ValueError(f"search expected trials that differ, got this one twice: {one}")
        wanted[name] = one
    if not wanted:
        raise ValueError("search expected at least one trial, got none")
    return wanted


def _outcomes(
    client: Any,
    function: Callable[..., Any],
    wanted: dict[str, Trial],
    done: set[str],
    attempts: int,
    patience: float,
) -> Any:
    """Yield each outcome as soon as it is known."""
    from distributed import KilledWorker
    from distributed.protocol.pickle import dumps

    try:
        dumps(function)
    except Exception as error:  # pickling raises whatever it likes
        raise TypeError(f"search: {function!r} cannot be sent to a worker: {error}") from error
    waiting = deque(trial for name, trial in wanted.items() if name not in done)
    suspects: deque[Trial] = deque()
    deaths: Counter[str] = Counter()
    ended: SimpleQueue = SimpleQueue()
    running: dict[Any, Trial] = {}  # by future
    try:
        while waiting or suspects or running:
            slots = sum(threads(client).values())
            while waiting and len(running) < max(slots, 1):
                _start(client, function, waiting.popleft(), running, ended)
            if suspects and not waiting and not running:
                _start(client, function, suspects.popleft(), running, ended)
            future, answer = _next(client, ended, patience)
            trial = running.pop(future)
            name = key(*trial)
            raised = CancelledError() if answer.cancelled() else answer.exception()
            if raised is None:
                yield Outcome(*trial, answer.result(), None, deaths[name] + 1)
                continue
            if future.status == "cancelled":  # which only the scheduler's end does
                raise gone(client)
            if future.status != "error":  # a connection broke before the value was here
                threads(client)
                _watch(client, future, trial, running, ended)
                continue
            if not isinstance(raised, KilledWorker):
                problem = f"{type(raised).__name__}: {raised}"
                yield Outcome(*trial, None, problem, deaths[name] + 1)
                continue
            deaths[name] += 1
            if deaths[name] == attempts:
                problem = f"its worker died in each of {attempts} attempts"
                yield Outcome(*trial, None, problem, attempts)
            else:
                (suspects if deaths[name] == attempts - 1 else waiting).append(trial)
    finally:
        if running:  # somebody stopped the search
            forget(client, list(running))


def _start(
    client: Any, function: Callable, trial: Trial, running: dict, ended: SimpleQueue
) -> None:
    future = client.submit(_run, function, *trial, pure=False, retries=0)
    _watch(client, future, trial, running, ended)


def _watch(client: Any, future: Any, trial: Trial, running: dict, ended: SimpleQueue) -> None:
    """Have a trial's value brought here when there is one, and the two put into the queue then."""

    def fetch(future: Any) -> None:
        with suppress(ClusterError):  # the search itself finds out
            bring(client, future).add_done_callback(lambda answer: ended.put((future, answer)))

    running[future] = trial
    future.add_done_callback(fetch)


def _run(function: Callable[..., Any], settings: dict[str, Any], seed: int) -> Any:
    """Run a trial on a worker."""
    try:
        return plain(function(**settings, seed=seed))
    except (SystemExit, KeyboardInterrupt) as error:  # would end the worker's thread
        raise RuntimeError(f"the trial left by {type(error).__name__}: {error}") from error


def _next(client: Any, ended: SimpleQueue, patience: float) -> Any:
    """Return the next future that ended, with what it brought, while anybody is at work."""
    idle_since = time.monotonic()
    while True:
        try:
            return ended.get(timeout=GLANCE)
        except Empty:
            if threads(client) or at_work(client):
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since > patience:
                raise ClusterError(f"no worker is left, and none came in {patience:g} s") from None
