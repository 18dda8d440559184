"""How the time of a step, and the memory it takes, grow with the sizes: nnbook beside PyTorch."""

from benchmarks.race import race
from benchmarks.workloads import GROWTH, MEMORY, TABLE, WORKLOADS

BOTH = ("torch", "nnbook")


def growth(rounds: int) -> list[dict]:
    """Return the median times of a step (ms), by size, for every entry of `GROWTH`; one thread."""
    curves = []
    for workload, axis, sizes in GROWTH:
        times = _at_sizes(workload, axis, sizes, rounds, "milliseconds")
        title = WORKLOADS[workload].title
        curve = {"workload": workload, "title": title, "axis": axis, "sizes": list(sizes)}
        curves.append(curve | {"milliseconds": times})
        _show(curves[-1], "milliseconds", "ms")
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
