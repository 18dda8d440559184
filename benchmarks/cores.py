"""What a second thread can bring on this machine: `python -m benchmarks.cores`, in JSON.

Two processors that a system shows may be halves of one core, or be lent to others. So this times
work that shares nothing: twice as much of it in one thread, and half of that in each of two.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.race import HELD


def measure(rounds: int) -> dict[str, list[float]]:
    """Return how many times faster two threads are than one, by kind of work: three quartiles."""
    environment = os.environ | HELD | {"OPENBLAS_NUM_THREADS": "1"}
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.cores", str(rounds)],
        cwd=Path(__file__).parents[1],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    gains = json.loads(answer.stdout)
    for kind, (low, middle, high) in gains.items():
        print(f"a second thread, {kind}: {middle:.2f} times as fast ({low:.2f} to {high:.2f})")
    return gains


def gains(rounds: int) -> dict[str, list[float]]:
    """Time each kind of work in turns, and return the quartiles of the gains."""
    works = {"products": products, "tanh": tanh}
    found: dict[str, list[float]] = {kind: [] for kind in works}
    for _ in range(max(2, rounds)):
        for kind, work in works.items():
            found[kind].append(seconds(work, 1) / seconds(work, 2))
    return {kind: statistics.quantiles(of, n=4) for kind, of in found.items()}


def seconds(work: Callable[[], None], threads: int) -> float:
    """Return the time of two pieces of work in one thread, or in two."""
    start = time.perf_counter()
    if threads == 1:
        work()
        work()
    else:
        other = threading.Thread(target=work)
        other.start()
        work()
        other.join()
    return time.perf_counter() - start


def products() -> None:
    """Multiply matrices that fit into a cache."""
    a, out = np.ones((256, 256), np.float32), np.empty((256, 256), np.float32)
    for _ in range(200):
        np.matmul(a, a, out=out)


def tanh() -> None:
    """Compute tanh of numbers that fit into a cache."""
    a, out = np.ones(2**14, np.float32), np.empty(2**14, np.float32)
    for _ in range(2000):
        np.tanh(a, out=out)


if __name__ == "__main__":
    print(json.dumps(gains(int(sys.argv[1]))))
