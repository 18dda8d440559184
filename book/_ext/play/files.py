"""The programs of the figures and their data, as files of the site: `_static/play/`.

`kit.js` is on every page that has a figure; it loads the rest when a figure comes into view. The
addresses bear a digest of the content, so that no browser keeps an old one.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from play.directive import ASKED
from play.recorded import RECORDED

PROGRAMS = Path(__file__).resolve().parents[2] / "_play"
NEEDS = re.compile(r"^// Needs: (.+?)\.?$", re.MULTILINE)


def program(name: str) -> Path:
    """Return the file that draws a figure."""
    return PROGRAMS / "figures" / f"{name}.js"


def needs(path: Path) -> list[Path]:
    """Return the networks that a program says it needs, those first that they need themselves."""
    found: dict[Path, None] = {}
    for line in NEEDS.findall(path.read_text(encoding="utf-8")):
        for name in re.split(r"[,\s]+", line):
            other = PROGRAMS / "net" / f"{name}.js"
            found |= dict.fromkeys([*needs(other), other] if other.exists() else [other])
    return list(found)


def kit() -> str:
    """Return the part that all figures share, in one file."""
    files = sorted((PROGRAMS / "kit").glob("*.js"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


_texts: dict[str, str] = {}
#: What the build knows of all pages, by the name under which a figure asks for it: of the
#: application and the page that shows it, the values.
OFFERED: dict[str, Callable[[Sphinx, str], dict]] = {}


def needed(name: str, page: str, data: list[str]) -> list[str]:
    """Return the files that a figure loads, in their order, below `_static/play`."""
    path = program(name)
    if not path.exists():
        return []
    files = [*needs(path), path]
    listed = [f"{f.relative_to(PROGRAMS).as_posix()}?v={_digest(f)}" for f in files if f.exists()]
    sent = [f"data/{page}/{each}.js" for each in data]
    return [
        f"{file}?v={_short(_texts[file])}" if file in _texts else file for file in sent
    ] + listed


@cache
def _digest(path: Path) -> str:
    return _short(path.read_text(encoding="utf-8"))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def gather(app: Sphinx, env: object) -> None:
    """Make the data files of all pages, once all are read. On paper nothing plays."""
    _texts.clear()
    if app.builder.name != "html":
        return
    for page, records in RECORDED.pages(app.env).items():
        for record in records:
            _keep(page, record["name"], record["values"])
    for page, figures in ASKED(app.env).items():
        for name in {name for figure in figures for name in figure["data"]} & OFFERED.keys():
            _keep(page, name, OFFERED[name](app, page))


def _keep(page: str, name: str, values: dict) -> None:
    key, text = json.dumps(f"{page}/{name}"), json.dumps(values, separators=(",", ":"))
    _texts[f"data/{page}/{name}.js"] = f"NN.data({key},{text});\n"


def add_kit(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give what all figures share to the pages that have one."""
    if app.builder.name == "html" and page in ASKED(app.env):
        app.add_js_file("play/kit.js", loading_method="defer")
        app.add_css_file("play/play.css")


def write(app: Sphinx) -> list:
    """Write the files, before the pages name them."""
    if app.builder.name != "html":
        return []
    target = Path(app.outdir, "_static", "play")
    for folder in ("net", "figures"):
        shutil.rmtree(target / folder, ignore_errors=True)
        if (PROGRAMS / folder).exists():
            shutil.copytree(PROGRAMS / folder, target / folder)
    shutil.rmtree(target / "data", ignore_errors=True)
    for file, text in {"kit.js": kit(), **_texts}.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text(text, encoding="utf-8")
    shutil.copy(PROGRAMS / "play.css", target / "play.css")
    return []


def setup(app: Sphinx) -> dict:
    """Write the files before the pages, and name the shared ones on the pages that play."""
    app.connect("env-updated", gather)
    app.connect("html-collect-pages", write)
    app.connect("html-page-context", add_kit)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
