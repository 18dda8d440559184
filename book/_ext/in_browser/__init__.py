"""How long the chapters take in a reader's browser: what `python -m tools.in_browser` recorded.

`record` keeps it as data and says what is wrong with it; `pages` shows it, on the page of the last
build, and hands the seconds of a chapter to the button that runs it.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("in_browser.pages")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
