"""A plan for those who teach with the book: `{weeks}`, a line for each week.

    ```{weeks}
    Learning from mistakes: components/losses components/searching
    ```

Nothing but the order is typed in. How many exercises a chapter has, and how long it takes, is
counted in its source: so many words and lines of code a minute, so many minutes an exercise.
"""

import re
from pathlib import Path

import problems
from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from status import table, text

#: True for each page with a plan.
PLANS = Kept("plans")
WORDS, LINES = 100, 10  # that one reads in a minute, with a pencil
EXERCISE = 20  # minutes
HEADS = ("Week", "Subject and chapters", "Exercises", "Hours to read", "Hours to solve")
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXERCISES = re.compile(r"^```+\{exercise(?:-start)?\}", re.MULTILINE)


class Plan(nodes.General, nodes.Element):
    """Stands where the table will be, when all pages are known by their titles."""


class WeeksDirective(SphinxDirective):
    """Puts the plan here."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Keep the weeks, and the place."""
        PLANS(self.env)[self.env.docname] = True
        weeks = []
        for line in filter(None, self.content):
            subject, _, pages = line.partition(": ")
            weeks.append((subject, pages.split()))
            for page in weeks[-1][1]:
                self.env.note_dependency(f"{page}.md")
                if page not in self.env.found_docs:
                    message = f"the plan of weeks names {page}, which is no page of the book"
                    problems.add(self.env, self.env.docname, message, self.lineno)
        return [Plan(weeks=weeks)]


def count(source: str) -> tuple[int, float, float]:
    """Return how many exercises a chapter has, and the hours to read it and to solve them."""
    body = re.split(r"^## Exercises$", source, maxsplit=1, flags=re.MULTILINE)[0]
    lines = sum(len(cell.splitlines()) for cell in CELL.findall(body))
    words = len(CELL.sub("", body).split())
    exercises = len(EXERCISES.findall(source))
    return exercises, (words / WORDS + lines / LINES) / 60, exercises * EXERCISE / 60


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table into its place."""
    for place in list(doctree.findall(Plan)):
        rows, sums = [], [0.0, 0.0, 0.0]
        for number, (subject, pages) in enumerate(place["weeks"], 1):
            known = [page for page in pages if page in app.env.found_docs]
            counted = [count(source(app.env, page)) for page in known]
            totals = [sum(values) for values in zip(*counted)] or [0, 0, 0]
            sums = [a + b for a, b in zip(sums, totals)]
            chapters = nodes.paragraph("", f"{subject}: ")
            for i, page in enumerate(known):
                chapters += nodes.Text(", " if i else "")
                chapters += link(app, docname, page)
            rows.append([text(str(number)), chapters, *numbers(totals)])
        rows.append([text(), text("Together"), *numbers(sums)])
        place.replace_self(table(HEADS, rows))


def numbers(totals: list[float]) -> list[nodes.paragraph]:
    """Return the last three cells of a row."""
    exercises, reading, solving = totals
    return [text(f"{exercises:.0f}"), text(f"{reading:.1f}"), text(f"{solving:.1f}")]


def link(app: Sphinx, docname: str, page: str) -> nodes.reference:
    """Return a link to a page by its title."""
    address = app.builder.get_relative_uri(docname, page)
    return nodes.reference("", app.env.titles[page].astext(), internal=True, refuri=address)


def source(env: BuildEnvironment, page: str) -> str:
    """Return the text of a page."""
    return Path(env.doc2path(page)).read_text(encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_node(Plan)
    app.add_directive("weeks", WeeksDirective)
    app.connect("doctree-resolved", fill)
    PLANS.connect(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
