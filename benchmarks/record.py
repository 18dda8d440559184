"""What was measured, kept for the page of the book: the records of several processors in one file.

The file is {"processors": {name: record}}. To record again on a processor replaces its record and
leaves the others as they are.
"""

import importlib.metadata
import json
import os
import platform
from dataclasses import asdict
from datetime import date
from pathlib import Path

from benchmarks.limits import limits_of
from benchmarks.race import HELD
from benchmarks.workloads import WORKLOADS

RECORD = Path(__file__).parents[1] / "nnbook/teaching/recorded/benchmarks.json"
PACKAGES = (
    "numpy",
    "torch",
    "autograd",
    "dezero",
    "mygrad",
    "numpy-ml",
    "micrograd",
    "scikit-learn",
    "jax",
    "keras",
    "tinygrad",
)


def keep(results: dict, measured: dict) -> None:
    """Write what was measured on this processor, and on what.

    Its earlier record of other workloads and settings stays, if it was made on this day with all
    else the same but the limits. So does an earlier table, which tells its own day.
    """
    system, name = model_name(), processor()
    record = {
        "date": date.today().isoformat(),
        "processor": name,
        "cores": os.cpu_count(),
        "versions": versions(),
        "held": HELD,
        "titles": {n: w.title for n, w in WORKLOADS.items()},
        "limits": {n: asdict(limit) for n, limit in limits_of(name).items()},
    }
    records = read()
    old = records.get(name, {})
    # what is asked of a processor does not change what was measured on it
    if any(old.get(key) != value for key, value in record.items() if key != "limits"):
        old = {key: old[key] for key in ("table",) if key in old}
    before = old.get("results", {})
    races = {n: before.get(n, {}) | results.get(n, {}) for n in WORKLOADS}
    record = old | record | measured | {"results": {n: by for n, by in races.items() if by}}
    # A record from when the system's name was all gives its place to the first of that name.
    place = name if name in records else system
    if place in records:
        records = {n if n != place else name: r for n, r in records.items()}
    records[name] = record
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps({"processors": records}, indent=1) + "\n", encoding="utf-8")
    print(f"\nrecorded in {RECORD}, as that of {name}")


def read() -> dict[str, dict]:
    """Return the records, by processor."""
    if not RECORD.exists():
        return {}
    return json.loads(RECORD.read_text(encoding="utf-8"))["processors"]


def versions() -> dict[str, str]:
    """Return the versions of Python and of what takes part."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def processor() -> str:
    """Return a name that tells processors apart, also where the system's is only that of a family.

    "AMD EPYC (family 25, model 17, AVX-512)"; the system's own name where it tells no more.
    """
    told = _told()
    parts = [f"{key.split()[-1]} {told[key]}" for key in ("cpu family", "model") if key in told]
    if "flags" in told:
        has = "avx512f" in told["flags"].split()
        parts.append("AVX-512" if has else "no AVX-512")
    return f"{model_name()} ({', '.join(parts)})" if parts else model_name()


def model_name() -> str:
    """Return the processor's name, where the system tells."""
    return _told().get("model name") or platform.processor() or platform.machine()


def _told() -> dict[str, str]:
    """Return what Linux tells of its first processor."""
    path = Path("/proc/cpuinfo")
    told: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        key, _, value = line.partition(":")
        told.setdefault(key.strip(), value.strip())
    return told
