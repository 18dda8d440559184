"""The map of the chapters, where `{chapter-map}` stands: what builds on what.

Each chapter is a line, in the order of the book. An arc joins it to what its own sentence "You
need" links, unless that is needed already by something else that it links. On paper the same is
said in words.
"""

import html
import json
from functools import cache

from chapter_numbers import named
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from finding.facts import FACTS, MAPS, SHOWING, Part, anchor, parts

ROW, HEAD = 30, 54  # pixels of a chapter's line and of a part's; book.css has them, too
WIDTH = 220  # of the arcs
LEAST, MOST = 26, 280  # how far an arc reaches to the side


class ChapterMap(nodes.General, nodes.Element):
    """The place of the map."""


class ChapterMapDirective(SphinxDirective):
    """Puts the map here."""

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        SHOWING(self.env)[self.env.docname] = MAPS(self.env)[self.env.docname] = True
        return [ChapterMap()]


def shown(env: BuildEnvironment) -> list[Part]:
    """Return the parts with the pages that need something, are needed, or have exercises."""
    facts = FACTS(env)
    linked = {page for page in facts if facts[page]["needs"] or facts[page]["exercises"]}
    linked |= {need for page in linked for need in facts[page]["needs"]}
    chosen = [Part(p.title, tuple(d for d in p.pages if d in linked)) for p in parts(env)]
    return [part for part in chosen if part.pages]


def arcs(needs: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return which page is joined to which: all that is needed, but not what follows from it."""

    @cache
    def below(page: str) -> frozenset[str]:
        direct = needs.get(page, [])
        return frozenset(direct).union(*map(below, direct))

    return [
        (page, need)
        for page, direct in needs.items()
        for need in dict.fromkeys(direct)
        if not any(need in below(other) for other in direct if other != need)
    ]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the map in its place."""
    for place in list(doctree.findall(ChapterMap)):
        if app.builder.name == "html":
            place.replace_self(nodes.raw("", drawn(app, docname), format="html"))
        else:
            place.replace_self(listed(app.env))


def listed(env: BuildEnvironment) -> nodes.bullet_list:
    """Return the map in words."""
    items = nodes.bullet_list()
    for page in (page for part in shown(env) for page in part.pages):
        title = named(env, page)
        needs = ", ".join(env.titles[need].astext() for need in FACTS(env)[page]["needs"])
        words = f"{title}: builds on {needs}." if needs else f"{title}."
        items += nodes.list_item("", nodes.paragraph("", words))
    return items


def drawn(app: Sphinx, docname: str) -> str:
    """Return the lines and the arcs."""
    facts, titles = FACTS(app.env), app.env.titles
    lines, middle, height = [], {}, 0
    for part in shown(app.env):
        lines.append(f'<p class="nn-way-part">{html.escape(part.title)}</p><ol>')
        height += HEAD
        for page in part.pages:
            middle[page] = height + ROW / 2
            height += ROW
            uri = app.builder.get_relative_uri(docname, page)
            title = html.escape(named(app.env, page))
            needs = facts[page]["needs"]
            names = html.escape(", ".join(titles[need].astext() for need in needs))
            said = f'<span class="visually-hidden"> builds on {names}</span>' if names else ""
            data = html.escape(json.dumps([anchor(need) for need in needs]))
            lines.append(
                f'<li id="{anchor(page)}" data-needs="{data}">'
                f'<a class="reference internal" href="{uri}">{title}</a>{said}</li>'
            )
        lines.append("</ol>")
    joined = arcs({page: facts[page]["needs"] for page in middle})
    paths = (arc(page, need, middle) for page, need in joined if need in middle)
    return (
        f'<div class="nn-way"><div>{"".join(lines)}</div><svg viewBox="0 0 {WIDTH} {height}" '
        f'preserveAspectRatio="none" aria-hidden="true">{"".join(paths)}</svg></div>'
    )


def arc(page: str, need: str, middle: dict[str, float]) -> str:
    """Return the arc between two lines; the farther they are from each other, the wider."""
    here, there = middle[page], middle[need]
    side = min(MOST, LEAST + abs(here - there) * 0.3)
    return (
        f'<path d="M0 {there:g}C{side:g} {there:g} {side:g} {here:g} 0 {here:g}" '
        f'data-from="{anchor(page)}" data-to="{anchor(need)}"/>'
    )


def setup(app: Sphinx) -> dict:
    """Add the directive; the map is made when its page is written."""
    app.add_node(ChapterMap)
    app.add_directive("chapter-map", ChapterMapDirective)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
