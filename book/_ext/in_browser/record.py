"""The record of the chapters in a browser: `book/appendix/in_browser.json`, one line a chapter.

machines   where it was measured: processor, browser, its Python and NumPy
chapters   of each page with cells its digest and day, which machine, and
  load       how many processes wanted a processor meanwhile; above the cores, times are too long
  start      seconds until Python was there, with the packages that cells import
  seconds    of all cells that Run all runs; built: of the same cells when the book was built
  ran, left  how many cells ran, how many are tagged as too much for a browser
  failed     the cells that raised: number and last line of what they said
  slowest    of three cells: number, seconds, seconds when the book was built
steps      of each workload of `benchmarks` the milliseconds of a training step here and in the
           browser, and the ratio of both with its quartiles; with the day and the machine
"""

import json
from collections.abc import Iterable
from pathlib import Path

FILE = "book/appendix/in_browser.json"
#: Seconds that Run all of a page may take, with all that has to be loaded.
LIMIT = 120


def load(root: Path) -> dict:
    """Return the record; an empty one if there is none."""
    path = root / FILE
    if not path.exists():
        return {"machines": [], "chapters": {}, "steps": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def save(root: Path, record: dict) -> None:
    """Write the record whole, or leave the old one. Machines that nothing names are dropped."""
    parts = [*record["chapters"].values(), *([record["steps"]] if record["steps"] else [])]
    used = sorted({part["machine"] for part in parts})
    places = {old: new for new, old in enumerate(used)}
    record["machines"] = [record["machines"][i] for i in used]
    for part in parts:
        part["machine"] = places[part["machine"]]
    lines = [f"  {json.dumps(n)}: {_line(c)}" for n, c in sorted(record["chapters"].items())]
    steps = [f"  {json.dumps(n)}: {_line(value)}" for n, value in record["steps"].items()]
    machines = ",\n".join(f"  {_line(machine)}" for machine in record["machines"])
    chapters, rest = ",\n".join(lines), ",\n".join(steps)
    path = root / FILE
    beside = path.with_suffix(".part")
    beside.write_text(
        f'{{\n "machines": [\n{machines}\n ],\n "chapters": {{\n{chapters}\n }},\n'
        f' "steps": {{\n{rest}\n }}\n}}\n',
        encoding="utf-8",
    )
    beside.replace(path)


def enter(record: dict, name: str, machine: dict, about: dict, outcome: dict) -> None:
    """Put what came of a page's cells into the record, in the place of what was there."""
    cells = outcome["cells"]
    slowest = sorted(cells, key=lambda cell: -(cell["seconds"] or 0))[:3]
    record["chapters"][name] = about | {
        "machine": place(record, machine),
        "start": round(outcome["start"] + outcome["loading"], 1),
        "seconds": round(sum(cell["seconds"] or 0 for cell in cells), 1),
        "built": round(sum(cell["built"] or 0 for cell in cells), 1),
        "ran": len(cells),
        "left": outcome["left"],
        "failed": [[c["number"], _last(c["error"])] for c in cells if c["error"]]
        + ([[-1, "Run all did not come to its end"]] if len(cells) < outcome["plain"] else []),
        "slowest": [
            [c["number"], round(c["seconds"] or 0, 1), round(c["built"] or 0, 1)] for c in slowest
        ],
    }


def place(record: dict, machine: dict) -> int:
    """Return the number of a machine, which is put into the record if it is not there."""
    if machine not in record["machines"]:
        record["machines"].append(machine)
    return record["machines"].index(machine)


def whole(chapter: dict) -> float:
    """Return the seconds from the press of Run all to its end."""
    return chapter["start"] + chapter["seconds"]


def faults(record: dict, names: Iterable[str]) -> list[str]:
    """Return what is wrong with these pages, a line each. A page that was not timed yet is not."""
    said = []
    for name in names:
        chapter = record["chapters"].get(name)
        if chapter is None:
            continue
        said += [f"{name}: cell {number} failed: {what}" for number, what in chapter["failed"]]
        if whole(chapter) > LIMIT:
            said.append(f"{name} takes {whole(chapter):.0f} s in a browser, over {LIMIT}")
    return said


def _last(error: str) -> str:
    """Return the line of a traceback that says what is wrong."""
    lines = [line for line in error.splitlines() if line.strip() and not line.startswith(" ")]
    named = [line for line in lines if ": " in line and not line.startswith("Traceback")]
    return (named or lines or ["?"])[0][:200]


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
