"""Tables of results: one for each task, and one line for each task."""

import math
import re

from docutils import nodes
from sphinx.application import Sphinx

Row = tuple[str, dict]
COLUMNS = (34, 16, 14, 14, 22)
#: What the words beside a network mean is told on the page.
BEST, LEVEL, BASELINE = "best", "level with the best", "baseline"


def groups(rows: list[Row]) -> list[list[Row]]:
    """Return the records of each task and metric, in the order in which the tasks first come.

    Where some chapters tell the accuracy of a task and others its error, all are told as errors.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    metrics: dict[str, set[str]] = {}
    for _, record in rows:
        metrics.setdefault(record["task"], set()).add(record["metric"])
    for docname, record in rows:
        other = record["metric"].replace("accuracy", "error")
        if other != record["metric"] and other in metrics[record["task"]]:
            turned = {"metric": other, "value": 1 - record["value"], "better": "lower"}
            record = record | turned
        found.setdefault((record["task"], record["metric"]), []).append((docname, record))
    tasks = list(metrics)
    return sorted(found.values(), key=lambda group: tasks.index(group[0][1]["task"]))


def score(record: dict, value: float | None = None) -> str:
    """Write a value, or its spread, in the way of its metric: 1.23%, 1.52 bits."""
    value = record["value"] if value is None else value
    metric = record["metric"]
    if is_share(metric):
        return f"{value:.2%}" if "error" in metric else f"{value:.1%}"
    if re.search(r"bits|nats|perplexity", metric):
        return f"{value:.2f}"
    return f"{value:.3g}" if value == record["value"] else f"{value:.1g}"


def is_share(metric: str) -> bool:
    """Return whether a metric is a fraction of the examples."""
    share = re.search(r"\b(accuracy|error|right)\b", metric)
    return bool(share) and not re.search(r"squared|absolute", metric)


def seconds(value: float) -> str:
    """Write a time as one would say it."""
    if value < 1:
        return "under 1 s"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


def best_first(group: list[Row]) -> list[Row]:
    """Return the rows in the order of their values."""
    sign = 1 if group[0][1]["better"] == "lower" else -1
    return sorted(group, key=lambda row: sign * row[1]["value"])


def is_level(record: dict, best: dict) -> bool:
    """Return whether two values differ by no more than their spreads, of which there is one."""
    spreads = [r["spread"] for r in (record, best) if r["spread"] is not None]
    return bool(spreads) and abs(record["value"] - best["value"]) <= math.hypot(*spreads)


def marks(record: dict, best: dict) -> list[str]:
    """Return the words that stand beside a network."""
    first = [BEST] if record is best else [LEVEL] if is_level(record, best) else []
    return first + ([BASELINE] if record["baseline"] else [])


def task_table(app: Sphinx, docname: str, group: list[Row]) -> nodes.table:
    """Return the table of a task, the best first."""
    rows = best_first(group)
    best = rows[0][1]
    heads = ["Network", best["metric"].capitalize(), "Parameters", "Training", "Chapter"]
    body = []
    for page, record in rows:
        words = ", ".join(marks(record, best))
        note = [nodes.inline("", " " + words, classes=["nn-note"])] if words else []
        value = score(record)
        if record["spread"] is not None:
            value += f" ± {score(record, record['spread'])}"
        size, time = record["parameters"], record["seconds"]
        uri = app.builder.get_relative_uri(docname, page)
        title = app.env.titles[page].astext()
        body.append(
            [
                [nodes.Text(record["network"]), *note],
                [nodes.Text(value)],
                [nodes.Text("–" if size is None else f"{size:,}")],
                [nodes.Text("–" if time is None else seconds(time))],
                [nodes.reference("", title, internal=True, refuri=uri)],
            ]
        )
    caption = f"{best['task']}: {best['metric']}"
    return _table(caption, heads, body, COLUMNS, ["nn-ledger"])


def summary_table(wanted: list[list[Row]]) -> nodes.table:
    """Return a table with a line for each task: best network, best baseline, who is ahead."""
    heads = ["Task", "Best network", "Best baseline", "Ahead"]
    body = []
    for group in wanted:
        rows = [record for _, record in best_first(group)]
        network = next((r for r in rows if not r["baseline"]), None)
        baseline = next((r for r in rows if r["baseline"]), None)
        if not network or not baseline:
            continue
        ahead = "network" if rows[0] is network else "baseline"
        if is_level(network, baseline):
            ahead = "neither"
        cells = [f"{r['network']}: {score(r)}" for r in (network, baseline)]
        told = [f"{rows[0]['task']} ({rows[0]['metric']})", *cells, ahead]
        body.append([[nodes.Text(text)] for text in told])
    return _table("The best network and the best baseline", heads, body, (30, 30, 30, 10), [])


def _table(
    caption: str,
    heads: list[str],
    body: list[list[list[nodes.Node]]],
    widths: tuple[int, ...],
    classes: list[str],
) -> nodes.table:
    name = nodes.make_id(f"results-{caption}")
    table = nodes.table("", classes=["nn-results", "generated", *classes], ids=[name])
    group = nodes.tgroup("", cols=len(heads))
    table += [nodes.title("", caption, classes=["text-start"]), group]
    group += [nodes.colspec("", colwidth=width) for width in widths]
    group += nodes.thead("", _row([[nodes.Text(head)] for head in heads]))
    group += nodes.tbody("", *map(_row, body))
    return table


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))
