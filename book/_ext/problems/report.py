"""Tell what is wrong: on the page that has it, on the landing page and the ledger, and at the end.

Some problems are known only when all pages are written, such as a dead link. So every page has a
place for its list, an empty comment, which is filled when the site stands.
"""

import logging
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE, WarningStreamHandler

from problems import OVERVIEWS, PROBLEMS, add

EMPTY = "<!-- problems -->"
LAST = 950  # after all that looks at the site, or mends it


class Listener(logging.Filter):
    """Notes the warnings that Sphinx shows, where they are errors."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__()
        self.app = app

    def filter(self, record: logging.LogRecord) -> bool:
        """Note a warning; let it pass."""
        path, _, rest = str(getattr(record, "location", None) or "").partition(":")
        docname = self.app.env and self.app.env.path2doc(path) if path else None
        line = rest.rpartition(":")[2]
        try:
            message = logging.LogRecord.getMessage(record)  # without its place
        except (TypeError, ValueError):  # a per cent sign that stands for itself
            message = str(record.msg)
        known = docname in self.app.env.found_docs if docname else False
        page = docname if known else self.app.config.root_doc
        message = " ".join(message.split())
        said = message if known or not path else f"{path}: {message}"
        add(self.app.env, page, said, int(line) if known and line.isdigit() else None)
        return True


def listen(app: Sphinx) -> None:
    """Hear the warnings, after the filters that drop some of them."""
    if app.keep_going or app.warningiserror:
        for handler in logging.getLogger(NAMESPACE).handlers:
            if isinstance(handler, WarningStreamHandler):
                handler.addFilter(Listener(app))


def leave_place(
    app: Sphinx, page: str, template: str, context: dict, doctree: object | None
) -> None:
    """Leave the place of the list at the top of a page."""
    if doctree is not None:
        context["body"] = EMPTY + context.get("body", "")


def report(app: Sphinx, error: Exception | None) -> None:
    """Fill the places, print what is wrong, and end the command with 1."""
    found = [] if error else problems(app)
    if not found:
        return
    html = app.builder.format == "html"
    if html:
        overviews = {app.config.root_doc, *OVERVIEWS(app.env)}
        for page in {*overviews, *PROBLEMS(app.env)}:
            own = [problem for problem in found if problem["docname"] == page]
            show(app, page, found if page in overviews else own)
    lines = [f"{_count(found)} in the pages:"]
    for problem in found:
        lines.append(f"  {problem['place']}: {problem['message']}")
        lines += [f"      {line}" for line in problem["detail"].splitlines()]
    if html:
        lines.append(f"The site is there all the same, and shows them: {app.outdir}/index.html")
    # Not an exception: Jupyter Book would bury the message under its own traceback.
    raise SystemExit("\n".join(lines))


def problems(app: Sphinx) -> list[dict]:
    """Return all problems: pages in the order of the contents, lines in the order of the page."""
    pages = PROBLEMS(app.env)
    order = [name for name in getattr(app.env, "external_site_map", ()) if name in pages]
    order += [name for name in sorted(pages) if name not in order]
    found = [p for name in order for p in sorted(pages[name], key=lambda p: p["line"])]
    return [p for i, p in enumerate(found) if p not in found[:i]]


def show(app: Sphinx, page: str, found: list[dict]) -> None:
    """Put a list of problems into the place that a page has for it."""
    path = Path(app.builder.get_outfilename(page))
    if not path.exists():
        return
    items = "".join(f"<li>{_item(app, page, problem)}</li>" for problem in found)
    head = f"{_count(found)} in this build" if page == app.config.root_doc else _count(found)
    box = f'<div class="nn-notice nn-problems" role="note"><p><strong>{head}</strong></p>'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(EMPTY, f"{box}<ul>{items}</ul></div>", 1), encoding="utf-8")


def _item(app: Sphinx, page: str, problem: dict) -> str:
    uri = app.builder.get_relative_uri(page, problem["docname"])
    uri += f"#{problem['anchor']}" if problem["anchor"] else ""
    place = f'<a href="{escape(uri)}">{escape(problem["place"])}</a>' if uri else problem["place"]
    detail = f"<pre>{escape(problem['detail'])}</pre>" if problem["hidden"] else ""
    return f"{place}: {escape(problem['message'])}{detail}"


def _count(found: list[dict]) -> str:
    return f"{len(found)} problem" + ("s" if len(found) > 1 else "")


def setup(app: Sphinx) -> dict:
    """Listen from the beginning, report at the end."""
    app.connect("builder-inited", listen)
    app.connect("html-page-context", leave_place)
    app.connect("build-finished", report, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
