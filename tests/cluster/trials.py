"""What the searches of the tests try, in a module that the workers can import."""

import os
import signal
import time

import numpy as np

import nnbook
from nnbook import cluster


def value(i, seed):
    """What `work` should return."""
    return float(np.random.default_rng([i, seed]).random())


def work(i, seed, log=None, seconds=0.01):
    """Note that it was begun, take a moment, and return a number that its settings decide."""
    if log is not None:
        with open(log, "a") as file:
            file.write(f"{i}\n")
    time.sleep(seconds)
    return value(i, seed)


def many(count, **settings):
    return [({"i": i, **settings}, 1000 + i) for i in range(count)]


def odd(what, seed):
    """Do what trials should not do."""
    if what == "raise":
        raise ValueError("a trial that raises")
    if what == "exit":
        raise SystemExit(3)
    if what == "interrupt":
        raise KeyboardInterrupt
    if what == "die":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if what == "object":
        return object()
    if what == "nan":
        return np.float32("nan")
    if what == "many":
        return {"losses": np.arange(3, dtype=np.float32), "pair": (1, np.int64(2))}
    return seed


def search_on(address, trials, file):
    """Be a client, in a process of its own."""
    from tests.cluster.processes import quiet

    quiet()
    with cluster.connect(address, timeout=30) as client:
        cluster.search(client, work, trials, file)


def version(seed):
    return nnbook.__name__
