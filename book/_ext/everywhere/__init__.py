"""In how many other circumstances each claim held: what `make everywhere` recorded, for the pages.

`record` keeps it as data, `judge` weighs values against bounds, `digest` tells which chapters
changed since; `pages` shows it. `tools/everywhere` runs the chapters and writes it. What a chapter
depends on, `sources` tells with `imports` and `named`; `execution` asks it which to run again.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("everywhere.pages")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
