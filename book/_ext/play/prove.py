"""What is wrong with the figures to play with: told with all other problems of the build."""

from collections import Counter
from pathlib import Path

import problems
from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from play.directive import ASKED
from play.files import OFFERED, needs, program
from play.recorded import RECORDED

HEAVIEST = 15_000  # bytes that a figure's program may have, without what figures share

#: Of each page the names of its elements.
NAMES = Kept("play_names")


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the names of the page that was just read, if it has a figure to play with."""
    if app.env.docname in ASKED(app.env):
        names = {name for node in doctree.findall(nodes.Element) for name in node.get("ids", ())}
        NAMES(app.env)[app.env.docname] = names


def prove(app: Sphinx, env: BuildEnvironment) -> None:
    """Compare what the figures ask for with what there is."""
    recorded = RECORDED.pages(env)
    for page, figures in ASKED(env).items():
        there = {record["name"] for record in recorded.get(page, [])} | OFFERED.keys()
        for figure in figures:
            for message in faults(figure, there, NAMES(env).get(page, set())):
                problems.add(env, page, f"the figure to play with {message}", figure["line"])
    for page, records in recorded.items():
        asked = Counter(name for figure in ASKED(env).get(page, []) for name in figure["data"])
        for record in records:
            if not asked[record["name"]]:
                problems.add(env, page, f"no figure uses the figure_data {record['name']!r}")


def faults(figure: dict, there: set[str], names: set[str]) -> list[str]:
    """Return what one figure lacks."""
    path = program(figure["name"])
    found = [
        f"{figure['name']!r} needs the data {name!r}, which no cell of the page hands over"
        for name in figure["data"]
        if name not in there
    ]
    if figure["still"] not in names:
        found.append(
            f"{figure['name']!r} has no still picture: nothing is named {figure['still']!r}"
        )
    if not path.exists():
        return [*found, f"{figure['name']!r} has no program {_short(path)}"]
    if (size := path.stat().st_size) > HEAVIEST:
        found.append(f"{figure['name']!r} weighs {size:,} bytes, expected at most {HEAVIEST:,}")
    if f'NN.figure("{figure["name"]}"' not in path.read_text(encoding="utf-8"):
        found.append(f"{figure['name']!r}: {_short(path)} does not call NN.figure with its name")
    missing = [other for other in needs(path) if not other.exists()]
    found += [f"{figure['name']!r} needs {_short(other)}, which is not there" for other in missing]
    return found


def _short(path: Path) -> str:
    return "/".join(path.parts[-4:])


def setup(app: Sphinx) -> dict:
    """Look at each page, prove when all are read."""
    app.setup_extension("problems")
    app.connect("doctree-read", look)
    NAMES.connect(app)
    app.connect("env-updated", prove)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
