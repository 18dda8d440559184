"""A picture of a digit, of one's own, made into what MNIST's are: 28×28, light on dark, centred."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

#: Ink fainter than this share of the darkest is taken for paper, shadow or compression noise.
FAINT = 0.25

#: Pixels of a side that are looked at. A larger picture is read with gaps, to save memory.
SIDE = 2000


class NotADigit(ValueError):
    """A file that is no image, or an image with nothing on it."""


def read_digit(path: str | Path) -> np.ndarray:
    """Read an image file of one digit, of any size, dark on light or light on dark.

    Done to it is what was done to MNIST's: the digit is cut out, scaled without distortion to fit a
    box of 20×20 pixels, and put into a field of 28×28 with its centre of mass in the middle.
    Source: LeCun, Bottou, Bengio and Haffner (1998).

    Returns
    -------
    array (28, 28) of uint8, 0 background, 255 ink

    Raises
    ------
    FileNotFoundError, NotADigit
        If there is no file, or no digit in it.
    """
    from PIL import Image

    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                grey = _grey(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotADigit(
            f"{path} has too many pixels: expected at most {Image.MAX_IMAGE_PIXELS:,}"
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise NotADigit(f"{path} is not an image that can be read: {error}") from error
    ink = _ink(grey)
    if ink is None:
        raise NotADigit(f"{path} has no digit on it: all of it is nearly the same grey")
    return _centred(_boxed(ink))


def _grey(image: Image) -> np.ndarray:
    """Return brightness (height, width), float64, the range of the pixels from 0 to 1."""
    from PIL import ImageOps

    ImageOps.exif_transpose(image, in_place=True)  # photographs are often stored lying on the side
    every = -(-max(image.size) // SIDE)  # for a digit of 20 pixels, some of so many are enough
    if image.mode.startswith(("I", "F")):  # 16 bits or more
        pixels = np.asarray(image)[::every, ::every].astype(np.float64)
        if not np.isfinite(pixels).all():
            raise ValueError("some of its pixels are NaN or infinite")
        largest = np.abs(pixels).max()
        # A camera may fill 12 of 16 bits. The range is the smallest usual one that holds them.
        return pixels / next((r for r in (1, 255, 4095, 65535) if largest <= r), largest)
    clear = "A" in image.getbands() or "transparency" in image.info
    pixels = np.asarray(image.convert("RGBA" if clear else "RGB"))[::every, ::every] / 255
    if clear:  # what is transparent becomes paper, light below a dark drawing and dark below light
        colour, opacity = pixels[..., :3], pixels[..., 3:]
        drawn = colour[opacity[..., 0] > 0.5]
        light = drawn.size > 0 and drawn.mean() > 0.5
        pixels = opacity * colour + (1 - opacity) * (0 if light else 1)
    # Red ink on green can be as bright as its paper. The channel that varies most shows it best.
    return pixels[..., pixels.std(axis=(0, 1)).argmax()]


def _ink(grey: np.ndarray) -> np.ndarray | None:
    """Return how much each pixel differs from the background, 0 to 1, or None if nothing does."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    background = np.median(border)
    lighter, darker = grey.max() - background, background - grey.min()
    span = max(lighter, darker)
    if span < 0.1:
        return None
    ink = (grey - background if lighter > darker else background - grey) / span
    return np.where(ink < FAINT, 0, ink)


def _boxed(ink: np.ndarray) -> np.ndarray:
    """Cut the digit out and scale its longer side to 20 pixels."""
    from PIL import Image

    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = 20 / max(cut.shape)
    height, width = (max(1, round(side * factor)) for side in cut.shape)
    picture = Image.fromarray(cut.astype(np.float32))
    box = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR), np.float64)
    return box / box.max()


def _centred(box: np.ndarray) -> np.ndarray:
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
