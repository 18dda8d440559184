"""The figure of a task: the score of each network against its size, or its training time."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from results.luck import is_share
from results.table import best_first, capital, seconds

MARKERS = "osD^vPXp*<>hd8H"  # more than there are colours, so that no two networks look alike
AXES = {"parameters": "trainable parameters", "seconds": "training time in seconds"}
#: A scale on which the largest value would press the others together is logarithmic.
WIDE = 5


def draw(
    app: Sphinx, docname: str, records: list[dict], against: str, score: Callable
) -> nodes.image:
    """Draw the records of a task into a file of the build; return the picture for the page."""
    records = [record for _, record in best_first([("", record) for record in records])]
    task, metric = records[0]["task"], records[0]["metric"]
    slug = re.sub(r"\W+", "-", f"results-{task}-{metric}-{against}".lower()).strip("-")
    path = Path(app.doctreedir).parent / "results" / f"{slug}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    _plot(records, against, path)
    uri = path.as_posix()
    app.env.images.add_file(docname, uri)
    alt = describe(records, against, score)
    return nodes.image("", uri=uri, candidates={"*": uri}, alt=alt)


def describe(records: list[dict], against: str, score: Callable) -> str:
    """Say in words what the figure shows."""
    first = records[0]
    points, lines = [], []
    for record in records:
        at, said = record[against], f"{record['network']} {score(record)}"
        if not at:
            lines.append(said)
        elif against == "seconds":
            points.append(f"{said} in {seconds(at)}")
        else:
            points.append(f"{said} with {at:,}")
    text = f"{capital(first['metric'])} on {first['task']} against {AXES[against]}"
    if points:
        text += ". As points, the best first: " + ", ".join(points)
    if lines:
        text += ". As lines, without such a number: " + ", ".join(lines)
    return text + "."


def _plot(records: list[dict], against: str, path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator

    from nnbook import plotting

    share = is_share(records[0]["metric"])
    scale = 100 if share else 1
    unit = "%" if share else ""
    values = [scale * record["value"] for record in records]
    far = _far([value for record, value in zip(records, values) if record[against]], values)
    with mpl.rc_context():
        plotting.style()
        fig = Figure(figsize=(5.6, 3.1 + 0.2 * -(-len(records) // 2)))
        ax = fig.subplots()
        for i, record in enumerate(records):
            colour = plotting.CYCLE[i % len(plotting.CYCLE)]
            name = record["network"] + (" (baseline)" if record["baseline"] else "")
            if not record[against]:
                if values[i] in far:
                    name += f" at {values[i]:.3g}{unit}, outside"
                    ax.plot([], [], ls="none", label=name)
                    continue
                styles = ("--", ":", "-.")
                ax.axhline(values[i], color=colour, lw=1.3, ls=styles[i % 3], label=name)
                continue
            if record["spread"] is not None:
                ends = {"yerr": scale * record["spread"], "ecolor": colour, "capsize": 3}
                ax.errorbar(record[against], values[i], fmt="none", elinewidth=1.3, **ends)
            look = {"ls": "none", "marker": MARKERS[i % len(MARKERS)], "ms": 7, "color": colour}
            look["mfc"] = plotting.PAPER if record["baseline"] else colour
            ax.plot(record[against], values[i], label=name, **look)
        at = [record[against] for record in records if record[against]]
        if at and max(at) > WIDE * min(at):
            ax.set_xscale("log")
            ax.set_xlim(min(at) / 1.6, max(at) * 1.6)
        if min(values) > 0 and max(values) > WIDE * min(values):
            ax.set_yscale("log")
            ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            ax.yaxis.set_minor_locator(LogLocator(subs=()))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}{unit}"))
        ax.set(xlabel=AXES[against], ylabel=records[0]["metric"])
        _legend(fig, len(records))
        fig.savefig(path, metadata={"Software": None})


def _legend(fig: Any, names: int) -> None:
    """Put the names below, in two columns if the longest have room there, else in one."""
    for size in (8, 7):
        legend = fig.legend(loc="outside lower center", ncols=2, fontsize=size)
        fig.draw_without_rendering()
        if legend.get_window_extent().width <= fig.bbox.width:
            return
        legend.remove()
    fig.set_figheight(3.1 + 0.2 * names)
    fig.legend(loc="outside lower center", fontsize=8)


def _far(points: list[float], values: list[float]) -> list[float]:
    """Return the values so far off that they would press the points together."""
    span = max(points, default=0) - min(points, default=0)
    if span == 0:
        return []
    return [v for v in values if not min(points) - 3 * span < v < max(points) + 3 * span]
