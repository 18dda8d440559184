"""What is wrong with the pages: shown where it is, told together at the end, and told again.

Other extensions note a problem with `add`, while pages are read or later. `report` adds Sphinx's
warnings, puts lists into the site, prints them and ends the command with 1; the site is whole by
then. `strict` sees to it that the next build looks at every page again.
"""

import json
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Of each page what is wrong with it.
PROBLEMS = Kept("problems")
#: The pages that list the problems of all pages, beside the landing page.
OVERVIEWS = Kept("problem_overviews")


def add(
    env: BuildEnvironment,
    docname: str,
    message: str,
    line: int | None = None,
    *,
    anchor: str = "",
    detail: str = "",
    hidden: bool = False,
) -> None:
    """Note a problem of a page.

    `anchor` is where on the page it is marked. `detail` is what the list at the end of the build
    adds, a traceback; the list on the page adds it too if it is `hidden` where it belongs.
    """
    place = Path(env.doc2path(docname)).relative_to(env.srcdir).as_posix()
    place += f":{line}" if line else ""
    problem = {"line": line or 0, "place": place, "message": message, "docname": docname}
    problem |= {"anchor": anchor, "detail": detail, "hidden": hidden}
    PROBLEMS(env).setdefault(docname, []).append(problem)


def records(node: nodes.Node, kind: str) -> list[dict]:
    """Return what `nnbook.teaching` recorded in the outputs below a node: claims or verdicts."""
    found = []
    for raw in node.findall(nodes.raw):
        if raw["format"] == "html":
            texts = re.findall(r'data-nnbook="([^"]*)"', raw.astext())
            found += [json.loads(unescape(text)) for text in texts]
    return [record for record in found if record["kind"] == kind]


def mark(text: str) -> nodes.inline:
    """Return words for the page that stand where something is wrong."""
    return nodes.inline("", text, classes=["nn-fails", "generated"])


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    PROBLEMS.connect(app)
    OVERVIEWS.connect(app)
    app.setup_extension("problems.strict")
    app.setup_extension("problems.report")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
