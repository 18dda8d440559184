"""The book's figures: one style, and the kinds of figure that come back in every part.

`figures` has those that stand still, `diagrams` drawings of networks, `animation` those that a
reader can play. Matplotlib is
imported inside the functions: `import nnbook.plotting` costs nothing.
"""

from nnbook.plotting.animation import Animation, animate
from nnbook.plotting.diagrams import network
from nnbook.plotting.figures import (
    CYCLE,
    DIVERGING,
    FAINT,
    INK,
    PAPER,
    SEQUENTIAL,
    boundary,
    confusion,
    curves,
    heatmap,
    images,
    style,
)

__all__ = [
    "CYCLE",
    "DIVERGING",
    "FAINT",
    "INK",
    "PAPER",
    "SEQUENTIAL",
    "Animation",
    "animate",
    "boundary",
    "confusion",
    "curves",
    "heatmap",
    "images",
    "network",
    "style",
]
