"""Tables of results: one for each task, and one line for each task."""

import re

import sift
from docutils import nodes
from sphinx.application import Sphinx

from results.luck import interval, is_level, is_share

Row = tuple[str, dict]
#: The columns of a task's table and their widths. One in which no row has anything is left out.
COLUMNS = {"Network": 30, "": 18, "Parameters": 12, "Training": 10, "Memory": 10, "Budget": 22}
COLUMNS |= {"Chapter": 20}
NOT_SORTED = ("Budget",)  # each is in words of its own
#: What the words beside a network mean is told on the page.
BEST, LEVEL, BASELINE, RECORDED = "best", "level with the best", "baseline", "recorded"


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


def seconds(value: float) -> str:
    """Write a time as one would say it."""
    if value < 1:
        return "under 1 s"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


def memory(value: float) -> str:
    """Write bytes in the unit in which one would say them."""
    units = ["bytes", "KB", "MB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:,.0f} {units[0]}"


def best_first(group: list[Row]) -> list[Row]:
    """Return the rows in the order of their values."""
    sign = 1 if group[0][1]["better"] == "lower" else -1
    return sorted(group, key=lambda row: sign * row[1]["value"])


def marks(record: dict, best: dict) -> list[str]:
    """Return the words that stand beside a network."""
    first = [BEST] if record is best else [LEVEL] if is_level(record, best) else []
    more = {BASELINE: record["baseline"], RECORDED: record["recorded"]}
    return first + [word for word, holds in more.items() if holds]


def task_table(app: Sphinx, docname: str, group: list[Row], alone: bool) -> nodes.table:
    """Return the table of a task, the best first; if it stands alone, under a name of its own."""
    rows = best_first(group)
    best = rows[0][1]
    body = []
    for page, record in rows:
        size, time, held = (record[key] for key in ("parameters", "seconds", "memory"))
        uri = app.builder.get_relative_uri(docname, page)
        title = app.env.titles[page].astext()
        body.append(
            {
                "Network": [
                    nodes.Text(record["network"]),
                    *_note(", ".join(marks(record, best))),
                    _kind(record),
                ],
                "": [sift.key(value(record), record["value"]), *_note(_between(record))],
                "Parameters": [] if size is None else [sift.key(f"{size:,}", size)],
                "Training": [] if time is None else [sift.key(seconds(time), time)],
                "Memory": [] if held is None else [sift.key(memory(held), held)],
                "Budget": _note(record["budget"], behind=""),
                "Chapter": [nodes.reference("", title, internal=True, refuri=uri)],
            }
        )
    heads = [head for head in COLUMNS if any(row[head] for row in body)]
    cells = [[row[head] or [nodes.Text("–")] for head in heads] for row in body]
    widths = tuple(COLUMNS[head] for head in heads)
    sorts = [head not in NOT_SORTED for head in heads]
    heads[1] = capital(best["metric"])
    caption = f"{capital(best['task'])}: {best['metric']}"
    table = _table(caption, heads, cells, widths, ["nn-ledger"], sorts)
    if alone:
        table["ids"] = [f"{table['ids'][0]}-alone"]
    return table


def capital(words: str) -> str:
    """Begin with a capital, and leave the others as they are: BLEU."""
    return words[:1].upper() + words[1:]


def _kind(record: dict) -> nodes.Node:
    """Return what a reader chooses rows by."""
    word = "baseline" if record["baseline"] else "network"
    return sift.field("Kind", word, int(record["baseline"]))


def value(record: dict) -> str:
    """Write a value with its spread."""
    if record["spread"] is None:
        return score(record)
    return f"{score(record)} ± {score(record, record['spread'])}"


def _between(record: dict) -> str:
    """Write the interval that the test set's size allows."""
    ends = interval(record)
    return f"{score(record, ends[0])} to {score(record, ends[1])}" if ends else ""


def _note(text: str | None, behind: str = " ") -> list[nodes.Node]:
    """Return smaller words behind a space, if there is something to say."""
    return [nodes.inline("", behind + text, classes=["nn-note"])] if text else []


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
        told = [f"{capital(rows[0]['task'])} ({rows[0]['metric']})", *cells, ahead]
        body.append([[nodes.Text(text)] for text in told])
    caption = "The best network and the best baseline"
    return _table(caption, heads, body, (30, 30, 30, 10), [], [True, False, False, True])


def _table(
    caption: str,
    heads: list[str],
    body: list[list[list[nodes.Node]]],
    widths: tuple[int, ...],
    classes: list[str],
    sorts: list[bool],
) -> nodes.table:
    name = nodes.make_id(f"results-{caption}")
    table = nodes.table("", classes=["nn-results", "generated", *classes], ids=[name])
    group = nodes.tgroup("", cols=len(heads))
    table += [nodes.title("", caption, classes=["text-start"]), group]
    group += [nodes.colspec("", colwidth=width) for width in widths]
    first = _row([[nodes.Text(head)] for head in heads])
    for head, by_it in zip(first, sorts, strict=True):
        head["classes"] += [sift.SORTS] if by_it else []
    group += nodes.thead("", first)
    group += nodes.tbody("", *map(_row, body))
    return table


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))
