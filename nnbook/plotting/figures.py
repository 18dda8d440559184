"""The book's figures: one style, and the kinds of figure that come back in every part.

A figure lies on a light card of its own (`PAPER`), so it reads the same on a light and a dark page.
The first four colours differ for colour-blind readers too; all stand out from the card by 3 to 1.
Matplotlib is imported inside the functions: `import nnbook.plotting` costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER = "#fbfaf6"  # the card
INK = "#2f3440"  # text, axes, points that are no series
FAINT = "#d9d7cf"  # grid lines
CYCLE = ("#1d56a5", "#d65f00", "#009077", "#7a2582", "#8a7a00", "#4397c9", "#6b6b76")
SEQUENTIAL = "viridis"
DIVERGING = "RdBu_r"

_STYLE = {
    # As wide as the text, about 30 KB.
    "figure": {"figsize": (5.6, 3.3), "dpi": 125, "facecolor": PAPER},
    "figure.constrained_layout": {"use": True},
    "savefig": {"facecolor": PAPER},
    "axes": {"facecolor": PAPER, "edgecolor": INK, "labelcolor": INK, "titlecolor": INK}
    | {"titlesize": 9.5, "titleweight": "bold", "titlelocation": "left", "linewidth": 0.8}
    | {"grid": True, "axisbelow": True},
    "axes.spines": {"top": False, "right": False},
    "grid": {"color": FAINT, "linewidth": 0.6},
    "font": {"size": 9},
    "text": {"color": INK},
    "xtick": {"color": INK},
    "ytick": {"color": INK},
    "lines": {"linewidth": 1.8, "markersize": 5},
    "legend": {"frameon": False},
    "image": {"cmap": SEQUENTIAL, "interpolation": "nearest"},
}


def style() -> None:
    """Make every figure that follows one of the book: call it once a page."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    groups: Any = _STYLE  # which are literals to matplotlib's stub
    for group, settings in groups.items():
        mpl.rc(group, **settings)
    mpl.rc("axes", prop_cycle=plt.cycler(color=CYCLE))


def curves(
    series: Mapping[str, Any],
    *,
    at: Sequence[float] | None = None,
    x: str = "step",
    y: str = "",
    log: bool = False,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Draw one line a series, or for several runs their mean in a band of the sample deviation.

    `series` maps names to values (T,), or (R, T) for R runs; a training history will do. They
    lie at the places `at` (T,), or at 1, 2, ... `x` and `y` label the axes; `log` is for the y
    axis; `ax` draws into a figure that exists. Raises ValueError for any other shape, or none.
    """
    if not series:
        raise ValueError("curves expected at least one series, got none")
    fig, ax = _axes(ax)
    for name, values in series.items():
        runs = np.atleast_2d(np.asarray(values, dtype=float))
        if runs.ndim > 2:
            raise ValueError(f"series {name!r}: expected (T,) or (R, T), got {runs.shape}")
        places = np.arange(1, runs.shape[1] + 1) if at is None else np.asarray(at)
        if len(places) != runs.shape[1]:
            raise ValueError(f"series {name!r} has {runs.shape[1]} values for {len(places)} places")
        middle = runs.mean(axis=0)
        (line,) = ax.plot(places, middle, label=name)
        if len(runs) > 1:
            spread, color = runs.std(axis=0, ddof=1), line.get_color()
            ax.fill_between(places, middle - spread, middle + spread, color=color, alpha=0.2, lw=0)
    ax.set(xlabel=x, ylabel=y, yscale="log" if log else "linear")
    if len(series) > 1:
        ax.legend()
    return fig, ax


def images(
    pictures: Any,
    titles: Sequence[Any] | None = None,
    *,
    columns: int = 8,
    cmap: str = "gray_r",
    limits: tuple[float, float] | None = None,
) -> tuple[Figure, np.ndarray]:
    """Draw pictures (N, H, W), (N, 1, H, W) or (N, 3, H, W) in rows, each under its title.

    The scale from light to dark is that of all pictures together, or `limits`. Colour pictures hold
    values from 0 to 1. Raises ValueError if the shapes or the number of titles are others.
    """
    from matplotlib import pyplot as plt

    pictures = np.asarray(pictures)
    if pictures.ndim == 4 and pictures.shape[1] in (1, 3):
        colour = pictures.shape[1] == 3
        pictures = pictures.transpose(0, 2, 3, 1) if colour else pictures[:, 0]
    elif pictures.ndim != 3:
        raise ValueError(f"images expected (N, H, W) or (N, 1 or 3, H, W), got {pictures.shape}")
    if not len(pictures):
        raise ValueError("images expected at least one picture, got none")
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"images expected {len(pictures)} titles, got {len(titles)}")
    low, high = limits or (pictures.min(), pictures.max())
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height = rows * (0.7 if titles is None else 0.92) * 8 / columns
    fig, axes = plt.subplots(rows, columns, figsize=(5.6, height), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, (ax, picture) in enumerate(zip(axes.flat, pictures)):
        ax.imshow(picture, cmap=cmap, vmin=low, vmax=high)
        if titles is not None:
            ax.set_title(str(titles[i]), fontsize=9, fontweight="normal", loc="center", pad=3)
    return fig, axes


def heatmap(
    values: Any,
    *,
    rows: Sequence[Any] | None = None,
    columns: Sequence[Any] | None = None,
    numbers: str | None = None,
    diverging: bool = False,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Draw a matrix (R, C) as colours, with names for rows and columns.

    `numbers` is a format such as ".2f" that writes each value into its cell. With `diverging`, zero
    is white and the colours reach equally far to both sides.
    Raises ValueError if `values` is not a matrix, or the names do not fit it.
    """
    values = np.asarray(values)
    if values.ndim != 2:
        raise ValueError(f"heatmap expected a matrix, got shape {values.shape}")
    fig, ax = _axes(ax)
    reach = float(np.abs(values).max()) or 1.0
    scale = {"vmin": -reach, "vmax": reach, "cmap": DIVERGING} if diverging else {}
    texts = None if numbers is None else [[format(v, numbers) for v in row] for row in values]
    image = _cells(ax, values, texts, rows, columns, **scale)
    if numbers is None:
        fig.colorbar(image, ax=ax, shrink=0.9).outline.set_visible(False)
    return fig, ax


def confusion(matrix: Any, labels: Sequence[Any] | None = None) -> tuple[Figure, Axes]:
    """Draw a confusion matrix of counts (K, K): true classes down, predicted ones across.

    A cell's colour is its share of its row, so that a rare class shows as clearly as a common one.
    Raises ValueError if the matrix is not square, or the labels do not fit it.
    """
    from matplotlib import pyplot as plt

    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"confusion expected a square matrix, got shape {matrix.shape}")
    size = 1.5 + 0.34 * len(matrix)
    fig, ax = plt.subplots(figsize=(size, size))
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    names = range(len(matrix)) if labels is None else labels
    texts = [[f"{count}" if count else "" for count in row] for row in matrix]
    _cells(ax, share, texts, names, names, cmap="Blues", vmin=0, vmax=1)
    if any(len(str(name)) > 2 for name in names):
        ax.tick_params(axis="x", labelrotation=40)
    ax.set(xlabel="predicted", ylabel="true")
    return fig, ax


