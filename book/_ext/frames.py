"""Keep the frames of an animation beside the page, not in it: they come when a reader plays it.

A notebook's output holds its pictures in itself, as text. On a page they would come before all that
stands below them, and a third larger than they are. Each becomes a file, named by what it shows.
"""

import base64
import hashlib
import re
from pathlib import Path

import passing
from sphinx.application import Sphinx

#: A picture in the text of a page; what is shorter costs less there than a request.
PICTURE = re.compile(r'"data:image/png;base64,([A-Za-z0-9+/=]{2000,})"')


def take_out(html: str, folder: Path, address: str) -> str:
    """Return a page whose pictures are files in a folder, which it finds at an address."""

    def file(found: re.Match) -> str:
        content = base64.b64decode(found[1])
        path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.png"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return f'"{address}{path.name}"'

    return PICTURE.sub(file, html)


def connect(app: Sphinx) -> None:
    """Let every page pass through `take_out` on its way to the file."""
    if app.builder.name != "html":
        return
    folder = Path(app.outdir, app.builder.imagedir)

    def lighter(html: str, page: str) -> str:
        return take_out(html, folder, f"{'../' * page.count('/')}{app.builder.imagedir}/")

    passing.through(app, lighter)


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", connect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
