"""No result is typed into prose, and no quoted number is lost or old.

`typed` looks for results among the words and for figures that say nothing, `shown` for quotes that
no page shows, `follow` writes a page again when a number that it quotes from another page changed,
and `signs` sets the quoted numbers like printed ones.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("prose.typed")
    app.setup_extension("prose.shown")
    app.setup_extension("prose.follow")
    app.setup_extension("prose.signs")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
