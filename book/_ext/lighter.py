"""Lighter figures: every PNG of the site gets a palette of its own, and a third of its weight.

A figure has a few colours and the shades between them, which 256 entries hold to the eye. An image
that they do not hold, such as a photograph, stays as it is.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import seen
from sphinx.application import Sphinx

FEW = 40  # so many are done before other processes have started
CLOSE = 1.0  # mean difference to the original that is allowed, in levels of 255


def lighten(path: Path) -> bool:
    """Write a PNG again with 256 colours if they suffice. Return whether it was done."""
    import numpy as np  # only where there is something to do
    from PIL import Image

    with Image.open(path) as image:
        if image.mode not in ("RGB", "RGBA"):
            return False
        if image.mode == "RGBA" and image.getextrema()[3][0] < 255:
            return False  # what shines through would be lost
        full = image.convert("RGB")
    few = full.quantize(256, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    difference = np.subtract(few.convert("RGB"), full, dtype=np.int16)
    if np.abs(difference).mean() > CLOSE:
        return False
    few.save(path, optimize=True)
    return True


def lighten_all(app: Sphinx, exception: Exception | None) -> None:
    """Go over the images of the site, once it stands."""
    if exception is None and app.builder.format == "html":
        with seen.opened(app, "lighter") as known:
            waiting = [
                path
                for path in sorted(Path(app.outdir, app.builder.imagedir).glob("*.png"))
                if not known.of(path.read_bytes(), lambda _: False)
            ]
            if len(waiting) < FEW:
                for path in waiting:
                    lighten(path)
            else:
                with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
                    list(processes.map(lighten, waiting, chunksize=16))
            for path in waiting:  # they are as light as they get
                known.asked[seen.digest(path.read_bytes())] = True


def setup(app: Sphinx) -> dict:
    """Run at the end of the build."""
    app.connect("build-finished", lighten_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