def boundary(
    predict: Callable[[np.ndarray], np.ndarray],
    x: Any,
    y: Any,
    *,
    steps: int = 160,
    ax: Axes | None = None,
) -> tuple[Figure, Axes]:
    """Colour the plane by the predicted class, and draw the points (N, 2) with their classes (N,).

    `predict` takes points (M, 2), float32, and returns their class indices (M,); it is asked on a
    grid of `steps` by `steps` points. Raises ValueError if the points are not (N, 2), or the
    prediction is not one class a point.
    """
    from matplotlib.colors import ListedColormap

    x, y = np.asarray(x), np.asarray(y)
    if x.ndim != 2 or x.shape[1] != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"boundary expected (N, 2) and classes (N,), got {x.shape}, {y.shape}")
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.08 * (high - low)
    across, up = (np.linspace(*ends, steps) for ends in zip(low - margin, high + margin))
    grid = np.stack(np.meshgrid(across, up), axis=-1)  # (steps, steps, 2)
    classes = np.asarray(predict(grid.reshape(-1, 2).astype(np.float32)))
    if classes.shape != (steps * steps,):
        raise ValueError(f"predict: expected {(steps * steps,)} class indices, got {classes.shape}")
    regions = classes.reshape(steps, steps)
    last = int(max(regions.max(), y.max()))
    fig, ax = _axes(ax)
    colours = ListedColormap([CYCLE[k % len(CYCLE)] for k in range(last + 1)])
    scale: dict[str, Any] = {"cmap": colours, "vmin": -0.5, "vmax": last + 0.5}
    ax.pcolormesh(across, up, regions, alpha=0.22, shading="nearest", rasterized=True, **scale)
    ax.scatter(x[:, 0], x[:, 1], c=y, s=14, edgecolors=PAPER, linewidths=0.5, **scale)
    ax.grid(False)
    ax.set_aspect("equal", adjustable="box")
    return fig, ax


def _cells(ax: Axes, values: np.ndarray, texts: Any, rows: Any, columns: Any, **scale: Any) -> Any:
    """Draw a matrix as colours, with names on its sides and a text in each cell."""
    for axis, names in enumerate((rows, columns)):
        if names is not None and len(names) != values.shape[axis]:
            raise ValueError(
                f"expected {values.shape[axis]} names for axis {axis}, got {len(names)}"
            )
    image = ax.imshow(values, **scale)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    side: Any
    for side, names in ((ax.yaxis, rows), (ax.xaxis, columns)):
        if names is None:
            side.get_major_locator().set_params(integer=True)
        else:
            side.set_ticks(range(len(names)), names)
    for (i, j), value in np.ndenumerate(values if texts else np.empty((0, 0))):
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        style: dict[str, Any] = {"color": "white" if dark else INK, "fontsize": 8}
        ax.text(j, i, texts[i][j], ha="center", va="center", **style)
    return image


def _axes(ax: Axes | None) -> tuple[Any, Axes]:
    if ax is not None:
        return ax.figure, ax
    from matplotlib import pyplot as plt

    return plt.subplots()
