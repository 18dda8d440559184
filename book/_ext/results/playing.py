"""What a figure to play with gets: the results of each task, as numbers and as they are written."""

from sphinx.application import Sphinx

from results.numbers import rows
from results.table import best_first, groups, marks, memory, seconds, value


def offered(app: Sphinx, page: str) -> dict:
    """Return the tasks in which something has a size or took a time, and the chapters they link."""
    tasks: list[dict] = []
    chapters: dict[str, list | None] = {}
    for group in groups(rows(app.env)):
        found = best_first(group)
        best = found[0][1]
        if not any(record["parameters"] or record["seconds"] for _, record in found):
            continue
        told = [_row(record, best) | {"chapter": chapter} for chapter, record in found]
        chapters |= dict.fromkeys(row["chapter"] for row in told)
        head = {"task": best["task"], "metric": best["metric"], "better": best["better"]}
        tasks.append(head | {"rows": told})
    for chapter in chapters:
        uri = app.builder.get_relative_uri(page, chapter)
        chapters[chapter] = [uri, app.env.titles[chapter].astext()]
    return {"tasks": tasks, "chapters": chapters}


def _row(record: dict, best: dict) -> dict:
    """Return a result without what it has not, since all of them are sent."""
    told = {
        "network": record["network"],
        "value": _short(record["value"]),
        "said": value(record),
        "marks": marks(record, best),
        "baseline": record["baseline"],
        "spread": _short(record["spread"]),
        "parameters": record["parameters"],
        "seconds": _short(record["seconds"]),
        "time": None if record["seconds"] is None else seconds(record["seconds"]),
        "memory": None if record["memory"] is None else memory(record["memory"]),
        "budget": record["budget"],
    }
    return {key: each for key, each in told.items() if each is not None and each is not False}


def _short(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")
