"""Pages on which digits are drawn: dark ink on light paper, and what photographs add to it.

A page is brightness (height, width), 0 to 1. Each disturbance takes a page, the ink on it and a
generator, and returns another page.
"""

import numpy as np
import pytest

Image = pytest.importorskip("PIL.Image")


def blank(rng, *, sides=(200, 600)):
    """Draw the size of a page and the brightness of its paper."""
    return np.full(rng.integers(sides[0], sides[1] + 1, 2), rng.uniform(0.75, 0.98))


def write(page, digit, rng, *, share=(0.25, 0.9)):
    """Put a digit (28, 28) of MNIST somewhere on a page. Returns the page and where the ink is."""
    side = int(min(page.shape) * rng.uniform(*share))
    scaled = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    top, left = (rng.integers(0, length - side + 1) for length in page.shape)
    drawn = np.zeros_like(page)
    drawn[top : top + side, left : left + side] = np.asarray(scaled) / 255
    return page + (rng.uniform(0.05, 0.35) - page) * drawn, drawn


def framed(page, drawn, rng):
    """A black frame around the page, as scanners leave one."""
    width = max(2, round(min(page.shape) * rng.uniform(0.01, 0.06)))
    return np.pad(page, width, constant_values=rng.uniform(0, 0.1))


def specked(page, drawn, rng):
    """One to three dark specks beside the digit."""
    page = page.copy()
    for _ in range(rng.integers(1, 4)):
        side = rng.integers(4, 11)
        while True:
            top, left = (rng.integers(3, length - side) for length in page.shape)
            around = drawn[top - 3 : top + side + 3, left - 3 : left + side + 3]
            if around.max() < 0.05:
                break
        page[top : top + side, left : left + side] = rng.uniform(0, 0.3)
    return page


def shadowed(page, drawn, rng):
    """A soft shadow: a slope, the edge of something far away, or a hand above the paper."""
    y, x = (np.linspace(-1, 1, n) for n in page.shape)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * x + np.sin(angle) * y[:, None]
    kind = rng.integers(3)
    if kind == 0:
        dark = (along - along.min()) / np.ptp(along)
    elif kind == 1:
        dark = 1 / (1 + np.exp(-(along - rng.uniform(-0.3, 0.3)) / rng.uniform(0.05, 0.15)))
    else:
        top, left = rng.uniform(-0.7, 0.7, 2)
        distance = (x - left) ** 2 + (y[:, None] - top) ** 2
        dark = np.exp(-distance / (2 * rng.uniform(0.4, 0.6) ** 2))
    return page * (1 - rng.uniform(0.4, 0.6) * dark)


def ruled(page, drawn, rng):
    """Ruled paper, its lines from pale to as dark as ink."""
    gap, width = rng.integers(20, 51), rng.integers(1, 4)
    dark = page.max() * rng.uniform(0.3, 0.8)
    page = page.copy()
    for top in range(rng.integers(gap), len(page), gap):
        page[top : top + width] = np.minimum(page[top : top + width], dark)
    return page


def noisy(page, drawn, rng):
    """The noise of a camera in bad light."""
    return np.clip(page + rng.uniform(0.05, 0.15) * rng.standard_normal(page.shape), 0, 1)


#: What is done to a page, by name.
KINDS = {
    "plain": (),
    "frame": (framed,),
    "specks": (specked,),
    "shadow": (shadowed,),
    "lines": (ruled,),
    "noise": (noisy,),
    "lines in the shadow": (ruled, shadowed),
    "noise in a frame": (framed, noisy),
}


def drawn(digits, kind, *, count=100, seed=0, **options):
    """Draw some of the digits (N, 28, 28). Yields which it is and its page, as a file keeps it."""
    rng = np.random.default_rng(seed)
    for n in rng.permutation(len(digits))[:count]:
        page, ink = write(blank(rng, **options), digits[n], rng)
        for disturb in KINDS[kind]:
            page = disturb(page, ink, rng)
        yield n, np.round(255 * page) / 255


def save(page, path):
    """Save a page as an image of bytes."""
    Image.fromarray(np.round(255 * page).astype(np.uint8)).save(path)
    return path
