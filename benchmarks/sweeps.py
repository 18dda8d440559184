"""How the time of a step, and the memory it takes, grow with the sizes: nnbook beside PyTorch.

Times of different sizes are compared here, so all sizes take turns: a machine that slows down for
a minute then slows down all of them. A time counts as a multiple of PyTorch's at the first size in
the same round.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks.race import Contestant, line_up, race, take_turns
from benchmarks.workloads import GROWTH, MEMORY, TABLE, WORKLOADS, save

BOTH = ("torch", "nnbook")


def growth(rounds: int) -> list[dict]:
    """Return the median times of a step (ms), by size, for every entry of `GROWTH`; one thread."""
    curves = []
    for workload, axis, sizes in GROWTH:
        curve = {"workload": workload, "title": WORKLOADS[workload].title, "axis": axis}
        curve |= {"sizes": list(sizes), "milliseconds": _in_turns(workload, axis, sizes, rounds)}
        curves.append(curve)
        _show(curve, "milliseconds", "ms")
    return curves


def table(rounds: int) -> dict:
    """Return nnbook's ratios to PyTorch, a row for each size of one kind and a column for each of
    another; one thread.
    """
    workload, (down, rows), (across, columns) = TABLE
    entry = {"workload": workload, "title": WORKLOADS[workload].title}
    entry |= {"down": down, "rows": list(rows), "across": across, "columns": list(columns)}
    entry["ratios"] = [
        _at_sizes(workload, across, columns, rounds, "ratio", **{down: size})["nnbook"]
        for size in rows
    ]
    print(f"\n{workload}  {entry['title']}, {down} by {across} (time ÷ PyTorch)")
    print(f"  {'':14s}" + "".join(f"{size:10d}" for size in columns))
    for size, ratios in zip(rows, entry["ratios"]):
        print(f"  {size:<14d}" + "".join(f"{ratio:10.2f}" for ratio in ratios))
    return entry


def memory(rounds: int) -> dict:
    """Return the peak memory (MiB) by batch, beyond what importing took; one thread."""
    workload, batches, share = MEMORY
    peaks = _at_sizes(workload, "batch", batches, rounds, "peak_mib")
    entry = {"workload": workload, "title": WORKLOADS[workload].title, "axis": "batch"}
    entry |= {"sizes": list(batches), "peak_mib": peaks, "must": share}
    _show(entry, "peak_mib", "MiB")
    return entry


def share(entry: dict) -> float:
    """Return nnbook's share of PyTorch's peak memory at the largest batch."""
    return entry["peak_mib"]["nnbook"][-1] / entry["peak_mib"]["torch"][-1]


def _in_turns(
    workload: str, axis: str, sizes: tuple[int, ...], rounds: int
) -> dict[str, list[float]]:
    running: list[Contestant] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            place = Path(folder, str(size))
            place.mkdir()
            save(place, WORKLOADS[workload].make(**{axis: size}))
            lined_up, failed = line_up(workload, str(place), 1, BOTH, True)
            if failed:
                raise RuntimeError(f"nnbook failed at {workload}: {failed['nnbook']['failure']}")
            running += lined_up
        take_turns(running, rounds)
        for contestant in running:
            contestant.finish()
    first = running[0].times
    unit = 1e3 * statistics.median(first)
    times: dict[str, list[float]] = {name: [] for name in BOTH}
    for contestant in running:
        multiples = [t / f for t, f in zip(contestant.times, first)]
        times[contestant.name].append(unit * statistics.median(multiples))
    return times


def _at_sizes(
    workload: str, axis: str, sizes: tuple[int, ...], rounds: int, what: str, **others: int
) -> dict[str, list[float]]:
    tables = [race(workload, 1, rounds, BOTH, **{axis: size}, **others) for size in sizes]
    failed = [table["nnbook"]["failure"] for table in tables if "failure" in table["nnbook"]]
    if failed:
        raise RuntimeError(f"nnbook failed at {workload}: {failed[0]}")
    return {name: [table[name][what] for table in tables] for name in BOTH}


def _show(entry: dict, what: str, unit: str) -> None:
    print(f"\n{entry['workload']}  {entry['title']}, by {entry['axis']} ({unit})")
    print(f"  {'':14s}" + "".join(f"{size:10d}" for size in entry["sizes"]))
    for name, values in entry[what].items():
        print(f"  {name:14s}" + "".join(f"{value:10.2f}" for value in values))
