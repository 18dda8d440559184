"""Frames, and ruled or squared paper: their lines are taken off the page, the strokes are kept."""

from __future__ import annotations

import numpy as np

#: A frame is darker than its paper by this share of the light, over nearly all of the page's side.
FRAME, GAPS = 0.3, 0.05
#: A line is darker than its paper by this share of the light, and so much of it may be missing.
PALE, HIDDEN = 0.05, 0.25
#: A line is at most this share of the page's shorter side thick.
THICK = 0.03
#: Degrees by which paper may lie turned, and what they are found to.
TURNED, STEP = 5.0, 0.1
#: A page is turned only if that makes its lines so many times as steep.
STEEPER = 1.2
#: Columns of the page that are enough to see by how much.
COLUMNS = 64


def unframed(ink: np.ndarray) -> np.ndarray:
    """Cut off the rows and columns of a frame, and the one beside it, which is often half dark."""
    for _ in range(4):
        dark = np.quantile(ink, GAPS, axis=1) > FRAME
        if dark[0] and not dark.all():
            ink = ink[int(np.argmin(dark)) + 1 :]
        ink = np.rot90(ink)
    return ink


def unruled(ink: np.ndarray) -> np.ndarray:
    """Take off a page's contrast (height, width) the lines that run all across it, either way.

    If they lie askew, the page is turned, and what is on it with them.
    """
    return _level(_level(ink).T).T


def _level(ink: np.ndarray) -> np.ndarray:
    """Take off the lines that run from left to right."""
    from scipy import ndimage

    angle = _turn(ink)
    for turn in dict.fromkeys((angle, 0.0)):
        level = ndimage.rotate(ink, -turn, reshape=False, order=1) if turn else ink
        bands = _bands(level)
        if bands:
            return _erased(level, bands, margin=2 if turn else 1)
    return ink


def _turn(ink: np.ndarray) -> float:
    """Return by how many degrees the page must be turned for its lines to lie level.

    Summed along its lines a page changes most from row to row.
    """
    every = -(-ink.shape[1] // COLUMNS)
    some = np.clip(ink[:, ::every], 0, 1)
    y, x = np.mgrid[: some.shape[0], : some.shape[1]]
    x = (x - x.mean()) * every

    def steepness(angle: float) -> float:
        rows = np.rint(y + x * np.tan(np.radians(angle))).astype(int).clip(0, len(ink) - 1)
        sums = np.bincount(rows.ravel(), some.ravel(), len(ink))
        counts = np.bincount(rows.ravel(), minlength=len(ink))
        return float((np.diff(sums / np.maximum(counts, 1)) ** 2).sum())

    coarse = max(np.arange(-TURNED, TURNED + STEP, 5 * STEP), key=steepness)
    fine = max(coarse + STEP * np.arange(-5, 6), key=steepness)
    return float(fine) if steepness(fine) > STEEPER * steepness(0.0) else 0.0


def _bands(ink: np.ndarray) -> list[tuple[int, int]]:
    """Return the first row of each line and the one after its last."""
    from scipy import ndimage

    thickest = max(3, round(THICK * min(ink.shape)))
    along = ndimage.uniform_filter1d(ink, max(3, ink.shape[1] // 30), axis=1)
    dark = np.quantile(along, HIDDEN, axis=1)
    dark -= ndimage.median_filter(dark, 4 * thickest + 1)
    spread = np.median(np.abs(dark)) / 0.6745  # of the noise
    edges = np.flatnonzero(np.diff(np.r_[False, dark > max(PALE, 6 * spread), False]))
    return [(a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a <= thickest]


def _erased(ink: np.ndarray, bands: list[tuple[int, int]], *, margin: int) -> np.ndarray:
    """Fill each line with what lies between the row above it and the row below it."""
    ink, paper = ink.copy(), np.zeros(ink.shape[1])
    for a, b in bands:
        a, b = max(a - margin, 0), min(b + margin, len(ink))
        above = ink[a - 1] if a > 0 else paper
        below = ink[b] if b < len(ink) else paper
        t = (np.arange(1, b - a + 1) / (b - a + 1))[:, None]
        ink[a:b] = np.minimum(ink[a:b], (1 - t) * above + t * below)
    return ink
