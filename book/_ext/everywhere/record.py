"""The record of all runs: `book/appendix/everywhere.json`, one line a claim.

machines   where runs were made: the processor, what each run varied, what was left out and why
chapters   of each chapter its digest and day, which machine, what was raised, and
  claims     kind, bound, limits; of each run the value, the control nearest to it, and whether
             the claim held: 1 yes, 0 no, - not made in this run, r rests on a record of other seeds
  quotes     of each run the value
  results    of each run what a network reached: its task, value, spread, parameters, seconds, the
             metric, how many test examples it was counted on, the bytes it keeps
  amendments of each run what the page adds to another page's result: task, examples, bytes
"""

import json
from collections.abc import Iterable
from pathlib import Path

FILE = "book/appendix/everywhere.json"
EMPTY = {"machines": [], "chapters": {}}


def load(root: Path) -> dict:
    """Return the record; an empty one if there is none."""
    path = root / FILE
    if not path.exists():
        return json.loads(json.dumps(EMPTY))
    return json.loads(path.read_text(encoding="utf-8"))


def save(root: Path, record: dict) -> None:
    """Write the record whole, or leave the old one."""
    used = sorted({chapter["machine"] for chapter in record["chapters"].values()})
    record["machines"] = [record["machines"][i] for i in used]
    for chapter in record["chapters"].values():
        chapter["machine"] = used.index(chapter["machine"])
    machines = ",\n".join(_line(machine, 2) for machine in record["machines"])
    chapters = ",\n".join(
        f"  {json.dumps(name)}: {_chapter(chapter)}"
        for name, chapter in sorted(record["chapters"].items())
    )
    text = f'{{\n "machines": [\n{machines}\n ],\n "chapters": {{\n{chapters}\n }}\n}}\n'
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def enter(record: dict, docname: str, digest: str, day: str, machine: dict, runs: list) -> None:
    """Put the outcomes of all runs of a chapter into the record."""
    if machine not in record["machines"]:
        record["machines"].append(machine)
    shifts = [run["shift"] for run in machine["runs"]]
    record["chapters"][docname] = {
        "digest": digest,
        "day": day,
        "machine": record["machines"].index(machine),
        "seconds": [round(run["seconds"], 1) for run in runs],
        "raised": {str(i): run["raised"] for i, run in enumerate(runs) if run["raised"]},
        "claims": claims(runs, shifts),
        "quotes": _by_name([run["quotes"] for run in runs]),
        "results": _by_name([{r["name"]: _result(r) for r in run["results"]} for run in runs]),
        "amendments": _by_name([_amendments(run.get("amendments", ())) for run in runs]),
    }


def claims(runs: list[dict], shifts: list[int]) -> dict:
    """Return what became of each claim in all runs."""
    found: dict[str, dict] = {}
    for i, (run, shift) in enumerate(zip(runs, shifts, strict=True)):
        for one in run["claims"]:
            claim = found.setdefault(
                one["name"],
                {
                    "kind": one.get("sort", ""),
                    "bound": one["bound"],
                    "limits": [
                        None if x is None else short(x) for x in one.get("limits", [None] * 2)
                    ],
                    "values": [None] * len(runs),
                    "controls": [None] * len(runs),
                    "held": ["-"] * len(runs),
                },
            )
            value = one.get("number", one["value"])
            claim["values"][i] = short(value)
            claim["controls"][i] = _nearest(_numbers(one.get("control", "")), value)
            held = "0" if one.get("problem") else "1"
            claim["held"][i] = "r" if one.get("recorded") and shift else held
    for claim in found.values():
        claim["held"] = "".join(claim["held"])
        if not any(control is not None for control in claim["controls"]):
            del claim["controls"]
    return found


def _result(result: dict) -> list:
    numbers = ("value", "spread", "parameters", "seconds")
    more = [result.get("metric", ""), result.get("examples"), result.get("memory")]
    return [result["task"], *(short(result[name]) for name in numbers), *more]


def _amendments(records: Iterable[dict]) -> dict:
    told = ("task", "examples", "memory")
    return {one["of"]: [one.get(name) for name in told] for one in records}


def short(value: object) -> object:
    """Return a number with six digits; anything else as it is."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _numbers(text: str) -> list[float]:
    """Return the numbers that a claim's line shows for its controls: "0.5, 1,234"."""
    words = (word.replace(",", "") for word in text.split(", ") if word)
    return [float({"True": "1", "False": "0"}.get(word, word)) for word in words]


def _nearest(controls: list[float], value: object) -> float | None:
    if not controls or not isinstance(value, int | float):
        return None
    return min(controls, key=lambda control: abs(control - value))


def _by_name(runs: list[dict]) -> dict[str, list]:
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: [short(run.get(name)) for run in runs] for name in names}


def _chapter(chapter: dict) -> str:
    """Return a chapter as text, with one line a claim."""
    lines = []
    for key, value in chapter.items():
        if key in ("claims", "quotes", "results", "amendments") and value:
            rows = ",\n".join(f"    {json.dumps(k)}: {_line(v)}" for k, v in value.items())
            lines.append(f'   "{key}": {{\n{rows}\n   }}')
        else:
            lines.append(f'   "{key}": {_line(value)}')
    return "{\n" + ",\n".join(lines) + "\n  }"


def _line(value: object, indent: int = 0) -> str:
    return " " * indent + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
