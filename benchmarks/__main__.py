"""Run the benchmarks: `python -m benchmarks [W1 ...] [--record]`, or the sweeps: see --help."""

import argparse
import sys
from datetime import date

from benchmarks import cores, record, sweeps
from benchmarks.limits import Limit, limits_of
from benchmarks.race import lead, race
from benchmarks.workloads import WORKLOADS

#: How a workload is run: the number of threads, and whether all are held to AVX2.
SETTINGS = {"1": (1, True), "2": (2, True), "unheld": (1, False), "unheld-2": (2, False)}


def main() -> int:
    """Run, print, and with --record keep what was measured for the page of the book."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", help=f"of {', '.join(WORKLOADS)}; all by default")
    parser.add_argument(
        "--settings",
        nargs="+",
        choices=SETTINGS,
        default=list(SETTINGS),
        help="one or two threads, held to AVX2 or with all instructions of the processor",
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--growth", action="store_true", help="how time grows with the sizes")
    parser.add_argument("--table", action="store_true", help="the ratios of W3 by two sizes")
    parser.add_argument("--memory", action="store_true", help="peak memory beside PyTorch's")
    parser.add_argument("--record", action="store_true", help=f"write into {record.RECORD.name}")
    options = parser.parse_args()
    unknown = [w for w in options.workloads if w not in WORKLOADS]
    if unknown:
        parser.error(f"unknown workload {unknown[0]}; choose from {', '.join(WORKLOADS)}")
    if options.rounds < 1:
        parser.error("rounds must be at least 1")
    sweeping = options.growth or options.table or options.memory
    chosen = options.workloads or ([] if sweeping else list(WORKLOADS))
    limits, missed, results, measured = limits_of(record.processor()), [], {}, {}
    if not limits:
        print(f"no limits for this processor yet: {record.processor()}")
    for name in chosen:
        for setting in options.settings:
            threads, held = SETTINGS[setting]
            table = race(name, threads, options.rounds, held=held)
            results.setdefault(name, {})[setting] = table
            show(name, setting, table, limits.get(name))
            missed += over(name, setting, table, limits.get(name))
    if chosen and any(SETTINGS[setting][0] > 1 for setting in options.settings):
        measured["second_thread"] = cores.measure(options.rounds)
    if options.growth:
        measured["growth"] = sweeps.growth(options.rounds)
    if options.table:
        when = {"date": date.today().isoformat(), "processor": record.processor()}
        measured["table"] = sweeps.table(options.rounds) | when
    if options.memory:
        measured["memory"] = sweeps.memory(options.rounds)
        if sweeps.share(measured["memory"]) > measured["memory"]["must"]:
            missed.append("memory")
    if options.record:
        record.keep(results, measured)
    if missed:
        print(f"over the limit: {', '.join(missed)}")
    return bool(missed)


def over(name: str, setting: str, table: dict, limit: Limit | None) -> list[str]:
    """Return which limits of a workload nnbook does not keep in a setting."""
    row = table["nnbook"]
    if "failure" in row:
        return [f"{name} failed"]
    if limit is None:
        return []
    if setting == "1":
        return [name] if row["ratio"] > limit.must else []
    peer, times = lead(table)
    if setting == "unheld" and peer and times < limit.lead:
        return [f"{name} {times:.1f} times faster than {peer}, not {limit.lead:g}"]
    return []


def show(name: str, setting: str, table: dict, limit: Limit | None) -> None:
    """Print the results of one race."""
    threads, held = SETTINGS[setting]
    how = f"{threads} thread(s), {'AVX2' if held else 'all instructions'}"
    asked = ""
    if limit and held:
        goals = {1: f"; must {limit.must}, goal {limit.goal}", 2: f"; goal {limit.goal_two}"}
        asked = goals[threads]
    print(f"\n{name}  {WORKLOADS[name].title}; {how}{asked}")
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


if __name__ == "__main__":
    sys.exit(main())
