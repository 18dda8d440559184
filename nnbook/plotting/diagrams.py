"""Drawings of what a network is made of, as one would draw them on a blackboard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from nnbook.plotting.figures import CYCLE, INK, PAPER, _axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def network(
    units: Sequence[int],
    names: Sequence[Sequence[str]] | None = None,
    *,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Draw a dense network: a column of circles for each layer, a line for each weight.

    `units` has the number of units of each layer, the inputs first; `names` a text for every
    circle, layer by layer. Inputs are small dots, because they compute nothing. Raises ValueError
    if there are not two layers, a layer is empty, or the names do not fit.
    """
    if len(units) < 2 or min(units) < 1:
        raise ValueError(f"network expected two or more layers of one or more units, got {units}")
    if names is not None and [len(layer) for layer in names] != list(units):
        raise ValueError(f"expected a name for each of {list(units)} units, got {names}")
    fig, ax = _axes(ax)
    columns = [(np.arange(n) - (n - 1) / 2)[::-1] for n in units]
    for x, (left, right) in enumerate(pairwise(columns)):
        for low in left:
            for high in right:
                ax.plot([1.6 * x, 1.6 * (x + 1)], [low, high], color=CYCLE[0], lw=0.9, zorder=1)
    for x, column in enumerate(columns):
        size, face = (90, INK) if x == 0 else (420, PAPER)
        ax.scatter([1.6 * x] * len(column), column, size, face, edgecolors=INK, zorder=2)
        for k, y in enumerate(column):
            place: dict[str, Any] = {"ha": "right" if x == 0 else "center", "va": "center"}
            if names is not None:
                ax.text(1.6 * x - 0.15 * (x == 0), y, names[x][k], fontsize=9, zorder=3, **place)
    ax.margins(0.12)
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="datalim")
    return fig, ax
