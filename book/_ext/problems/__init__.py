"""What is wrong with the pages, collected while they are read and reported together.

A warning would be forgotten by the next build, which does not read the page again. So the build
ends here, before Sphinx saves what it read: the next build reads the page again and ends alike.
"""

import json
import re
from html import unescape
from pathlib import Path

from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Of each page what is wrong with it: lines, and words.
PROBLEMS = Kept("problems")


def add(env: BuildEnvironment, docname: str, message: str, line: int | None = None) -> None:
    """Note a problem of a page."""
    place = Path(env.doc2path(docname)).relative_to(env.srcdir).as_posix()
    place += f":{line}" if line else ""
    PROBLEMS(env).setdefault(docname, []).append((line or 0, f"{place}: {message}"))


def records(node: nodes.Node, kind: str) -> list[dict]:
    """Return what `nnbook.teaching` recorded in the outputs below a node: claims or verdicts."""
    found = []
    for raw in node.findall(nodes.raw):
        if raw["format"] == "html":
            texts = re.findall(r'data-nnbook="([^"]*)"', raw.astext())
            found += [json.loads(unescape(text)) for text in texts]
    return [record for record in found if record["kind"] == kind]


def report(app: Sphinx, env: BuildEnvironment) -> None:
    """End the build if any page has a problem, naming them all."""
    lines = [text for page in PROBLEMS(env).values() for _, text in sorted(page)]
    if lines:
        PROBLEMS(env).clear()
        count = f"{len(lines)} problem" + ("s" if len(lines) > 1 else "")
        # Not an exception: Jupyter Book would bury the message under its own traceback.
        raise SystemExit("\n  ".join([f"{count} in the pages:", *lines]))


def setup(app: Sphinx) -> dict:
    """Report after all pages are read and all other extensions have looked at them."""
    PROBLEMS.connect(app)
    app.connect("env-updated", report, priority=900)
    app.setup_extension("problems.strict")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
