"""What this machine can imitate: the kernels of OpenBLAS, NumPy's loops, other versions.

OpenBLAS does as it is told, even where the processor lacks the instructions and the first product
of matrices would end the process. So the processor's flags decide what is tried, and a process of
its own says which kernels were really taken.
"""

import functools
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from everywhere.machine import processor

#: OpenBLAS's kernels, from old processors to new, and what they need (names of /proc/cpuinfo).
KERNELS = {
    "Nehalem": {"sse4_2"},
    "Sandybridge": {"avx"},
    "Haswell": {"avx2", "fma"},
    "Zen": {"avx2", "fma"},
    "SkylakeX": {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"},
}
PROBE = """\
import json, numpy, threadpoolctl
a = numpy.ones((64, 64)); a @ a
info = [i for i in threadpoolctl.threadpool_info() if i["user_api"] == "blas"]
try:
    from numpy._core import _multiarray_umath as core
except ImportError:
    from numpy.core import _multiarray_umath as core
loops = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
print(json.dumps({"numpy": numpy.__version__, "loops": loops, "threads": info[0]["num_threads"],
                  "kernel": info[0].get("architecture", "")} if info else
                 {"numpy": numpy.__version__, "loops": loops, "threads": 0, "kernel": ""}))
"""


class Unfit(Exception):
    """This machine cannot do what was asked."""


def flags() -> set[str]:
    """Return what the processor can do, in Linux's words; nothing where it does not say."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return set()
    lines = [line for line in text.splitlines() if line.startswith("flags")]
    return set(lines[0].split(":", 1)[1].split()) if lines else set()


@functools.cache
def _probe(python: str, variables: tuple[tuple[str, str], ...]) -> dict:
    command = [python, "-W", "ignore", "-c", PROBE]
    done = subprocess.run(command, env=dict(variables), capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise Unfit(said[-1])
    return json.loads(done.stdout)


def probe(python: str, environment: dict[str, str]) -> dict:
    """Return which NumPy a Python has, which loops and kernel it takes, and how many threads."""
    return dict(_probe(python, tuple(sorted(environment.items()))))


def kernels(environment: dict[str, str]) -> tuple[list[str], str, dict[str, str]]:
    """Return the kernels that can be taken, the processor's own, and why others are left out."""
    own = probe(sys.executable, environment)["kernel"]
    usable, left_out = [], {}
    have = flags()
    for name, needs in KERNELS.items():
        if not have:
            left_out[name] = f"not for {platform.machine()} under {platform.system()}"
        elif missing := sorted(needs - have):
            left_out[name] = f"this processor lacks {', '.join(missing)}"
        else:
            try:
                taken = probe(sys.executable, environment | {"OPENBLAS_CORETYPE": name})["kernel"]
            except Unfit as reason:
                left_out[name] = str(reason)
                continue
            if taken == name:
                usable.append(name)
            else:
                left_out[name] = f"this OpenBLAS takes its kernels for {taken} instead"
    return usable or [""], own, left_out


def describe(left_out: dict[str, str], runs: list[dict]) -> dict:
    """Return what the record says of this machine."""
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()}, {platform.machine()}",
        "python": platform.python_version(),
        "left_out": left_out,
        "runs": runs,
    }
