"""Time the contestants of one workload side by side: a process each, taking turns.

Machines slow down and speed up while one measures. So the contestants take turns, a fraction of a
second each, and what counts is the ratio to PyTorch's time in the same round.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.workloads import WORKLOADS, save

REFERENCE = "torch"
CONTESTANTS = (
    "torch",
    "torch_fused",
    "torch_kept",
    "torch_compile",
    "nnbook",
    "nnbook_shared",
    "floor",
    "autograd",
    "dezero",
    "mygrad",
    "numpy_ml",
    "micrograd",
    "sklearn",
    "jax",
    "keras_jax",
    "tinygrad",
)
#: The others that are NumPy or Python.
PEERS = ("autograd", "dezero", "mygrad", "numpy_ml", "micrograd", "sklearn")
FLOOR = "floor"  # does the step's matrix products alone, so it has no losses to agree on
TURN = 0.15  # seconds of work in a turn
LEAST, LONGEST = (
    5,
    1.0,
)  # steps in a turn, as the first one is cold, unless that takes so many seconds
PAUSE = 0.05  # seconds for the threads of the last contestant to go to sleep

#: Every library is held to AVX2, so that what is compared is code, and not which library has
#: instructions for which processor: OpenBLAS, NumPy's own loops, PyTorch's, MKL, oneDNN.
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "TORCHINDUCTOR_CPP_MARCH": "x86-64-v3",
    "DEV": "CPU:CLANG:x86_64,x86-64-v3",  # tinygrad
}
#: Other kinds of processor have no such instructions to be held to.
HELD = AVX2 if platform.machine().lower() in ("x86_64", "amd64") else {}


class Contestant:
    """A worker process; `failure` says why there is none."""

    def __init__(
        self, workload: str, name: str, folder: str, threads: int, held: bool = True
    ) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in AVX2}
        for variable in (
            "OPENBLAS_NUM_THREADS",
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUM_CPU_THREADS",
        ):
            environment[variable] = str(threads)
        flags = "--xla_cpu_multi_thread_eigen=" + ("true" if threads > 1 else "false")
        if held:
            environment |= HELD
            flags += " --xla_cpu_max_isa=AVX2"
        environment["XLA_FLAGS"] = flags
        self.name, self.failure, self.times = name, "", []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", workload, name, folder],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        line = self.process.stdout.readline()
        if not line:
            _, errors = self.process.communicate()
            self.failure = (errors.strip() or "no answer").splitlines()[-1]
            self.failure = self.failure.removeprefix("NotImplementedError: ")
            return
        first = json.loads(line)
        self.losses = first["losses"]
        self.steps = steps_of_a_turn(first["seconds"])

    def turn(self) -> None:
        """Do as many steps as fit into a turn."""
        self.process.stdin.write(f"{self.steps}\n")
        self.process.stdin.flush()
        self.times.append(statistics.median(json.loads(self.process.stdout.readline())))

    def finish(self) -> float:
        """End the process; return its peak memory (MiB), beyond what importing took."""
        out, _ = self.process.communicate()
        return json.loads(out)["peak_mib"]


def race(
    workload: str,
    threads: int,
    rounds: int,
    contestants: tuple[str, ...] = CONTESTANTS,
    *,
    held: bool = True,
    **sizes: int,
) -> dict[str, dict]:
    """Return, for each contestant, its ratios to the reference, or why it failed.

    PyTorch comes first, as the reference. `sizes` are those of the workload. Unless `held`, each
    library uses all instructions it knows of, and not only those of AVX2.
    """
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder), WORKLOADS[workload].make(**sizes))
        running, results = line_up(workload, folder, threads, contestants, held)
        take_turns(running, rounds)
        reference = running[0].times
        for contestant in running:
            ratios = sorted(t / r for t, r in zip(contestant.times, reference))
            low, middle, high = (ratios[int(q * (len(ratios) - 1))] for q in (0.25, 0.5, 0.75))
            results[contestant.name] = {
                "ratio": middle,
                "low": low,
                "high": high,
                "milliseconds": 1e3 * statistics.median(contestant.times),
                "peak_mib": contestant.finish(),
            }
    return results


def steps_of_a_turn(seconds: float) -> int:
    """Return how many steps of so many seconds are a turn.

    The first step after the others' turns finds the caches full of their data and the threads
    asleep, which no step of a training does. Among five it does not move the median.
    """
    least = min(LEAST, int(LONGEST / seconds))
    return max(1, least, min(500, int(TURN / seconds)))


def take_turns(running: list[Contestant], rounds: int) -> None:
    """Let each have its turn, and so again, as many times as there are rounds."""
    for _ in range(rounds):
        for contestant in running:
            time.sleep(PAUSE)
            contestant.turn()


def line_up(
    workload: str, folder: str, threads: int, contestants: tuple[str, ...], held: bool
) -> tuple[list[Contestant], dict[str, dict]]:
    """Start the contestants; return those that compute the same, and why the others do not run."""
    running, out = [], {}
    for name in contestants:
        contestant = Contestant(workload, name, folder, threads, held)
        if contestant.failure:
            if name == REFERENCE:
                raise RuntimeError(f"PyTorch is the reference, and failed: {contestant.failure}")
            out[name] = {"failure": contestant.failure}
        elif name not in (REFERENCE, FLOOR) and not agree(contestant.losses, running[0].losses):
            out[name] = {"failure": f"computes something else: {contestant.losses}"}
            contestant.finish()
        else:
            running.append(contestant)
    return running, out


def agree(losses: list[float], others: list[float]) -> bool:
    """Whether the losses of the first steps are the same.

    They are equal to six digits where the equations are; DeZero's Adam, whose ε stands elsewhere,
    differs in the fifth. A step without an update differs by more, in every workload.
    """
    return len(losses) == len(others) and all(
        abs(a - b) <= 1e-4 * abs(b) for a, b in zip(losses, others)
    )


def lead(table: dict[str, dict]) -> tuple[str, float]:
    """Return the fastest NumPy peer of a race, and how many times faster nnbook is."""
    ratios = {name: table[name]["ratio"] for name in PEERS if "ratio" in table.get(name, {})}
    if not ratios or "ratio" not in table["nnbook"]:
        return "", 0.0
    fastest = min(ratios, key=ratios.get)
    return fastest, ratios[fastest] / table["nnbook"]["ratio"]
