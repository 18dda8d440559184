"""Which of the dark pieces on a page are the digit, and whether there is one, and only one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Ink is darker than this share of the digit's darkest; a stroke's blurred edge, than that one.
INK, EDGE = 0.45, 0.2
#: Pixels that the longer side of a digit must have.
SMALLEST = 8
#: A piece smaller than this share of the digit is a speck.
SPECK = 0.2
#: Pieces nearer than this share of the digit's longer side belong to it.
NEAR = 0.2
#: A piece is a second digit if it has this share of the first one's height and lies this share of
#: its longer side away, beside it, above or below.
SECOND, AWAY = 0.5, 0.05
#: A digit is at most so many times as wide as high. Of MNIST's some reach 2.1.
WIDEST = 2.2
#: The squared slopes of a digit's edges, summed over its pixels, in units of its squared contrast:
#: this is the length of its edges over their width. Handwriting has above 10, a shadow below 1.
SHARP = 4.0
#: A stroke is thinner than this share of its digit's longer side, measured by a square inside it.
FATTEST = 0.45
#: A piece that lies along this share of the page's border is a frame or a table.
ALONG = 0.3
#: What touches the border is cut off; it is the digit only if all else is this much slighter.
SLIGHT = 0.05


class Unclear(ValueError):
    """There is not one digit on a page. The message says what is, without its subject."""


@dataclass(frozen=True)
class Piece:
    """Dark pixels that hang together: which they are, how steep their edges, how much at border."""

    number: int
    rows: slice
    columns: slice
    area: int
    edges: float
    along: float

    @property
    def height(self) -> int:
        """How many rows it takes up."""
        return self.rows.stop - self.rows.start

    @property
    def width(self) -> int:
        """How many columns it takes up."""
        return self.columns.stop - self.columns.start

    @property
    def side(self) -> int:
        """The longer of its two sides."""
        return max(self.height, self.width)

    @property
    def weight(self) -> float:
        """How much of the page's drawing it is: large and sharp, neither a speck nor a shadow."""
        return self.edges * self.side

    def away(self, other: Piece) -> int:
        """Return how many rows or columns lie between the boxes, below 0 if they overlap."""
        return max(
            max(one.start, two.start) - min(one.stop, two.stop)
            for one, two in ((self.rows, other.rows), (self.columns, other.columns))
        )


def wider_than_strokes(ink: np.ndarray, floor: float) -> int:
    """Return the side of a square, in pixels, that fits into no stroke on a page."""
    from scipy import ndimage

    labels, pieces = _pieces(ink, floor)
    level = _level(ink, labels, _main(pieces))
    thickness = ndimage.distance_transform_edt(ink > max(floor, INK * level))
    sharp = [piece for piece in pieces if piece.along < ALONG and piece.edges > SHARP * level**2]
    radii = ndimage.maximum(thickness, labels, [piece.number for piece in sharp])
    sides = [min(3 * radius, FATTEST * piece.side) for piece, radius in zip(sharp, radii)]
    return max(3, round(max(sides, default=0)))


def one_digit(ink: np.ndarray, floor: float) -> tuple[np.ndarray, float]:
    """Return where the digit on a page is, (height, width) of bool, and how dark it is.

    Parameters
    ----------
    ink : array (height, width)
        contrast, without noise as far as possible
    floor : float
        contrast from which on a pixel is not noise

    Raises
    ------
    Unclear
        If there is no digit, or more than one.
    """
    from scipy import ndimage

    labels, pieces = _pieces(ink, floor)
    level = _level(ink, labels, _main(pieces))
    labels, pieces = _pieces(ink, max(floor, INK * level))
    main = _main(pieces)
    if main.edges < SHARP * level**2:
        raise _none("what is dark on it has no sharp edges, as shadows have none")
    others = [
        p
        for p in pieces
        if p != main and p.side > SPECK * main.side and p.along < ALONG and p.edges > level**2
    ]
    _refuse_several(main, others)
    where = _joined(labels, main, others)
    blurred = ndimage.binary_dilation(where, iterations=2) & (ink > EDGE * level)
    return where | blurred, level


def _pieces(ink: np.ndarray, above: float) -> tuple[np.ndarray, list[Piece]]:
    """Return the number of each pixel's piece, and the pieces that are large enough."""
    from scipy import ndimage

    labels, count = ndimage.label(ink > above, np.ones((3, 3)))
    steep = np.sum(np.square(np.gradient(ink)), axis=0)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    edges = np.bincount(labels.ravel(), steep.ravel(), count + 1)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    along = np.bincount(border, minlength=count + 1) / border.size
    found = [
        Piece(n, box[0], box[1], int(areas[n]), float(edges[n]), float(along[n]))
        for n, box in enumerate(ndimage.find_objects(labels), start=1)
    ]
    return labels, [piece for piece in found if piece.side >= SMALLEST]


def _main(pieces: list[Piece]) -> Piece:
    """Return the piece that weighs most, one inside the page if there is one to speak of."""
    large = [piece for piece in pieces if piece.along < ALONG]
    if not large:
        raise _none("nothing on it stands out from its surroundings")
    most = max(piece.weight for piece in large)
    inside = [p for p in large if p.along == 0 and p.weight > SLIGHT * most]
    return max(inside or large, key=lambda piece: piece.weight)


def _level(ink: np.ndarray, labels: np.ndarray, piece: Piece) -> float:
    """Return how dark a piece is where it is darkest, a tenth of it left out."""
    return float(np.percentile(ink[labels == piece.number], 90))


def _refuse_several(main: Piece, others: list[Piece]) -> None:
    beside = [p for p in others if p.along == 0 and p.away(main) > AWAY * main.side]
    second = any(p.height > SECOND * main.height for p in beside)
    if second or main.width > WIDEST * main.height:
        raise Unclear(
            "has more than one digit on it, or something else as large: expected one digit alone; "
            "cut it out of the picture"
        )


def _none(why: str) -> Unclear:
    return Unclear(
        f"has no digit on it: {why}; expected one digit, at least {SMALLEST} pixels high, "
        "dark on light or light on dark"
    )


def _joined(labels: np.ndarray, main: Piece, others: list[Piece]) -> np.ndarray:
    """Return where the main piece is and those that are near to it, or near to those."""
    from scipy import ndimage

    where = np.isin(labels, [main.number, *(p.number for p in others)])
    near = ndimage.distance_transform_edt(~where) <= NEAR * main.side / 2
    groups, _ = ndimage.label(near, np.ones((3, 3)))
    return where & (groups == groups[labels == main.number][0])
