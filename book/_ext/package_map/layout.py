"""Places for the parts of a map whose arrows all point down: rows, and an order in each of them.

A part stands just below the lowest that imports it, or, if none does, one row above the highest
that it imports. An arrow over several rows gets a place in each, so that it passes between parts.
"""

from collections.abc import Mapping
from itertools import pairwise

Rows = list[list[str]]
Way = tuple[str, ...]


def heights(arrows: Mapping[str, set[str]]) -> dict[str, int]:
    """Return the row of each part, counted from the bottom."""
    users = {part: {p for p, others in arrows.items() if part in others} for part in arrows}
    height: dict[str, int] = {}

    def lowest(part: str) -> int:
        if part not in height:
            height[part] = max((lowest(other) + 1 for other in arrows[part]), default=0)
        return height[part]

    for part in sorted(arrows, key=lowest, reverse=True):
        if users[part]:
            height[part] = min(height[user] for user in users[part]) - 1
    return height


def rows_and_ways(arrows: Mapping[str, set[str]]) -> tuple[Rows, list[Way]]:
    """Return the rows from the bottom up, and for each arrow the places it passes, downwards."""
    height = heights(arrows)
    rows: Rows = [[] for _ in range(max(height.values()) + 1)]
    for part in arrows:
        rows[height[part]].append(part)
    ways = []
    for part, others in arrows.items():
        for other in sorted(others):
            between = [f"{part}>{other}>{h}" for h in range(height[part] - 1, height[other], -1)]
            for h, place in zip(range(height[part] - 1, height[other], -1), between):
                rows[h].append(place)
            ways.append((part, *between, other))
    return untangled(rows, ways), ways


def untangled(rows: Rows, ways: list[Way]) -> Rows:
    """Return the rows in an order with few crossings: each place near the middle of its ends."""
    steps = [pair for way in ways for pair in pairwise(way)]
    best, fewest = rows, crossings(rows, steps)
    rows = [list(row) for row in rows]
    for sweep in range(40):
        upwards = sweep % 2 == 0
        for row in rows if upwards else rows[::-1]:
            at = {place: i / max(len(r) - 1, 1) for r in rows for i, place in enumerate(r)}
            ends: dict[str, list[float]] = {place: [] for place in row}
            for above, below in steps:
                if upwards and above in ends:
                    ends[above].append(at[below])
                elif not upwards and below in ends:
                    ends[below].append(at[above])
            row.sort(
                key=lambda place: sum(ends[place]) / len(ends[place]) if ends[place] else at[place]
            )
        if (now := crossings(rows, steps)) < fewest:
            best, fewest = [list(row) for row in rows], now
    return best


def crossings(rows: Rows, steps: list[tuple[str, str]]) -> int:
    """Return how many pairs of arrows cross between neighbouring rows."""
    at = {place: (h, i) for h, row in enumerate(rows) for i, place in enumerate(row)}
    lines = [(at[above], at[below]) for above, below in steps]
    return sum(
        a[0][0] == b[0][0] and (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
        for i, a in enumerate(lines)
        for b in lines[:i]
    )
