"""Small drawings for the cards of the parts: the directive `thumbnail`.

`{thumbnail} attention` draws what that part is about, and its option `alt` says it in words. The
drawings have the colours of the page, in either theme, and are in the page itself, so that none
has to be fetched. On paper the cards do without them.
"""

import math
from collections.abc import Callable
from html import escape
from itertools import pairwise

import problems
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WIDTH, HEIGHT = 160, 64


def line(*points: tuple[float, float], kind: str = "") -> str:
    """Return a line through points."""
    path = " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def dot(x: float, y: float, r: float, kind: str = "") -> str:
    """Return a filled circle."""
    return f'<circle class="{kind}" cx="{x:.4g}" cy="{y:.4g}" r="{r:.4g}"/>'


def box(x: float, y: float, w: float, h: float, kind: str = "", strong: float = 1) -> str:
    """Return a filled rectangle."""
    at = f'x="{x:.4g}" y="{y:.4g}" width="{w:.4g}" height="{h:.4g}"'
    return f'<rect class="{kind}" {at} fill-opacity="{strong:.2g}"/>'


def spiral() -> str:
    """Three arms of points."""
    arms = []
    for arm, kind in enumerate("abc"):
        for i in range(10):
            angle, r = arm * math.tau / 3 + 0.36 * i, 3 + 2.9 * i
            arms.append(dot(80 + 1.3 * r * math.cos(angle), 32 + r * math.sin(angle), 2.6, kind))
    return "".join(arms)


def neuron() -> str:
    """Three numbers go into one unit, whose answer bends."""
    into = "".join(line((34, y), (80, 32)) + dot(34, y, 4, "a") for y in (10, 32, 54))
    out = line((80, 32), (130, 32)) + dot(130, 32, 4, "b")
    return into + out + dot(80, 32, 15, "ground") + line((70, 37), (80, 37), (90, 26), kind="b")


def layers() -> str:
    """Layers whose units are all joined."""
    columns = [
        [(x, 32 + 15 * (i - (n - 1) / 2)) for i in range(n)]
        for x, n in zip((30, 80, 130), (3, 4, 2))
    ]
    joined = [line(p, q) for left, right in pairwise(columns) for p in left for q in right]
    units = [dot(*p, 4.5, kind) for column, kind in zip(columns, "acb") for p in column]
    return "".join(joined + units)


def window() -> str:
    """A window slides over the squares of an image, and gives one number."""
    squares = [
        box(26 + 9 * i, 5 + 9 * j, 8, 8, "a", 0.85 if 1 < i < 5 and 0 < j < 4 else 0.25)
        for i in range(7)
        for j in range(6)
    ]
    rays = line((71, 14), (124, 28)) + line((71, 40), (124, 36))
    return "".join(squares) + rays + box(124, 28, 8, 8, "b")


def chain() -> str:
    """A state is handed on from step to step."""
    steps = []
    for i in range(4):
        x = 20 + 34 * i
        steps += [line((x + 9, 58), (x + 9, 40)), dot(x + 9, 58, 3.5, "a")]
        steps += [line((x + 18, 26), (x + 34, 26), kind="b"), box(x, 14, 18, 24, "b", 1 - 0.2 * i)]
    return "".join(steps)


def looks() -> str:
    """Each word looks at those before it, at one of them most."""
    rows = []
    for i in range(6):
        strong = [math.exp(-abs(i - j - (i > 1))) for j in range(i + 1)]
        total = sum(strong)
        rows += [
            box(51 + 10 * j, 2 + 10 * i, 9, 9, "a", 0.08 + 0.9 * s / total)
            for j, s in enumerate(strong)
        ]
    return "".join(rows)


def bars() -> str:
    """Two results beside each other, several times."""
    pairs = [(46, 44), (30, 33), (52, 51), (38, 30)]
    return line((22, 58), (138, 58)) + "".join(
        box(28 + 28 * i, 58 - p, 10, p, "a") + box(39 + 28 * i, 58 - q, 10, q, "b")
        for i, (p, q) in enumerate(pairs)
    )


def tangent() -> str:
    """A curve, and the line that touches it."""
    curve = [(x, 54 - 0.0055 * (x - 40) ** 2) for x in range(24, 133, 6)]
    x, slope = 96, -0.011 * 56
    y = 54 - 0.0055 * 56**2
    touching = [(each, y + slope * (each - x)) for each in (58, 134)]
    return line(*curve, kind="a") + line(*touching, kind="b") + dot(x, y, 4, "b")


DRAWINGS: dict[str, Callable[[], str]] = {
    each.__name__: each for each in (spiral, neuron, layers, window, chain, looks, bars, tangent)
}


class Thumbnail(nodes.General, nodes.Element):
    """A place for a drawing."""


class ThumbnailDirective(SphinxDirective):
    """Leaves a place for a drawing."""

    required_arguments = 1
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the place; a drawing that is not known, or that nobody describes, is a problem."""
        (name,) = self.arguments
        if name in DRAWINGS and self.options.get("alt"):
            return [Thumbnail(drawing=name, alt=self.options["alt"])]
        known = ", ".join(DRAWINGS)
        message = f"thumbnail: expected one of {known}, with `alt`, got {name!r}, {self.options}"
        problems.add(self.env, self.env.docname, message)
        return []


def drawn(name: str, alt: str) -> str:
    """Return a drawing as part of a page."""
    said = f'class="nn-thumbnail" role="img" aria-label="{escape(alt)}"'
    return f'<svg {said} viewBox="0 0 {WIDTH} {HEIGHT}">{DRAWINGS[name]()}</svg>'


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the drawings in their places, on pages of the site."""
    for place in list(doctree.findall(Thumbnail)):
        if app.builder.name == "html":
            place.replace_self(nodes.raw("", drawn(place["drawing"], place["alt"]), format="html"))
        else:
            place.parent.remove(place)


def setup(app: Sphinx) -> dict:
    """Add the directive."""
    app.add_node(Thumbnail)
    app.add_directive("thumbnail", ThumbnailDirective)
    app.connect(
        "doctree-resolved", fill, priority=100
    )  # before paper looks for what it cannot show
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
