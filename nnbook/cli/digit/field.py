"""From a digit on a page to MNIST's field of 28×28 pixels."""

from __future__ import annotations

import numpy as np


def boxed(ink: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Cut the digit out and scale its longer side to 20 pixels. Ink outside `where` is left out."""
    from PIL import Image

    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cut = np.where(where, ink, 0)[box]
    factor = 20 / max(cut.shape)
    height, width = (max(1, round(side * factor)) for side in cut.shape)
    picture = Image.fromarray(cut.astype(np.float32))
    scaled = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR), np.float64)
    return np.clip(scaled, 0, 1)


def centred(box: np.ndarray) -> np.ndarray:
    """Put the digit, at most 20×20, into 28×28 with its centre of mass at (14, 14).

    Counted from 0, that is half a pixel off the middle: where the digits of MNIST have theirs.
    """
    field = np.zeros((28, 28))
    corner = []
    for axis, side in enumerate(box.shape):
        weights = box.sum(axis=1 - axis)
        centre = np.average(np.arange(side), weights=weights)
        corner.append(int(np.clip(round(14 - centre), 0, 28 - side)))
    top, left = corner
    field[top : top + box.shape[0], left : left + box.shape[1]] = box
    return np.round(255 * field).astype(np.uint8)
