"""A picture of a digit, of one's own, made into what MNIST's are: 28×28, light on dark, centred."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from nnbook.cli.digit import brightness, field, ink, pieces, ruling

#: Pixels that the shorter side of a picture must have.
SMALLEST = 12


class NotADigit(ValueError):
    """A file that is no image, or an image on which there is not one digit."""


def read_digit(path: str | Path) -> np.ndarray:
    """Read an image file of one digit, of any size, dark on light or light on dark.

    The digit is found under uneven light, between ruled lines, beside specks and inside a frame.
    Done to it is what was done to MNIST's: the digit is cut out, scaled without distortion to fit a
    box of 20×20 pixels, and put into a field of 28×28 with its centre of mass in the middle.
    Source: LeCun, Bottou, Bengio and Haffner (1998).

    Returns
    -------
    array (28, 28) of uint8, 0 background, 255 ink

    Raises
    ------
    FileNotFoundError, NotADigit
        If there is no file, or no digit in it, or more than one.
    """
    from PIL import Image

    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                grey = brightness.read(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotADigit(
            f"{path} has too many pixels: expected at most {Image.MAX_IMAGE_PIXELS:,}"
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise NotADigit(f"{path} is not an image that can be read: {error}") from error
    try:
        return from_page(grey)
    except pieces.Unclear as error:
        raise NotADigit(f"{path} {error}") from error


def from_page(grey: np.ndarray) -> np.ndarray:
    """Find the digit on a page of brightness (height, width), 0 to 1, as `read_digit` does.

    Raises
    ------
    Unclear
        If there is no digit on it, or more than one.
    """
    if min(grey.shape) < SMALLEST:
        raise pieces.Unclear(
            f"has no digit on it that can be read: expected at least {SMALLEST} pixels each way, "
            f"got {grey.shape[1]} × {grey.shape[0]}"
        )
    if not ink.dark_on_light(grey):
        grey = 1 - grey
    blur = ink.Blur(grey)
    page = ruling.unruled(ruling.unframed(ink.contrast(grey, blur)))
    page = ink.without_shades(page, pieces.wider_than_strokes(blur(page), blur.floor), blur)
    where, level = pieces.one_digit(blur(page), blur.floor)
    return field.centred(field.boxed(page / level, where))
