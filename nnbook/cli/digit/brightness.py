"""How bright each pixel of an image file is, whatever its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels of a side that are enough for a digit. A larger picture is made smaller first.
SIDE = 1000


def read(image: Image) -> np.ndarray:
    """Return brightness (height, width), float64, the range of the pixels from 0 to 1."""
    from PIL import ImageOps

    ImageOps.exif_transpose(image, in_place=True)  # photographs are often stored lying on the side
    every = -(-max(image.size) // SIDE)
    if image.mode.startswith(("I", "F")):  # 16 bits or more
        pixels = np.asarray(image)[::every, ::every].astype(np.float64)
        if not np.isfinite(pixels).all():
            raise ValueError("some of its pixels are NaN or infinite")
        largest = np.abs(pixels).max()
        # A camera may fill 12 of 16 bits. The range is the smallest usual one that holds them.
        return pixels / next((r for r in (1, 255, 4095, 65535) if largest <= r), largest)
    clear = "A" in image.getbands() or "transparency" in image.info
    pixels = np.asarray(image.convert("RGBA" if clear else "RGB").reduce(every)) / 255
    if clear:  # what is transparent becomes paper, light below a dark drawing and dark below light
        colour, opacity = pixels[..., :3], pixels[..., 3:]
        drawn = colour[opacity[..., 0] > 0.5]
        light = drawn.size > 0 and drawn.mean() > 0.5
        pixels = opacity * colour + (1 - opacity) * (0 if light else 1)
    # Red ink on green can be as bright as its paper. The channel that varies most shows it best.
    return pixels[..., pixels.std(axis=(0, 1)).argmax()]
