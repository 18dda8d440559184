"""A plan for those who teach with the book: `{weeks}`, a line for each week.

    ```{weeks}
    Learning from mistakes: components/losses components/searching
    ```

Nothing but the order is typed in. How many exercises a chapter has, and how long its text takes, is
what the line below its title says (`finding.facts`); an exercise takes so many minutes.
"""

import problems
from docutils import nodes
from finding.facts import FACTS, SHOWING
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from status import table, text

EXERCISE = 20  # minutes
HEADS = ("Week", "Subject and chapters", "Exercises", "Hours to read", "Hours to solve")


class Plan(nodes.General, nodes.Element):
    """Stands where the table will be, when all pages are known by their titles."""


class WeeksDirective(SphinxDirective):
    """Puts the plan here."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Keep the weeks, and the place."""
        SHOWING(self.env)[self.env.docname] = True
        weeks = []
        for line in filter(None, self.content):
            subject, _, pages = line.partition(": ")
            weeks.append((subject, pages.split()))
            for page in weeks[-1][1]:
                if page not in self.env.found_docs:
                    message = f"the plan of weeks names {page}, which is no page of the book"
                    problems.add(self.env, self.env.docname, message, self.lineno)
        return [Plan(weeks=weeks)]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table into its place."""
    facts = FACTS(app.env)
    for place in list(doctree.findall(Plan)):
        rows, sums = [], [0.0, 0.0, 0.0]
        for number, (subject, pages) in enumerate(place["weeks"], 1):
            known = [page for page in pages if page in facts]
            exercises = sum(facts[page]["exercises"] for page in known)
            reading = sum(facts[page]["minutes"] for page in known)
            totals = [exercises, reading / 60, exercises * EXERCISE / 60]
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


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_node(Plan)
    app.add_directive("weeks", WeeksDirective)
    app.connect("doctree-resolved", fill)
    app.setup_extension("finding")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
