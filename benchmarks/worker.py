"""One contestant in a process of its own: `python -m benchmarks.worker WORKLOAD CONTESTANT FOLDER`.

The folder holds the data and the weights, as `workloads.save` writes them. The worker answers in
JSON, a line each: first the losses of its first steps and the time of one, then, for every number n
that it reads, the times of n steps; at the end of the input, its peak memory.
"""

import contextlib
import importlib
import json
import resource
import sys
import time
import warnings
from pathlib import Path

from benchmarks.workloads import load


def main(workload: str, contestant: str, folder: str) -> None:
    """Make the step, then time it whenever asked."""
    warnings.simplefilter("ignore")  # the peers' own
    module = importlib.import_module(f"benchmarks.contestants.{contestant}")
    before = memory_now()
    step = module.make(workload, *load(Path(folder)))
    losses = [step() for _ in range(3)]
    start = time.perf_counter()
    step()
    say({"losses": losses, "seconds": time.perf_counter() - start})
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        say(times)
    say({"peak_mib": peak_memory() - before})


def memory_now() -> float:
    """Return the memory in use (MiB), and let the peak begin from here where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_memory()


def peak_memory() -> float:
    """Return the most memory in use so far (MiB)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def say(answer: object) -> None:
    """Write one line of JSON."""
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
