"""Say how large a picture is, so that a page does not jump; those far below come when needed.

The first picture of a page may be what a reader waits for: it comes at once. A picture that a phone
would make too small to read lies in a box that knows how wide it has to be, and scrolls sideways
there. (Its panels do not go below each other: hundreds of captions say what is left and right.)
"""

import re
import struct
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx

#: Pixels of a picture: a phone's screen holds less from LARGE on, and from WIDE on no writing (9 pt
#: at 125 dots an inch, so 16 pixels high) could be read if it did. LEAST keeps that at nine pixels.
LARGE, WIDE, LEAST = 600, 720, 0.58
PICTURE = re.compile(r'<img (?P<said>[^>]*?\bsrc="(?P<file>[./]*_images/[^"?]+\.png)"[^>]*?)\s*/?>')


@cache
def size(path: Path) -> tuple[int, int]:
    """Return the width and height of a PNG file."""
    with path.open("rb") as file:
        return struct.unpack(">II", file.read(24)[16:])


def measured(html: str, folder: Path) -> str:
    """Return a page, which stands in a folder, with the sizes of its pictures."""
    first = True

    def tag(picture: re.Match) -> str:
        nonlocal first
        path, at_once, first = (folder / picture["file"]).resolve(), first, False
        if re.search(r"\b(?:width|loading)=", picture["said"]) or not path.exists():
            return picture[0]
        width, height = size(path)
        later = "" if at_once else ' loading="lazy" decoding="async"'
        image = f'<img {picture["said"]} width="{width}" height="{height}"{later}/>'
        if width < LARGE or 'role="img"' in picture["said"]:  # an animation is drawn for any screen
            return image
        least = f"; --nn-least: {round(LEAST * width)}px" if width > WIDE else ""
        return f'<span class="nn-large" style="--nn-own: {width}px{least}">{image}</span>'

    return PICTURE.sub(tag, html)


def measure(app: Sphinx, error: Exception | None) -> None:
    """Go over all pages, when their pictures are there."""
    if error or app.builder.name != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        if not {"_static", "_modules"}.intersection(path.parts):
            page = path.read_text(encoding="utf-8")
            if (done := measured(page, path.parent)) != page:
                path.write_text(done, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Measure when the site stands, before its links are checked."""
    app.connect("build-finished", measure, priority=650)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
