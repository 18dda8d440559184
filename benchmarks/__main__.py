"""Run the benchmarks: `python -m benchmarks [W1 ...] [--record]`, or the sweeps: see --help."""

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from datetime import date
from pathlib import Path

from benchmarks import sweeps
from benchmarks.race import AVX2, lead, race
from benchmarks.workloads import WORKLOADS

RECORD = Path(__file__).parents[1] / "nnbook/teaching/recorded/benchmarks.json"
#: How a workload is run: the number of threads, and whether all are held to AVX2.
SETTINGS = {"1": (1, True), "2": (2, True), "unheld": (1, False)}
PACKAGES = ("numpy", "torch", "autograd", "dezero", "numpy-ml", "micrograd", "jax")


def main() -> int:
    """Run, print, and with --record keep what was measured for the page of the book."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", help=f"of {', '.join(WORKLOADS)}; all by default")
    parser.add_argument(
        "--settings",
        nargs="+",
        choices=SETTINGS,
        default=list(SETTINGS),
        help="one or two threads held to AVX2, or one thread with all instructions",
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--growth", action="store_true", help="how time grows with the sizes")
    parser.add_argument("--table", action="store_true", help="the ratios of W3 by two sizes")
    parser.add_argument("--memory", action="store_true", help="peak memory beside PyTorch's")
    parser.add_argument("--record", action="store_true", help=f"write into {RECORD.name}")
    options = parser.parse_args()
    unknown = [w for w in options.workloads if w not in WORKLOADS]
    if unknown:
        parser.error(f"unknown workload {unknown[0]}; choose from {', '.join(WORKLOADS)}")
    if options.rounds < 1:
        parser.error("rounds must be at least 1")
    sweeping = options.growth or options.table or options.memory
    chosen = options.workloads or ([] if sweeping else list(WORKLOADS))
    missed, results, measured = [], {}, {}
    for name in chosen:
        for setting in options.settings:
            threads, held = SETTINGS[setting]
            table = race(name, threads, options.rounds, held=held)
            results.setdefault(name, {})[setting] = table
            show(name, setting, table)
            missed += over(name, setting, table)
    if options.growth:
        measured["growth"] = sweeps.growth(options.rounds)
    if options.table:
        when = {"date": date.today().isoformat(), "processor": processor()}
        measured["table"] = sweeps.table(options.rounds) | when
    if options.memory:
        measured["memory"] = sweeps.memory(options.rounds)
        if sweeps.share(measured["memory"]) > measured["memory"]["must"]:
            missed.append("memory")
    if options.record:
        keep(results, measured)
    if missed:
        print(f"over the limit: {', '.join(missed)}")
    return bool(missed)


def over(name: str, setting: str, table: dict) -> list[str]:
    """Return which limits of a workload nnbook does not keep in a setting."""
    load, row = WORKLOADS[name], table["nnbook"]
    if "failure" in row:
        return [f"{name} failed"]
    if setting == "1":
        return [name] if row["ratio"] > load.must else []
    peer, times = lead(table)
    if setting == "unheld" and peer and times < load.lead:
        return [f"{name} {times:.1f} times faster than {peer}, not {load.lead:g}"]
    return []


def show(name: str, setting: str, table: dict) -> None:
    """Print the results of one race."""
    load, (threads, held) = WORKLOADS[name], SETTINGS[setting]
    how = f"{threads} thread(s), {'AVX2' if held else 'all instructions'}"
    print(f"\n{name}  {load.title}; {how}; must {load.must}, goal {load.goal}")
    print(f"  {'':14s}{'time ÷ PyTorch':>15s}{'quartiles':>18s}{'step':>12s}{'memory':>12s}")
    ranked = sorted(table.items(), key=lambda item: item[1].get("ratio", float("inf")))
    for contestant, row in ranked:
        if "failure" in row:
            print(f"  {contestant:14s} {row['failure'][:70]}")
            continue
        print(
            f"  {contestant:14s}{row['ratio']:15.2f}{row['low']:11.2f} – {row['high']:4.2f}"
            f"{row['milliseconds']:9.3f} ms{row['peak_mib']:8.0f} MiB"
        )


def keep(results: dict, measured: dict) -> None:
    """Write what was measured, and on what.

    An earlier record of other workloads stays, if it was made on this day with all else the same.
    So does an earlier table, which tells its own day.
    """
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed"
    record = {
        "date": date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "versions": versions,
        "held": AVX2,
        "limits": {
            n: {"title": w.title, "must": w.must, "goal": w.goal, "lead": w.lead}
            for n, w in WORKLOADS.items()
        },
    }
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if any(old.get(key) != value for key, value in record.items()):
        old = {key: old[key] for key in ("table",) if key in old}
    races = {n: old.get("results", {}).get(n, {}) | results.get(n, {}) for n in WORKLOADS}
    record = old | record | measured | {"results": {n: by for n, by in races.items() if by}}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"\nrecorded in {RECORD}")


def processor() -> str:
    """Return the processor's name, where the system tells."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
