"""What a reader wants to know of a chapter before it begins, in a line below its title.

The part and the chapter's place in it, the minutes that its text takes, the number of exercises,
what it builds on, and its notebooks. Which pages it needs is said by its own sentence that begins
"You need"; the line leads to the map, where they are.
"""

import html
import math
import re
from dataclasses import dataclass

from browser import cells_file
from docutils import nodes
from execution.reading import read_notebook
from in_browser.pages import seconds
from kept import Kept
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

#: Of each page: the minutes it takes, its exercises, the pages it needs, whether it has cells.
FACTS = Kept("facts")
#: Pages that show something of all pages, and are written again when that changes.
SHOWING = Kept("pages_showing_facts")
#: The page with the map, if there is one.
MAPS = Kept("pages_with_map")

WORDS, LINES = 100, 10  # of text and of code that one reads in a minute, with a pencil
ROUND = 5  # minutes
ASIDE = {"quick-questions", "exercises", "sources"}  # sections that are not read through


@dataclass(frozen=True)
class Part:
    """A part of the book, with its pages."""

    title: str
    pages: tuple[str, ...]


def parts(env: BuildEnvironment) -> list[Part]:
    """Return the parts of the table of contents that have a title."""
    trees = env.external_site_map.root.subtrees
    return [Part(tree.caption, tuple(map(str, tree.items))) for tree in trees if tree.caption]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the facts of the page that was just read."""
    exercises = list(doctree.findall(is_exercise_node))
    FACTS(app.env)[app.env.docname] = {
        "minutes": minutes(doctree),
        "exercises": len(exercises),
        "needs": needed(app.env, doctree),
        "cells": read_notebook(app.env, app.env.docname) is not None,
    }


def minutes(doctree: nodes.document) -> float:
    """Return how long the text and the code take that are read from beginning to end."""

    def aside(node: nodes.Node) -> bool:
        left_out = isinstance(node, nodes.section) and ASIDE.intersection(node["ids"])
        printed = isinstance(node, nodes.Element) and "cell_output" in node.get("classes", [])
        return bool(left_out) or printed or is_exercise_node(node) or is_solution_node(node)

    def count(node: nodes.Node) -> float:
        if aside(node):
            return 0.0
        if isinstance(node, nodes.paragraph):
            return len(node.astext().split()) / WORDS
        if isinstance(node, nodes.literal_block):
            return len(node.astext().splitlines()) / LINES
        return sum(map(count, node.children))

    return count(doctree)


def needed(env: BuildEnvironment, doctree: nodes.document) -> list[str]:
    """Return the pages that the first sentence on what is needed links."""
    for paragraph in doctree.findall(nodes.paragraph):
        said = [node for node in paragraph.children if node.astext()]
        if said and isinstance(said[0], nodes.strong) and said[0].astext() == "You need":
            found = []
            for node in said[1:]:
                if isinstance(node, nodes.Text) and re.search(r"\.(\s|$)", node):
                    break
                for link in node.findall(addnodes.pending_xref):
                    if link["reftype"] == "doc":
                        found.append(env.relfn2path(link["reftarget"], env.docname)[0])
            return [re.sub(r"\.\w+$", "", page) for page in found]
    return []


def rounded(count: float) -> int:
    """Return minutes in steps of five."""
    return ROUND * max(1, round(count / ROUND))


def several(count: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else more}"


def anchor(page: str) -> str:
    """Return the name of a page's line in the map."""
    return "way-" + page.replace("/", "-")


def line(app: Sphinx, page: str, notebooks: list[str]) -> list[str]:
    """Return the pieces of a page's line, as HTML."""
    facts = FACTS(app.env)[page]
    pieces = []
    for part in parts(app.env):
        if page in part.pages:
            place = part.pages.index(page) + 1
            pieces.append(f"{html.escape(part.title)}, {place} of {len(part.pages)}")
    pieces.append(f"{rounded(facts['minutes'])} minutes to read")
    if facts["exercises"]:
        pieces.append(several(facts["exercises"], "exercise", "exercises"))
    for chart in MAPS(app.env):
        if facts["needs"]:
            there = f"{app.builder.get_relative_uri(page, chart)}#{anchor(page)}"
            pieces.append(f'<a class="reference internal" href="{there}">what it builds on</a>')
    up = "../" * page.count("/")
    for kind in notebooks:
        name = f"{page}.ipynb" if kind == "worked" else f"{page}-{kind}.ipynb"
        words = "notebook" if kind == "worked" else kind
        pieces.append(f'<a href="{up}_sources/{name}" download>{words}</a>')
    return pieces


def run_all(app: Sphinx, page: str) -> str:
    """Return the button that runs all cells, which a script shows. Its place moves nothing then."""
    if not cells_file(app, page).exists():
        return ""
    about = seconds(app.env, page).get("data-about", "")
    name = "Run all cells of this page but the exercises"
    button = f'<button type="button" class="run-button" aria-label="{name}">Run all</button>'
    return f'<span class="nn-facts-run">{button} {about}</span>'


def add_line(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Put the line below the title of a page with cells, except for the landing page."""
    facts = FACTS(app.env).get(page, {})
    if doctree is None or app.builder.name != "html" or not facts.get("cells"):
        return
    if page != app.config.root_doc:
        pieces = line(app, page, context.get("nnbook_notebooks", []))
        inner = "".join(f"<span>{piece}</span>" for piece in pieces) + run_all(app, page)
        below = f'</h1>\n<p class="nn-facts">{inner}</p>'
        context["body"] = context["body"].replace("</h1>", below, 1)


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that show facts of others, to write them again if any changed."""
    now = [FACTS(env), {page: title.astext() for page, title in env.titles.items()}]
    before = env.__dict__.get("nnbook_facts_state")
    env.nnbook_facts_state = [dict(each) for each in now]
    return [] if now == before else sorted(SHOWING(env))


def hours(env: BuildEnvironment, pages: tuple[str, ...]) -> int:
    """Return how many hours the text of some pages takes."""
    count = sum(FACTS(env).get(page, {}).get("minutes", 0.0) for page in pages)
    return max(1, math.ceil(count / 60))


def setup(app: Sphinx) -> dict:
    """Collect while pages are read; the line comes after the notebooks are known."""
    for kept in (FACTS, SHOWING, MAPS):
        kept.connect(app)
    app.connect("doctree-read", collect)
    app.connect("env-updated", update)
    app.connect("html-page-context", add_line, priority=500)
    return {
        "version": "1",
        "env_version": 2,  # what is kept of a page
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
