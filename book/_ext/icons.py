"""Draw the icons of the theme: a few lines of SVG in the page instead of Font Awesome.

The theme loads all icons there are, twice, as a script and as fonts: more bytes than everything
else on a page. A page has a dozen, which are drawn here, on a square of 24 by 24, in lines of the
text's colour.
"""

import re
import shutil
from pathlib import Path

import passing
from sphinx.application import Sphinx

LINES = {
    "angle-left": "M15 5l-7 7 7 7",
    "angle-right": "M9 5l7 7-7 7",
    "arrow-up": "M12 20V5M6 11l6-6 6 6",
    "bars": "M3 5h18M3 12h18M3 19h18",
    "chevron-down": "M5 9l7 7 7-7",
    "circle-half-stroke": "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18",
    "code": "M8 7l-5 5 5 5M16 7l5 5-5 5",
    "download": "M12 3v13M6 11l6 6 6-6M3 21h18",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "file-pdf": "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6",
    "list": "M9 5h12M9 12h12M9 19h12M4 5h.01M4 12h.01M4 19h.01",
    "magnifying-glass": "M10 3a7 7 0 1 0 0 14 7 7 0 1 0 0-14M15.3 15.3 22 22",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 1 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2"
    "M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
}
FILLED = {"circle-half-stroke": "M12 3a9 9 0 0 1 0 18z"}
#: An icon in the markup of the theme, with its classes and, for the three colour modes, its mode.
ICON = re.compile(
    r'<(i|span) class="(?P<classes>[^"]*?\bfa-(?P<name>'
    + "|".join(sorted(LINES, key=len, reverse=True))
    + r')(?![\w-])[^"]*)"(?P<mode> data-mode="\w+")?[^>]*></\1>'
)
SCRIPT = re.compile(
    r"\s*<!-- So that users can add custom icons -->|\s*<script[^>]*/fontawesome\.js[^>]*></script>"
)
#: What the site need not carry.
NEEDLESS = ("scripts/fontawesome.js*", "vendor/fontawesome")


def draw(html: str) -> str:
    """Return a page with its icons drawn, which no longer asks for Font Awesome."""
    return ICON.sub(_svg, SCRIPT.sub("", html))


def _svg(icon: re.Match) -> str:
    classes = " ".join(
        ["nn-icon", *icon["classes"].split()]
    )  # the theme's layout knows its classes
    filled = (
        f'<path d="{FILLED[name]}" fill="currentColor"/>'
        if (name := icon["name"]) in FILLED
        else ""
    )
    return (
        f'<svg class="{classes}"{icon["mode"] or ""} viewBox="0 0 24 24" aria-hidden="true">'
        f'<path d="{LINES[name]}"/>{filled}</svg>'
    )


def connect(app: Sphinx) -> None:
    """Let every page pass through `draw` on its way to the file."""
    if app.builder.format == "html":
        passing.through(app, lambda html, page: draw(html))


def remove(app: Sphinx, error: Exception | None) -> None:
    """Take Font Awesome out of the site."""
    if error is None and app.builder.format == "html":
        for pattern in NEEDLESS:
            for path in Path(app.outdir, "_static").glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    app.connect("build-finished", remove)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
