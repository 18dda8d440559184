"""What is ink on a page: how much darker it is than the paper around it, whatever the light."""

from __future__ import annotations

import math

import numpy as np

#: Paper that is darker than this share of the usual is not divided by, so that black stays black.
DEEP = 0.3
#: Whatever differs less from its paper, as a share of the light, is not ink.
FAINTEST = 0.1
#: What smoothing shall leave of a picture's noise, as a share of the range of its pixels.
QUIET = 0.015
#: Noise, as such a share, that is left as it is.
SMALL = 0.01


class Blur:
    """A Gaussian as wide as a picture's noise asks for. It does nothing to a picture without."""

    def __init__(self, grey: np.ndarray) -> None:
        sigma = noise(grey)
        # A Gaussian of width s, of a pixel or more, leaves sigma / (2 s √π) of independent noise.
        width = sigma / (2 * math.sqrt(math.pi) * QUIET)
        self.width = min(3.0, max(0.7, width)) if sigma > SMALL else 0.0
        left = sigma / (2 * math.sqrt(math.pi) * self.width) if self.width else 0.0
        #: Contrast from which on a pixel is not noise.
        self.floor = max(FAINTEST, 6 * left)

    def __call__(self, values: np.ndarray, times: float = 1.0) -> np.ndarray:
        """Smooth an array, with a width so many times that of the picture."""
        from scipy import ndimage

        return ndimage.gaussian_filter(values, times * self.width) if self.width else values


def noise(grey: np.ndarray) -> float:
    """Return the standard deviation of the noise in a picture. Source: Immerkær (1996).

    The kernel's answer is zero on any slope. Its median, unlike Immerkær's mean, is not raised by
    the edges of strokes.
    """
    from scipy import ndimage

    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]])
    return float(np.median(np.abs(ndimage.convolve(grey, kernel)))) / (0.6745 * 6)


def dark_on_light(grey: np.ndarray) -> bool:
    """Say whether the ink is darker than its paper: the rarer pixels are, and far from the others.

    The third moment about the median of the surroundings is negative if it is.
    """
    from scipy import ndimage

    every = max(1, min(grey.shape) // 40)
    small = ndimage.uniform_filter(grey, every)[::every, ::every]
    paper = ndimage.median_filter(small, size=[max(3, side // 2) for side in small.shape])
    return bool(((small - paper) ** 3).sum() <= 0)


def contrast(grey: np.ndarray, blur: Blur) -> np.ndarray:
    """Return which share of its light each pixel of a page has lost: 0 is paper, 1 is black ink.

    The light at a pixel is that of the paper around it. A closing, the largest brightness within a
    window and then the smallest of those, fills whatever is dark and narrower than its window,
    which strokes are, and keeps shadows.
    """
    from scipy import ndimage

    window = max(3, min(grey.shape) // 3)
    light = ndimage.grey_closing(blur(grey, 2), size=(window, window))
    return (light - grey) / np.maximum(light, DEEP * max(np.median(light), 1 / 255))


def without_shades(page: np.ndarray, window: int, blur: Blur) -> np.ndarray:
    """Take off a page's contrast what a square window fits into: what is left of shadows."""
    from scipy import ndimage

    return page - ndimage.grey_opening(blur(page, 2), size=(window, window))
