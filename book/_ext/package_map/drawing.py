"""The map as a picture: boxes for the parts, arrows to what each imports, and the same in words.

Its colours are those of the page, so it is drawn once for light and dark. Its letters can be read
on a telephone, which is what its width is made for.
"""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from package_map.layout import Way, rows_and_ways

WIDTH, STEP, MARGIN = 372, 62, 22  # the picture's width, from row to row, above and below
LETTER, HIGH, ROOM = 6.7, 24, 13  # a letter's width, a box's height, the room beside its name
PASSING = 10  # how wide the place of an arrow is that passes a row


def draw(arrows: Mapping[str, set[str]]) -> str:
    """Return the picture, with a description that lists its arrows."""
    rows, ways = rows_and_ways(arrows)
    tall = 2 * MARGIN + (len(rows) - 1) * STEP
    middle = {}
    for height, row in enumerate(rows):
        widths = [_width(place) for place in row]
        gap = (WIDTH - 2 - sum(widths)) / (len(row) + 1)
        left = 1.0
        for place, width in zip(row, widths):
            middle[place] = (left + gap + width / 2, tall - MARGIN - height * STEP)
            left += gap + width
    lines = [_arrow(way, middle) for way in ways]
    boxes = [_box(part, *middle[part]) for part in arrows]
    said = f'role="img" aria-label="{escape(words(arrows))}"'
    return (
        f'<svg class="nn-map" viewBox="0 0 {WIDTH} {tall}" {said}>'
        '<defs><marker id="nn-map-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0.5 8 4 0 7.5z"/></marker></defs>'
        f"{''.join(lines)}{''.join(boxes)}</svg>"
    )


def words(arrows: Mapping[str, set[str]]) -> str:
    """Return what the picture shows, in words."""
    told = [
        f"{part} to {' and '.join(sorted(others))}" for part, others in arrows.items() if others
    ]
    alone = [part for part, others in arrows.items() if not others]
    return (
        "A map of the package: a box for each part, in rows, and arrows that all point down, from "
        f"a part to those it imports. They lead from {'; from '.join(told)}. "
        f"No arrow starts at {' and '.join(alone)}."
    )


def _width(place: str) -> float:
    return PASSING if ">" in place else len(place) * LETTER + ROOM


def _box(part: str, x: float, y: float) -> str:
    wide, left, top = _width(part), x - _width(part) / 2, y - HIGH / 2
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{HIGH}" rx="5"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}">{escape(part)}</text>'
    )


def _arrow(way: Way, middle: Mapping[str, tuple[float, float]]) -> str:
    """Return a line down its way: out of a box below it, into a box from above."""
    points = [middle[place] for place in way]
    first, last = points[0], points[-1]
    points[0], points[-1] = (first[0], first[1] + HIGH / 2), (last[0], last[1] - HIGH / 2 - 1)
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (y + to_y) / 2
        path += f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path class="nn-map-arrow" d="{path}" marker-end="url(#nn-map-tip)"/>'
