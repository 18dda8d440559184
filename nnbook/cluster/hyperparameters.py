"""A search: many trials of one function, as many at a time as the cluster has threads."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Any

from nnbook.cluster.connection import GLANCE, ClusterError, gone, threads
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
        Seconds to wait for a worker when none is left.
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
    while waiting or suspects or running:
        slots = sum(threads(client).values())
        while waiting and len(running) < max(slots, 1):
            _start(client, function, waiting.popleft(), running, ended)
        if suspects and not waiting and not running:
            _start(client, function, suspects.popleft(), running, ended)
        future = _next(client, ended, patience)
        trial = running.pop(future)
        name = key(*trial)
        if future.status == "cancelled":  # which only the scheduler's end does
            raise gone(client)
        if future.status != "error":
            try:
                value = future.result(timeout=GLANCE)
            except Exception:  # its worker died, or the scheduler, before the value was here
                threads(client)
                _watch(future, trial, running, ended)  # the scheduler has it computed again
            else:
                yield Outcome(*trial, value, None, deaths[name] + 1)
            continue
        raised = future.exception()
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


def _start(
    client: Any, function: Callable, trial: Trial, running: dict, ended: SimpleQueue
) -> None:
    future = client.submit(_run, function, *trial, pure=False, retries=0)
    _watch(future, trial, running, ended)


def _watch(future: Any, trial: Trial, running: dict, ended: SimpleQueue) -> None:
    running[future] = trial
    future.add_done_callback(ended.put)


def _run(function: Callable[..., Any], settings: dict[str, Any], seed: int) -> Any:
    """Run a trial on a worker."""
    try:
        return plain(function(**settings, seed=seed))
    except (SystemExit, KeyboardInterrupt) as error:  # would end the worker's thread
        raise RuntimeError(f"the trial left by {type(error).__name__}: {error}") from error


def _next(client: Any, ended: SimpleQueue, patience: float) -> Any:
    """Return the next future that ended, while there are a scheduler and workers."""
    without_workers = time.monotonic()
    while True:
        try:
            return ended.get(timeout=GLANCE)
        except Empty:
            if threads(client):
                without_workers = time.monotonic()
            elif time.monotonic() - without_workers > patience:
                raise ClusterError(f"no worker is left, and none came in {patience:g} s") from None
